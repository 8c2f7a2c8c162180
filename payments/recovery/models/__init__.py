"""Recovery cases and their ledger: what payees are to give back, and what became of it (§ 71)."""

from payments.recovery.models.cases import CaseStatus, RecoveryCase, Regime
from payments.recovery.models.entries import EntryKind, RecoveryEntry, to_pay
from payments.recovery.models.hearings import RecoveryHearing
from payments.recovery.models.steps import RecoveryStep, StepKind, StepStatus

__all__ = [
    "CaseStatus",
    "EntryKind",
    "RecoveryCase",
    "RecoveryEntry",
    "RecoveryHearing",
    "RecoveryStep",
    "Regime",
    "StepKind",
    "StepStatus",
    "to_pay",
]
