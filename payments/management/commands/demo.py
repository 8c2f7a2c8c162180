"""`demo`: a synthetic Finland, a year of approved runs, this month as a draft (`make run`)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from config.celery import where_tasks_run
from config.lib.command import SummaryCommand, refused
from config.lib.money import finnish
from config.lib.months import Month
from config.lib.progress import bars
from grants.demo import supports_play
from payments.bank.errors import BankRefused
from payments.demo.money import Treasury
from payments.demo.people import PASSWORD, people_make, sign_in_names
from payments.demo.year import Cast, year_play
from payments.models import Proposal, Run
from payments.runs.errors import RunRefused
from payments.runs.selectors import run_totals
from registry.deliveries.refusals import DeliveryRefused


class Command(SummaryCommand):
    help = "Make a demo: a synthetic country, twelve approved months, this month as a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--persons", type=int, default=6000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise refused(RunRefused(_("The demo runs only with DEMO=true, on artificial data.")))
        self.stderr.write(where_tasks_run(), str)
        call_command("migrate", verbosity=0)
        call_command("load_reference", stdout=self.stderr)
        people = people_make(today=timezone.localdate())
        cast = Cast(
            reviewer=people["kalle"],
            approver=people["hilkka"],
            treasury=Treasury(
                proposer=people["tuula"],
                opener=people["taavi"],
                reviewer=people["kalle"],
                checker=people["katri"],
                approver=people["hilkka"],
            ),
        )
        try:
            with bars() as progress:
                run = year_play(
                    Month.of(timezone.localdate()),
                    cast=cast,
                    persons=options["persons"],
                    progress=progress,
                )
            supports_play(people, at=timezone.now(), today=timezone.localdate())
        except (RunRefused, BankRefused, DeliveryRefused, OSError) as reason:
            raise refused(reason) from reason
        self._table(run)

    def _table(self, run: Run) -> None:
        """Show the month by payee, and who can sign in."""
        self.stdout.write(
            _("Run of {month}, {status}").format(month=run, status=run.get_status_display())
        )
        for line in _proposals(run):
            self.stdout.write(line)
        for name, what in sign_in_names():
            self.stdout.write(f"  {name:8} {PASSWORD}   {what}")
        totals = run_totals(run)
        self.summary(
            _("{paid} of {assessed} persons paid, {payable} to {payees} payees.").format(
                paid=totals.paid,
                assessed=totals.assessed,
                payable=finnish(totals.payable_cents),
                payees=totals.payees,
            )
        )


def _proposals(run: Run) -> list[str]:
    head = (_("payee"), _("persons"), _("this month"), _("corrections"), _("to pay"))
    rows = [
        (
            f"{proposal.payee.code:>3} {proposal.payee.name}",
            str(proposal.persons),
            finnish(proposal.regular_cents),
            finnish(proposal.correction_cents),
            finnish(proposal.payable_cents),
        )
        for proposal in Proposal.objects.filter(run=run).select_related("payee")
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in [head, *rows]
    ]
