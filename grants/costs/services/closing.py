"""Closing a salary grant: what is left of its ceiling goes back to the frame (P-06)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.costs.states import OPEN
from grants.decisions.models import RectificationClaim
from grants.notices.outbox import notice_put
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from registry.access.models import User
from registry.audit.models import Verb


def grant_close(application_id: int, *, by: User, at: datetime) -> Application:
    """Close a grant of which nothing more is claimed, and release what is left of it.

    Raises ReviewRefused while a claim waits or is not paid yet, or the decision is contested.
    """
    with case_attempt(Verb.CHANGED, by, application_id, deed=Deed.CLOSED) as (application, _event):
        if application.round.has_list:
            raise ReviewRefused(_("This support was paid in one sum: there is nothing to release."))
        if application.costs.filter(status__in=OPEN).exists():
            raise ReviewRefused(_("A claim of costs waits to be decided or paid."))
        contested = RectificationClaim.objects.open().filter(contested__application=application)
        if contested.exists():
            raise ReviewRefused(_("A rectification claim waits to be decided."))
        step_take(application, Deed.CLOSED, by=by, at=at)
        notice_put(application, at=at)
        return application
