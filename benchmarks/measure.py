"""Measuring: seconds of a block, peak memory of this process, ratios with their limits."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection


class Seconds:
    """How long a block took."""

    value = 0.0


@contextmanager
def timed(what: str) -> Iterator[Seconds]:
    """Time a block by the wall clock, and say so."""
    seconds = Seconds()
    start = time.perf_counter()
    yield seconds
    seconds.value = time.perf_counter() - start
    print(f"  {what}: {seconds.value:.2f} s", flush=True)


def peak_memory_mb() -> float:
    """The most memory this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass
class Results:
    """Rows of the report, each a measured ratio beside its limit."""

    persons: int
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def ratio(self, what: str, seconds: float, against: float, limit: str) -> None:
        """Add a ratio of two times measured in this run."""
        measured = f"{seconds:.2f} s / {against:.2f} s"
        self.rows.append((what, f"{seconds / against:.1f}×", limit, measured))
        print(f"{what}: {seconds / against:.1f}× (limit {limit}; {measured})", flush=True)

    def figure(self, what: str, value: str, limit: str, how: str) -> None:
        """Add a figure that is no ratio of times."""
        self.rows.append((what, value, limit, how))
        print(f"{what}: {value} (limit {limit}; {how})", flush=True)

    def text(self) -> str:
        """The report as Markdown."""
        head = f"# Benchmarks\n\n{_machine()}\n\nPersons in the register: {self.persons:,}.\n"
        table = ["| What | Measured | Limit | Seconds |", "|---|---|---|---|"]
        table += [f"| {' | '.join(row)} |" for row in self.rows]
        return head + "\n" + "\n".join(table) + "\n"


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    memory = Path("/proc/meminfo").read_text().split()[1]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {int(memory) // 1024**2} GiB, "
        f"Python {platform.python_version()}, PostgreSQL {server}."
    )
