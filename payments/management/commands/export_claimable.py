"""`export_claimable YYYY-MM [--output FILE]`: the claimable entries as they stood after the run as CSV."""

from payments.management.export import ExportCommand
from payments.runs.exports import CLAIMABLE


class Command(ExportCommand):
    help = "Write the claimable entries as they stood after the run as CSV."
    query = CLAIMABLE
