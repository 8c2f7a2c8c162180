"""The log: verifying a million events against a plain COPY of the same rows, sealing, writing.

`python -m benchmarks.audit [--events 1000000]`, in the database of the benchmarks.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import django

from benchmarks.__main__ import _own_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_own_database()
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.measure import Results, timed  # noqa: E402
from registry.audit.anchors import anchor_write  # noqa: E402
from registry.audit.models import Verb  # noqa: E402
from registry.audit.sealing import audit_seal  # noqa: E402
from registry.audit.services import audit_record  # noqa: E402
from registry.audit.verifying import audit_verify  # noqa: E402

# Nine events of ten are of one person, the tenth is a list of fifty.
FILL = """
    INSERT INTO registry_auditevent
        (actor_id, case_ref, persons, verb, outcome, object_type, object_id, purpose, details)
    SELECT NULL, 'run 2026-' || 1 + n %% 12,
           CASE n %% 10 WHEN 0 THEN ARRAY(SELECT generate_series(n, n + 49)) ELSE ARRAY[n] END,
           'viewed', 'done', 'registry.person', n::text, 'compensation', '{}'
    FROM generate_series(1, %s) n
"""
SINGLE_EVENTS = 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit")
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kuntakorvaus-bench-") as folder:
        settings.AUDIT_ANCHOR_FOLDER = Path(folder)
        measure(options.events)


def measure(events: int) -> None:
    """Fill, seal, copy and verify, and print the ratios."""
    call_command("migrate", verbosity=0)
    results = Results(0)
    with timed(f"insert of {events} events"), connection.cursor() as cursor:
        cursor.execute(FILL, [events])
    with timed("seal") as sealing:
        audit_seal(at=timezone.now())
        anchor_write(today=timezone.localdate())
    copied = copied_out()
    with timed("verify") as verifying:
        assert audit_verify(at=timezone.now()).entries == events
    results.ratio("verify_audit to plain COPY of the events", verifying.value, copied, "10×")
    results.ratio("seal_audit to plain COPY of the events", sealing.value, copied, "20×")
    single_events(results)


def copied_out() -> float:
    """Seconds to COPY the events out."""
    with (
        timed("COPY of the events out") as seconds,
        connection.cursor() as cursor,
        cursor.copy("COPY registry_auditevent TO STDOUT") as copy,
    ):
        for _block in copy:
            pass
    return seconds.value


def single_events(results: Results) -> None:
    """One event at a time, as pages write them."""
    with timed(f"{SINGLE_EVENTS} events one by one") as seconds:
        for number in range(SINGLE_EVENTS):
            audit_record(verb=Verb.VIEWED, actor=None, persons=[number])
    each = f"{seconds.value * 1000 / SINGLE_EVENTS:.2f} ms"
    results.figure("an event of a page, committed", each, "5 ms", f"{SINGLE_EVENTS} events")


if __name__ == "__main__":
    main()
