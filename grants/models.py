"""The app's models, by subject in the folders beside this file."""

from grants.rounds.models import Round, RoundAmount, RoundGround

__all__ = ["Round", "RoundAmount", "RoundGround"]
