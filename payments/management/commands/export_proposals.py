"""`export_proposals YYYY-MM [--output FILE]`: the payees' proposals as CSV."""

from payments.runs.exports import PROPOSALS
from payments.management.export import ExportCommand


class Command(ExportCommand):
    help = "Write the payees' proposals as CSV."
    query = PROPOSALS
