"""`run_month YYYY-MM [--json]`: compute the automatic run of the month as a draft (C-29)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, month_argument, refused
from config.lib.money import euros, finnish
from config.lib.progress import bars
from payments.models import Run
from payments.runs.errors import RunRefused
from payments.runs.selectors import RunTotals, run_totals
from payments.runs.services import run_compute


class Command(SummaryCommand):
    help = "Compute the automatic run of a month as a draft; before approval it replaces the draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_argument, help="YYYY-MM")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        month = options["month"]
        try:
            with bars() as progress:
                run = run_compute(month, at=timezone.now(), progress=progress)
        except RunRefused as reason:
            raise refused(reason) from reason
        totals = run_totals(run)
        self.summary(json.dumps(_as_json(run, totals)) if options["json"] else _line(run, totals))


def _as_json(run: Run, totals: RunTotals) -> dict[str, object]:
    return {
        "month": str(run),
        "status": run.status,
        "persons_assessed": totals.assessed,
        "persons_paid": totals.paid,
        "lines": totals.lines,
        "regular_eur": str(euros(totals.regular_cents)),
        "corrections_eur": str(euros(totals.correction_cents)),
        "payees": totals.payees,
        "claimable_entries": totals.claimable,
        "input_hash": run.input_hash,
        "lines_hash": run.lines_hash,
    }


def _line(run: Run, totals: RunTotals) -> str:
    return _(
        "Run of {month}, {status}: {assessed} persons assessed, {paid} paid, {payees} payees; "
        "regular {regular}, corrections {corrections}; {claimable} claimable entries."
    ).format(
        month=run,
        status=run.get_status_display(),
        assessed=totals.assessed,
        paid=totals.paid,
        payees=totals.payees,
        regular=finnish(totals.regular_cents),
        corrections=finnish(totals.correction_cents),
        claimable=totals.claimable,
    )
