"""The databases of tests: one for each process, copied from a migrated template.

The template is made once for the migrations as they are, and stays until they change: migrating
takes ten times as long as copying.
"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
LOCK = 20112024  # any number will do


def name_held(holder: psycopg.Connection, database: str) -> str:
    """A name for a test database that no running test process has; held as long as `holder` is."""
    number = 1
    while not _is_true(holder, "SELECT pg_try_advisory_lock(%s, %s)", LOCK, number):
        number += 1
    return f"test_{database}_{number}"


def template_ready(holder: psycopg.Connection, database: str) -> str:
    """The name of the migrated template, made by whoever comes first while others wait."""
    prefix = f"template_{database}_"
    name = prefix + _migrations()
    holder.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    if not _is_true(holder, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", name):
        stale = holder.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [prefix])
        for (old,) in stale.fetchall():
            holder.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        holder.execute(f'CREATE DATABASE "{prefix}" TEMPLATE template0')
        _migrate(prefix)
        holder.execute(f'ALTER DATABASE "{prefix}" RENAME TO "{name}"')
    holder.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def maintenance() -> psycopg.Connection:
    """A connection to the server's own database, wherever DATABASE_URL says that server is."""
    return psycopg.connect(_address("postgres"), autocommit=True)


def _migrations() -> str:
    """A digest of all migrations and of the versions they run on."""
    digest = sha256((ROOT / "constraints.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _migrate(name: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": _address(name)},
        check=True,
    )


def _address(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _is_true(holder: psycopg.Connection, query: str, *values: object) -> bool:
    row = holder.execute(query, values).fetchone()
    return bool(row and row[0])
