"""`export_claimable YYYY-MM [--output FILE]`: the claimable entries as they stood after the run as CSV."""

from payments.runs.exports import CLAIMABLE
from payments.management.export import ExportCommand


class Command(ExportCommand):
    help = "Write the claimable entries as they stood after the run as CSV."
    query = CLAIMABLE
