"""The app's admin pages, by subject in the folders beside this file."""

from payments.claims import admin as claims
from payments.rates import admin as rates
from payments.runs import admin as runs

__all__ = ["claims", "rates", "runs"]
