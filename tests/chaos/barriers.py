"""Where processes are caught: a lock of another session that they run into."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import psycopg
from django.db import connection

from tests.chaos.house import until

WAITING = """
SELECT count(*) FROM pg_locks l
WHERE NOT l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.relation = to_regclass(%(name)s) OR (l.locktype = 'advisory' AND l.objid::text = %(name)s))
"""


class Barrier:
    """Holds a table in a mode, or the advisory lock of a number, until it is opened."""

    def __init__(self, name: str | int, mode: str = "ACCESS EXCLUSIVE") -> None:
        self.name, self.mode = str(name), mode
        params = connection.get_connection_params() | {"application_name": "barrier"}
        self.session = psycopg.connect(**params)

    def __enter__(self) -> Self:
        if self.name.isdigit():
            self.session.execute("SELECT pg_advisory_xact_lock(%s)", [int(self.name)])
        else:
            self.session.execute(f"LOCK TABLE {self.name} IN {self.mode} MODE")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.close()

    def arrived(self) -> None:
        """Wait until a process has run into it."""
        until(self._somebody_waits, f"a process has come to {self.name}")

    def _somebody_waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITING, {"name": self.name})
            return bool(cursor.fetchone()[0])
