"""`make bench [ARGS="--persons 1000000"]`: every benchmark, as ratios to limits of the same run.

Works in a database of its own, `benchmark`, beside the one DATABASE_URL names. With --write the
results go to benchmarks/RESULTS.md together with the machine.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from config.lib import embedded

DATABASE = "benchmark"
BENCHMARKS = ("import", "run", "file", "history", "pages", "bank", "lists", "rush")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--only", choices=BENCHMARKS, action="append")
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    options = parser.parse_args()
    _own_database()
    from benchmarks import suite  # the settings read DATABASE_URL

    with tempfile.TemporaryDirectory(prefix="kuntakorvaus-bench-") as folder:
        results = suite.run(Path(folder), persons=options.persons, only=options.only)
    print(results.text())
    if options.write:
        (Path(__file__).parent / "RESULTS.md").write_text(results.text())


def _own_database() -> None:
    """Make the empty database and point DATABASE_URL at it."""
    import psycopg

    embedded.ensure()
    base = os.environ["DATABASE_URL"]
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    address, _, query = base.partition("?")
    url = f"{address.rpartition('/')[0]}/{DATABASE}" + (f"?{query}" if query else "")
    os.environ |= {
        "DATABASE_URL": url,
        "DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


if __name__ == "__main__":
    main()
