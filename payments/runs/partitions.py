"""A run's own partitions of the assessments and lines: bare while loaded, then keyed, attached.

Keys and foreign keys are built in bulk, which costs a third of checking them row by row (see
benchmarks/RESULTS.md). An attached partition is append-only by trigger. The tables' owner does it
all, in functions of the database: the service need not own what it pays from.
"""

from __future__ import annotations

from django.db import connection


def partition(table: str, run_id: int) -> str:
    """Name of a run's partition of a table."""
    return f"{table}_run_{run_id:d}"


def create_bare(run_id: int) -> None:
    """Make the run's empty partitions, with checks but without keys, not yet attached."""
    _ask("create", run_id)


def attach(run_id: int) -> None:
    """Key the loaded partitions and attach them; from then on they are append-only."""
    _ask("attach", run_id)


def attached(run_id: int) -> bool:
    """Whether the run's partitions are attached."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(%s))",
            [partition("payments_line", run_id)],
        )
        return bool(cursor.fetchone()[0])


def drop(run_id: int) -> None:
    """Drop the partitions of a run that is being replaced; the database keeps an approved run's."""
    _ask("drop", run_id)


def _ask(what: str, run_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT payments_partitions_{what}(%s)", [run_id])
