"""The life of an application: what may be done in which state, and where it leads (G)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_CHECK = "in_check", _("in check")
    COMPLETION_REQUESTED = "completion_requested", _("completion requested")
    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    SERVED = "served", _("served")
    PAID = "paid", pgettext_lazy("money", "paid")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REPLACED = "replaced", _("replaced by a newer one")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")


S = ApplicationStatus

# What the applicant may change; what the authority has before it; what counts no more.
EDITABLE = (S.DRAFT, S.COMPLETION_REQUESTED)
OPEN = (S.SUBMITTED, S.IN_CHECK, S.COMPLETION_REQUESTED, S.PROPOSED)
VOID = (S.WITHDRAWN, S.REPLACED)
# A later application of the round may take the place of one in these, until the window closes.
REPLACEABLE = (S.SUBMITTED, S.IN_CHECK, S.COMPLETION_REQUESTED)


class Deed(models.TextChoices):
    """What was done with an application."""

    CREATED = "created", _("begun")
    SENT = "sent", _("sent")
    TAKEN = "taken", _("taken to be checked")
    ASKED = "asked", _("completion requested")
    EXTENDED = "extended", _("time to answer extended")
    ANSWERED = "answered", _("completion answered")
    RESUMED = "resumed", _("check resumed without an answer")
    HEARING = "hearing", _("hearing begun")
    HEARD = "heard", _("hearing answered")
    PROPOSED = "proposed", _("decision proposed")
    RETURNED = "returned", _("returned to be checked")
    DECIDED = "decided", _("decided")
    SERVED = "served", _("decision served")
    PAID = "paid", pgettext_lazy("money", "paid")
    HELD = "held", _("payment held")
    CONTESTED = "contested", _("rectification claimed")
    CORRECTED = "corrected", _("decision corrected")
    RECOVERED = "recovered", _("recovery begun")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REPLACED = "replaced", _("replaced by a newer one")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")


AFTER_DECISION = (S.DECIDED, S.SERVED, S.PAID)

# The same table stands in the trigger `grants_guard_application_step`; a test holds them together.
STEPS: Mapping[tuple[Deed, ApplicationStatus], ApplicationStatus] = {
    (Deed.CREATED, S.DRAFT): S.DRAFT,
    (Deed.SENT, S.DRAFT): S.SUBMITTED,
    (Deed.TAKEN, S.SUBMITTED): S.IN_CHECK,
    (Deed.TAKEN, S.IN_CHECK): S.IN_CHECK,
    (Deed.ASKED, S.IN_CHECK): S.COMPLETION_REQUESTED,
    (Deed.EXTENDED, S.COMPLETION_REQUESTED): S.COMPLETION_REQUESTED,
    (Deed.ANSWERED, S.COMPLETION_REQUESTED): S.IN_CHECK,
    (Deed.RESUMED, S.COMPLETION_REQUESTED): S.IN_CHECK,
    (Deed.HEARING, S.IN_CHECK): S.IN_CHECK,
    (Deed.EXTENDED, S.IN_CHECK): S.IN_CHECK,
    (Deed.HEARD, S.IN_CHECK): S.IN_CHECK,
    (Deed.HEARD, S.COMPLETION_REQUESTED): S.COMPLETION_REQUESTED,
    (Deed.PROPOSED, S.IN_CHECK): S.PROPOSED,
    (Deed.RETURNED, S.PROPOSED): S.IN_CHECK,
    (Deed.DECIDED, S.PROPOSED): S.DECIDED,
    (Deed.SERVED, S.DECIDED): S.SERVED,
    (Deed.PAID, S.DECIDED): S.PAID,
    (Deed.PAID, S.SERVED): S.PAID,
    (Deed.PAID, S.PAID): S.PAID,
    (Deed.SERVED, S.PAID): S.PAID,
    **{(deed, status): status
       for deed in (Deed.HELD, Deed.CONTESTED, Deed.CORRECTED, Deed.RECOVERED)
       for status in AFTER_DECISION},
    **{(Deed.WITHDRAWN, status): S.WITHDRAWN for status in (S.DRAFT, *OPEN)},
    **{(Deed.REPLACED, status): S.REPLACED for status in REPLACEABLE},
    **{(Deed.CLOSED, status): S.CLOSED for status in AFTER_DECISION},
    (Deed.RECOVERED, S.CLOSED): S.CLOSED,
    (Deed.ARCHIVED, S.CLOSED): S.ARCHIVED,
}  # fmt: skip
