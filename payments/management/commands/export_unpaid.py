"""`export_unpaid YYYY-MM [--output FILE]`: why persons are not paid for the run's month as CSV."""

from payments.management.export import ExportCommand
from payments.runs.exports import UNPAID


class Command(ExportCommand):
    help = "Write why persons are not paid for the run's month as CSV."
    query = UNPAID
