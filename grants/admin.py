"""The app's admin pages, by subject in the folders beside this file."""

from grants.rounds import admin as rounds

__all__ = ["rounds"]
