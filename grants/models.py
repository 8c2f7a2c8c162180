"""The app's models, by subject in the folders beside this file."""

from grants.applications.models import Application, ApplicationStep, CompletionRequest
from grants.rounds.models import Round, RoundAmount, RoundGround, Support

__all__ = [
    "Application",
    "ApplicationStep",
    "CompletionRequest",
    "Round",
    "RoundAmount",
    "RoundGround",
    "Support",
]
