"""`approve_run YYYY-MM --checker USER --approver USER`: two people approve, from a shell (P-01)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, month_argument, refused
from config.lib.money import finnish
from config.lib.months import Month
from payments.checks.words import sentence
from payments.models import Run
from payments.runs.errors import RunRefused
from payments.runs.selectors import run_totals
from payments.runs.services import run_check_and_approve
from registry.access.rights import Access
from registry.access.services import role_grant
from registry.models import Role, User


class Command(SummaryCommand):
    help = "Check and approve the draft run of a month as two people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_argument, help="YYYY-MM")
        parser.add_argument("--checker", required=True, metavar="USER")
        parser.add_argument("--approver", required=True, metavar="USER")
        parser.add_argument(
            "--accept-anomalies",
            default="",
            metavar="REASON",
            help="why the checker accepts what is beyond its limit; without it, that it was done here",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = run_check_and_approve(
                _run(options["month"]).pk,
                checker=_user(options["checker"], Role.REVIEWER),
                approver=_user(options["approver"], Role.APPROVER),
                at=timezone.now(),
                accepting=_reason(options["accept_anomalies"], options["checker"]),
            )
        except RunRefused as reason:
            raise refused(reason) from reason
        for anomaly in run.anomalies.select_related("payee", "accepted_by"):
            self.stdout.write(
                _("Accepted by {user}: {anomaly} Reason: {reason}").format(
                    user=anomaly.accepted_by, anomaly=sentence(anomaly), reason=anomaly.reason
                )
            )
        totals = run_totals(run)
        self.summary(
            _("Run of {month} approved: {amount} to {payees} payees.").format(
                month=run,
                amount=finnish(totals.payable_cents),
                payees=totals.payees,
            )
        )


def _reason(given: str, checker: str) -> str:
    """Why anomalies are accepted from here."""
    return given.strip() or _("accepted from the command line by {user}").format(user=checker)


def _run(month: Month) -> Run:
    run = Run.objects.filter(month=month.first_day).first()
    if run is None:
        raise RunRefused(_("{month} has no run. Compute it with run_month.").format(month=month))
    return run


def _user(username: str, role: Role) -> User:
    """The active user of that name with that role; the demo gives it to users without any."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise RunRefused(_("There is no active user called '{name}'.").format(name=username))
    if settings.DEMO and user.access == Access():
        role_grant(user, role, today=timezone.localdate())
    elif not user.access.has(role):
        raise RunRefused(
            _("'{name}' is not {role}; a coordinator gives roles.").format(
                name=username, role=role.label
            )
        )
    return user
