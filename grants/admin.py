"""The app's admin pages, by subject in the folders beside this file."""

from grants.notices import admin as notices
from grants.review import admin as review
from grants.rounds import admin as rounds

__all__ = ["notices", "review", "rounds"]
