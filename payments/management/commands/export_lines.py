"""`export_lines YYYY-MM [--output FILE]`: the run's lines as CSV."""

from payments.management.export import ExportCommand
from payments.runs.exports import LINES


class Command(ExportCommand):
    help = "Write the run's lines as CSV."
    query = LINES
