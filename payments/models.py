"""The app's models, by subject in the folders beside this file."""

from payments.bank.models import (
    Answer,
    AnswerEntry,
    AnswerKind,
    BankDetails,
    Batch,
    BatchStatus,
    DetailsStatus,
    PaymentOrder,
    Transfer,
    TransferStatus,
)
from payments.calendar.models import RunCalendar
from payments.cases.completion.models import ManualCompletion
from payments.cases.drafts.models import DraftPerson, ManualDraft
from payments.cases.evidence.models import CaseEvidence
from payments.cases.models import (
    ManualCase,
    ManualDecision,
    ManualMonth,
    ManualProposal,
    ManualResidence,
)
from payments.cases.rectifying.models import ManualRectification
from payments.changes.models import Change, RunChange, RunGroup
from payments.checks.models import Check, CheckLimit, RunAnomaly
from payments.claims.models import Claim, ClaimableEntry, ClaimApplication
from payments.decisions.models import RunDecision
from payments.former.models import FormerImport, FormerPayment
from payments.ledger.causes import Cause
from payments.ledger.models import (
    Assessment,
    Line,
    LineKind,
    Outcome,
    PayeeCorrection,
    PayeeSum,
    Proposal,
    RunCorrection,
    RunOutcome,
    RunRate,
)
from payments.rates.models import Citation, Component, Duration, Group, Rate, ReferenceRate, Route
from payments.recovery.models import (
    RecoveryCase,
    RecoveryEntry,
    RecoveryHearing,
    RecoveryStep,
)
from payments.retention.models import LegalHold
from payments.runs.models import Run, RunChunk, RunHistory, RunLink, RunStatus, RunStep

__all__ = [
    "Answer",
    "AnswerEntry",
    "AnswerKind",
    "Assessment",
    "BankDetails",
    "Batch",
    "BatchStatus",
    "CaseEvidence",
    "Cause",
    "Change",
    "Check",
    "CheckLimit",
    "Citation",
    "Claim",
    "ClaimApplication",
    "ClaimableEntry",
    "Component",
    "DetailsStatus",
    "DraftPerson",
    "Duration",
    "FormerImport",
    "FormerPayment",
    "Group",
    "LegalHold",
    "Line",
    "LineKind",
    "ManualCase",
    "ManualCompletion",
    "ManualDecision",
    "ManualDraft",
    "ManualMonth",
    "ManualProposal",
    "ManualRectification",
    "ManualResidence",
    "Outcome",
    "PayeeCorrection",
    "PayeeSum",
    "PaymentOrder",
    "Proposal",
    "Rate",
    "RecoveryCase",
    "RecoveryEntry",
    "RecoveryHearing",
    "RecoveryStep",
    "ReferenceRate",
    "Route",
    "Run",
    "RunAnomaly",
    "RunCalendar",
    "RunChange",
    "RunChunk",
    "RunCorrection",
    "RunDecision",
    "RunGroup",
    "RunHistory",
    "RunLink",
    "RunOutcome",
    "RunRate",
    "RunStatus",
    "RunStep",
    "Transfer",
    "TransferStatus",
]
