"""Recovery cases and their ledger: what payees are to give back, and what became of it (§ 71)."""

from payments.recovery.models.cases import CaseStatus, RecoveryCase, Regime
from payments.recovery.models.entries import EntryKind, RecoveryEntry, to_pay

__all__ = ["CaseStatus", "EntryKind", "RecoveryCase", "RecoveryEntry", "Regime", "to_pay"]
