"""What may be done with a claim of costs in which state, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CostStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")
    ASKED = "asked", _("completion requested")
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", pgettext_lazy("ruling", "refused")
    PAID = "paid", _("paid")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CostDeed(models.TextChoices):
    """What was done with a claim of costs."""

    CREATED = "created", _("begun")
    SENT = "sent", _("sent")
    ASKED = "asked", _("completion requested")
    ANSWERED = "answered", _("completion answered")
    RESUMED = "resumed", _("check resumed without an answer")
    PROPOSED = "proposed", _("decision proposed")
    RETURNED = "returned", _("returned to be checked")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", pgettext_lazy("ruling", "refused")
    PAID = "paid", _("paid")
    HELD = "held", _("payment held")
    WITHDRAWN = "withdrawn", _("withdrawn")


S, D = CostStatus, CostDeed

# What the applicant may change; what waits for the authority; what takes of the ceiling.
EDITABLE = (S.DRAFT, S.ASKED)
WAITING = (S.SENT, S.ASKED, S.PROPOSED)
TAKEN = (S.ACCEPTED, S.PAID)
OPEN = (*WAITING, S.ACCEPTED)

# The same table stands in the trigger `grants_guard_cost_step`; a test holds them together.
STEPS: Mapping[tuple[CostDeed, CostStatus], CostStatus] = {
    (D.CREATED, S.DRAFT): S.DRAFT,
    (D.SENT, S.DRAFT): S.SENT,
    (D.ASKED, S.SENT): S.ASKED,
    (D.ANSWERED, S.ASKED): S.SENT,
    (D.RESUMED, S.ASKED): S.SENT,
    (D.PROPOSED, S.SENT): S.PROPOSED,
    (D.RETURNED, S.PROPOSED): S.SENT,
    (D.ACCEPTED, S.PROPOSED): S.ACCEPTED,
    (D.REFUSED, S.PROPOSED): S.REFUSED,
    (D.PAID, S.ACCEPTED): S.PAID,
    (D.HELD, S.ACCEPTED): S.ACCEPTED,
    (D.HELD, S.PAID): S.ACCEPTED,
    (D.WITHDRAWN, S.DRAFT): S.WITHDRAWN,
    (D.WITHDRAWN, S.SENT): S.WITHDRAWN,
    (D.WITHDRAWN, S.ASKED): S.WITHDRAWN,
    (D.WITHDRAWN, S.PROPOSED): S.WITHDRAWN,
}
