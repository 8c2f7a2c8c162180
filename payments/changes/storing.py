"""Compare a computed run with the last approved one, once, when it is finished."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from payments.runs.models import Run

SQL = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """Text of a statement file of this folder."""
    return (SQL / f"{name}.sql").read_text()


def compared(run: Run) -> dict[str, Any]:
    """The run and the one it is compared with: the last approved before it, if any."""
    last = Run.objects.approved().filter(month__lt=run.month).order_by("-month").first()
    return {
        "run": run.pk,
        "month": run.month,
        "last": last.pk if last else None,
        "last_month": last.month if last else None,
    }


def changes_store(run: Run) -> None:
    """Store the steps from last month's total, and the groups; after `finish`, in its transaction."""
    params = compared(run)
    with connection.cursor() as cursor:
        cursor.execute(statement("groups"), params)
        if params["last"] is None:
            cursor.execute(statement("first"), params)
            return
        cursor.execute("DROP TABLE IF EXISTS pg_temp.change")
        cursor.execute(
            "CREATE TEMP TABLE change ON COMMIT DROP AS " + statement("changes").format(persons=""),
            params,
        )
        cursor.execute(statement("store"), params)
