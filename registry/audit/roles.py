"""The database role of the service adds to the log and reads it, no more (P-10)."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

ADDED_TO = (
    "registry_auditevent", "registry_disclosureevent", "registry_seal", "registry_hand",
)  # fmt: skip
TAKEN_FROM = ("registry_unsealed",)  # the seal takes away what it holds

ROLE = """
    SELECT rolsuper, EXISTS (
        SELECT FROM pg_class WHERE relname = ANY(%s) AND pg_has_role(r.oid, relowner, 'USAGE')
    )
    FROM pg_roles r WHERE rolname = %s
"""


class CannotRestrict(ValueError):
    """Revoking would not bind the role; the message says why."""


def role_restrict(role: str) -> None:
    """Leave a role SELECT and INSERT on the logs. Raises CannotRestrict.

    The owner of a table, and a superuser, can give themselves everything back: neither is
    restricted by revoking.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROLE, [[*ADDED_TO, *TAKEN_FROM], role])
        found = cursor.fetchone()
        if found is None:
            raise CannotRestrict(_("There is no database role {role}.").format(role=role))
        if any(found):
            raise CannotRestrict(
                _(
                    "{role} owns the log's tables or is a superuser, and could undo this. Let "
                    "another role own them and run the migrations."
                ).format(role=role)
            )
        for tables, rights in (
            (ADDED_TO, "UPDATE, DELETE, TRUNCATE, TRIGGER"),
            (TAKEN_FROM, "UPDATE, TRUNCATE, TRIGGER"),
        ):
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            revoke = sql.SQL("REVOKE {} ON {} FROM PUBLIC, {}").format(
                sql.SQL(rights), names, sql.Identifier(role)
            )
            cursor.execute(revoke)
