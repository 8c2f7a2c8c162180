"""The export commands' common part."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, month_argument, refused
from payments.runs.errors import RunRefused
from payments.runs.exports import run_export


class ExportCommand(SummaryCommand):
    """Writes one query of a run to a file, or to standard output."""

    query: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_argument, help="YYYY-MM")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = run_export(options["month"], self.query, options["output"])
        except RunRefused as reason:
            raise refused(reason) from reason
        self.summary(_("{rows} rows.").format(rows=rows), to_stderr=options["output"] is None)
