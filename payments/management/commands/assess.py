"""`assess YYYY-MM [--lines FILE] [--unpaid FILE]`: the law on today's register, nothing stored."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, month_argument
from config.lib.money import finnish
from payments.entitlement.assess import month_assess


class Command(SummaryCommand):
    help = "What should be paid for a benefit month on today's register; nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_argument, help="YYYY-MM")
        parser.add_argument("--lines", type=Path, metavar="FILE", help="expected lines as CSV")
        parser.add_argument("--unpaid", type=Path, metavar="FILE", help="reasons as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        found = month_assess(options["month"], lines=options["lines"], unpaid=options["unpaid"])
        self.summary(
            _(
                "{month}: {paid} of {assessed} persons would be paid, {amount} in {lines} lines."
            ).format(
                month=options["month"],
                paid=found.paid,
                assessed=found.assessed,
                lines=found.lines,
                amount=finnish(found.amount_cents),
            )
        )
