"""The app's models, by subject in the folders beside this file."""

from grants.applications.models import Application, ApplicationStep, CompletionRequest
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
    "Round",
    "RoundAmount",
    "RoundGround",
    "RoundStatus",
    "Support",
]
