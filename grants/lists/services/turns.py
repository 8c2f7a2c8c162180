"""Whose turn it is: few lists are read at once, those of each officer in turn."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from grants.lists.models import PersonList
from grants.lists.services.receiving import claimed_read

# One claims at a time, so that no more are held than may be.
ALONE = "SELECT pg_advisory_xact_lock(hashtext('grants.lists.turns'))"
# Of those who wait, the officer whose turn was longest ago, and their first list.
NEXT = """
UPDATE grants_personlist
SET attempt = attempt + 1, taken_at = clock_timestamp(),
    held_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT l.id FROM grants_personlist l
    WHERE l.state = 'waiting' AND (l.held_until IS NULL OR l.held_until < clock_timestamp())
      AND %(readers)s > (
          SELECT count(*) FROM grants_personlist h
          WHERE h.state = 'waiting' AND h.held_until >= clock_timestamp())
    ORDER BY (
        SELECT max(t.taken_at) FROM grants_personlist t WHERE t.uploaded_by_id = l.uploaded_by_id
    ) NULLS FIRST, l.id
    LIMIT 1
)
RETURNING *
"""


def list_read_next() -> bool:
    """Read the list whose turn it is; tell whether there was one and a reader was free."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ALONE)
        params = {"lease": settings.LEASE_SECONDS * 2, "readers": settings.LIST_READERS}
        claimed = next(iter(PersonList.objects.raw(NEXT, params)), None)
    if claimed is not None:
        claimed_read(claimed)
    return claimed is not None
