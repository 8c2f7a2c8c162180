"""The benchmarks in order, on one synthetic country."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.bank import bank_benchmark  # noqa: E402
from benchmarks.compensation import compensation_benchmark  # noqa: E402
from benchmarks.import_delivery import import_benchmark  # noqa: E402
from benchmarks.measure import Results, timed  # noqa: E402
from benchmarks.person_list import person_list_benchmark  # noqa: E402
from benchmarks.run_month import FIRST, history_benchmark, run_benchmark  # noqa: E402
from benchmarks.run_page import run_page_benchmark  # noqa: E402
from benchmarks.rush import rush_benchmark  # noqa: E402
from benchmarks.to_file import to_file_benchmark  # noqa: E402
from registry.deliveries.services import delivery_import  # noqa: E402
from registry.deliveries.synthetic.make import delivery_make  # noqa: E402

AS_OF = date(2026, 10, 1)


def run(folder: Path, *, persons: int, only: Sequence[str] | None) -> Results:
    """Run the chosen benchmarks (all by default) on a country of so many persons."""
    results = Results(persons)
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    chosen = only or ("import", "run", "file", "history", "pages", "bank", "lists", "rush")
    with timed(f"make_delivery of {persons} persons"):
        delivery_make(folder / "first", persons=persons, as_of=AS_OF)
    if "import" in chosen:
        import_benchmark(results, folder / "first", folder / "change")
    else:
        with timed("import"):
            delivery_import(folder / "first", received_at=timezone.now(), today=AS_OF)
    if "run" in chosen:
        run_benchmark(results)
    if "file" in chosen:
        to_file_benchmark(results, FIRST)
    if "history" in chosen:
        history_benchmark(results, folder)
    if "pages" in chosen:
        compensation_benchmark(results, FIRST)
        run_page_benchmark(results, FIRST)
    if "lists" in chosen:
        person_list_benchmark(results, folder / "lists")
    if "rush" in chosen:
        rush_benchmark(results, folder / "rush")
    if "bank" in chosen:
        bank_benchmark(results, FIRST, folder / "bank")
    return results
