"""Two people, and neither has touched what is approved (P-01; decree 1243/1992 § 38).

One mechanism for runs, payments, cases, recoveries and bank details. A table whose rows people
prepare, check and approve gets the trigger of `take_hands` in a migration; it writes everyone's
part into `Hand`, whose own trigger refuses a part to whoever may not take it. Services ask
`objection` first, for the sentence.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from registry.access.models import Hand, Part, User
from registry.organisations.models import Organisation

# Parts that whoever takes them may not have had another part before.
CLEAN_HANDS = (Part.CHECKED, Part.APPROVED)
# Parts that members of the organisation concerned do not take.
OUTSIDERS_ONLY = (Part.PROPOSED, Part.CHECKED, Part.APPROVED)


def objection(
    case: models.Model, user: User, part: Part, *, concerns: Organisation | None = None
) -> str | None:
    """Why the user may not take the part in the case, in a sentence; None if they may.

    `concerns` is the organisation the case is about, None where it is about all of them.
    """
    if part in OUTSIDERS_ONLY and _belongs(user, concerns):
        return _("You belong to an organisation that this concerns: others handle it (P-01).")
    if part not in CLEAN_HANDS:
        return None
    had = hands_in(case).filter(user=user).exclude(part=part).first()
    if had is None:
        return None
    return _("Another person must do this: you {part} yourself (P-01).").format(
        part=had.get_part_display()
    )


def hands_in(case: models.Model) -> models.QuerySet[Hand]:
    """Everyone's parts in a case."""
    return Hand.objects.filter(object_type=case._meta.label_lower, object_id=case.pk)


def _belongs(user: User, concerns: Organisation | None) -> bool:
    own = user.access.memberships
    return any(concerns is None or m.organisation_id == concerns.pk for m in own)
