"""The embedded PostgreSQL: a server of one's own, left alone where DATABASE_URL is set."""

import os
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from config.lib import embedded


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A server folder for this test alone; its server is stopped afterwards."""
    monkeypatch.setattr(embedded, "ROOT", tmp_path)
    monkeypatch.setattr(embedded, "DATA", tmp_path / "var" / "postgres")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield embedded.DATA
    embedded.stop()


def test_a_set_database_url_is_left_alone(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example/theirs")
    monkeypatch.setattr(embedded, "start", lambda: pytest.fail("started a server"))
    embedded.ensure()
    assert os.environ["DATABASE_URL"] == "postgresql://somebody@db.example/theirs"


def test_starts_is_found_running_stops_and_keeps_its_data(own_folder):
    embedded.ensure()
    url = os.environ["DATABASE_URL"]
    assert embedded.is_embedded(url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    (own_folder / ".handle_pids.json").write_text("[1, ")  # left by a process killed while writing
    assert embedded.start() == url, "found running"
    embedded.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    with psycopg.connect(embedded.start()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_two_checkouts_have_two_servers(own_folder):
    socket = parse_qs(urlsplit(embedded.start()).query)["host"]
    ours = subprocess.run(
        [sys.executable, "-m", "config.lib.embedded", "start"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert parse_qs(urlsplit(ours.stdout.strip()).query)["host"] != socket


def test_what_the_migrations_need_is_there(own_folder):
    with psycopg.connect(embedded.start()) as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        version = connection.info.server_version
        sorting = connection.execute("SELECT 'a' < 'B', upper('ä')").fetchone()
    assert version >= 150000
    assert sorting == (False, "Ä")


def test_stopping_what_does_not_run_is_harmless(own_folder):
    embedded.stop()


def test_a_server_that_cannot_start_says_so_in_a_sentence(own_folder):
    own_folder.parent.write_text("in the way")
    with pytest.raises(
        embedded.CannotStart, match=r"in var/postgres/ cannot start: .*DATABASE_URL"
    ):
        embedded.start()


def test_without_its_package_the_message_says_what_to_do(own_folder, monkeypatch):
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(embedded.CannotStart, match="make install"):
        embedded.start()


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("postgresql://postgres@/kuntakorvaus?host=%2Ftmp%2Fsocket", True),
        ("postgresql://user:secret@db.example:5432/kuntakorvaus", False),
        ("postgresql://db.example/kuntakorvaus?sslmode=require", False),
    ],
)
def test_only_our_own_server_is_embedded(url, is_ours):
    assert embedded.is_embedded(url) == is_ours
