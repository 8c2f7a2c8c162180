"""Keeping filters of the work list under names, and forgetting them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from grants.worklist.models import SavedFilter
from registry.access.models import User

MOST = 20


class FilterRefused(ValueError):
    """The filter cannot be saved; the message says why."""


@transaction.atomic
def filter_save(user: User, *, name: str, query: str) -> SavedFilter:
    """Save a filter, in place of one of the same name. Raises FilterRefused if there are too many."""
    User.objects.select_for_update().get(pk=user.pk)
    own = SavedFilter.objects.visible_to(user)
    if own.exclude(name=name).count() >= MOST:
        raise FilterRefused(
            _("At most {most} filters are saved. Delete one first.").format(most=MOST)
        )
    saved, _new = SavedFilter.objects.update_or_create(
        user=user, name=name, defaults={"query": query}
    )
    return saved


def filter_delete(user: User, *, filter_id: int) -> None:
    """Forget a saved filter of one's own."""
    SavedFilter.objects.visible_to(user).filter(pk=filter_id).delete()
