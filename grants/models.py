"""The app's models, by subject in the folders beside this file."""

from grants.applications.models import Application, ApplicationStep, CompletionRequest, Receipt
from grants.costs.models import CostAttachment, CostClaim, CostStep
from grants.decisions.models import (
    ProposedRow,
    RectificationClaim,
    SupportPayment,
    SupportProposal,
)
from grants.hearings.models import Hearing, HearingRow
from grants.lists.models import ListFile, ListRow, PersonList, RowCorrection, RowFinding
from grants.notices.models import Notice, NoticeCode
from grants.review.models import CheckResult, Note, Phrase, Review, RowMark
from grants.rounds.models import (
    BudgetFrame,
    Round,
    RoundAmount,
    RoundGround,
    RoundStatus,
    Support,
)
from grants.trials.models import CheckTrial, TrialCase
from grants.worklist.models import SavedFilter

__all__ = [
    "Application",
    "ApplicationStep",
    "BudgetFrame",
    "CheckResult",
    "CheckTrial",
    "CompletionRequest",
    "CostAttachment",
    "CostClaim",
    "CostStep",
    "Hearing",
    "HearingRow",
    "ListFile",
    "ListRow",
    "Note",
    "Notice",
    "NoticeCode",
    "PersonList",
    "Phrase",
    "ProposedRow",
    "Receipt",
    "RectificationClaim",
    "Review",
    "Round",
    "RoundAmount",
    "RoundGround",
    "RoundStatus",
    "RowCorrection",
    "RowFinding",
    "RowMark",
    "SavedFilter",
    "Support",
    "SupportPayment",
    "SupportProposal",
    "TrialCase",
]
