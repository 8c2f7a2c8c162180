"""How high a salary grant may go: what was applied for, what has been granted (G, P-06). In cents."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from config.lib.money import finnish
from grants.applications.models import Application
from grants.decisions.models import SupportProposal
from grants.review.errors import ReviewRefused


def granted_cents(application: Application) -> int:
    """What the decisions on an application grant in all; one query."""
    decided = SupportProposal.objects.decided().filter(application=application)
    return int(decided.aggregate(cents=Sum("difference_cents", default=0))["cents"])


def applied_cents(application: Application) -> int:
    """The ceiling that was applied for."""
    return int((application.ceiling_eur or 0) * 100)


def raised_ceiling(application: Application, before: int, cents: int | None) -> int:
    """The ceiling up to which a claim is upheld. Raises ReviewRefused unless it is higher."""
    if cents is None or cents <= before:
        raise ReviewRefused(
            _("Give a ceiling above {before}, which has been granted already.").format(
                before=finnish(before)
            )
        )
    refuse_above_applied(application, cents)
    return cents


def refuse_above_applied(application: Application, cents: int) -> None:
    """Raise ReviewRefused for more than was applied for."""
    applied = applied_cents(application)
    if cents > applied:
        raise ReviewRefused(
            _("At most {applied} has been applied for.").format(applied=finnish(applied))
        )
