"""The app's models, by subject in the folders beside this file."""

from grants.applications.models import Application, ApplicationStep, CompletionRequest, Receipt
from grants.lists.models import ListFile, ListRow, PersonList, RowCorrection, RowFinding
from grants.rounds.models import (
    BudgetFrame,
    Round,
    RoundAmount,
    RoundGround,
    RoundStatus,
    Support,
)

__all__ = [
    "Application",
    "ApplicationStep",
    "BudgetFrame",
    "CompletionRequest",
    "ListFile",
    "ListRow",
    "PersonList",
    "Receipt",
    "Round",
    "RoundAmount",
    "RoundGround",
    "RoundStatus",
    "RowCorrection",
    "RowFinding",
    "Support",
]
