"""The app's admin pages, by subject in the folders beside this file."""

from payments.bank import admin as bank
from payments.calendar import admin as calendar
from payments.checks import admin as checks
from payments.rates import admin as rates
from payments.runs import admin as runs

__all__ = ["bank", "calendar", "checks", "rates", "runs"]
