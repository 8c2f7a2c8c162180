"""`export_proposals YYYY-MM [--output FILE]`: the payees' proposals as CSV."""

from payments.management.export import ExportCommand
from payments.runs.exports import PROPOSALS


class Command(ExportCommand):
    help = "Write the payees' proposals as CSV."
    query = PROPOSALS
