"""A run's own partitions of the assessments and lines: bare while loaded, then keyed, attached.

Keys and foreign keys are built in bulk, which costs a third of checking them row by row (see
benchmarks/RESULTS.md). An attached partition is append-only by trigger.
"""

from __future__ import annotations

from django.db import connection

KEYS = {
    "payments_assessment": "run_id, person_id, benefit_month",
    "payments_line": "run_id, person_id, benefit_month, payee_id, component",
}
REFERENCES = {
    "payments_assessment": {"run_id": "payments_run", "person_id": "registry_person"},
    "payments_line": {
        "run_id": "payments_run",
        "person_id": "registry_person",
        "payee_id": "registry_organisation",
    },
}


def partition(table: str, run_id: int) -> str:
    """Name of a run's partition of a table."""
    return f"{table}_run_{run_id:d}"


def create_bare(run_id: int) -> None:
    """Make the run's empty partitions, with checks but without keys, not yet attached."""
    with connection.cursor() as cursor:
        for table in KEYS:
            cursor.execute(
                f"CREATE TABLE {partition(table, run_id)}"
                f" (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            )


def attach(run_id: int) -> None:
    """Key the loaded partitions and attach them; from then on they are append-only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL default_statistics_target = 10"
        )
        for table, key in KEYS.items():
            name = partition(table, run_id)
            foreign = "".join(
                f", ADD FOREIGN KEY ({column}) REFERENCES {referred}"
                for column, referred in REFERENCES[table].items()
            )
            cursor.execute(
                f"ALTER TABLE {name} ADD PRIMARY KEY ({key}),"
                f" ADD CONSTRAINT {name}_only CHECK (run_id = {run_id:d}){foreign};"
                f" ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES IN ({run_id:d});"
                f" ALTER TABLE {name} DROP CONSTRAINT {name}_only;"
                f" ANALYZE {name}"
            )


def attached(run_id: int) -> bool:
    """Whether the run's partitions are attached."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(%s))",
            [partition("payments_line", run_id)],
        )
        return bool(cursor.fetchone()[0])


def drop(run_id: int) -> None:
    """Drop the partitions of a run that is being replaced."""
    with connection.cursor() as cursor:
        for table in KEYS:
            cursor.execute(f"DROP TABLE IF EXISTS {partition(table, run_id)}")
