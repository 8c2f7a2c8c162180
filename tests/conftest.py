"""The test database: reference data in it for every test, one of its own for every process."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

RUN_PARTITIONS = """
    SELECT inhrelid::regclass::text FROM pg_inherits
    WHERE inhparent IN ('payments_line'::regclass, 'payments_assessment'::regclass)
"""
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Name the test database after the lowest number that no running test process holds."""
    database = settings.DATABASES["default"]
    with psycopg.connect(**_server(database), autocommit=True) as holder:
        number = 1
        while not _held(holder, number):
            number += 1
        name = f"test_{database['NAME']}_{number}"
        database["TEST"]["NAME"] = connection.settings_dict["TEST"]["NAME"] = name
        yield


def _server(database: dict[str, str]) -> dict[str, str | None]:
    keys = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    found = {key: database[name] or None for key, name in keys.items()}
    return {**found, "dbname": "postgres"}


def _held(holder: psycopg.Connection, number: int) -> bool:
    row = holder.execute("SELECT pg_try_advisory_lock(20112024, %s)", [number]).fetchone()
    return bool(row and row[0])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the reference data once; tests that really commit leave it as they found it."""
    with django_db_blocker.unblock():
        _reference_load()
    TransactionTestCase._fixture_teardown = _start_over


def _start_over(_case: TransactionTestCase) -> None:
    """Empty every table (Django's flush knows nothing of partitions) and load the reference data."""
    with connection.cursor() as cursor:
        cursor.execute(RUN_PARTITIONS)
        if partitions := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"DROP TABLE {', '.join(partitions)}")
        tables = set(connection.introspection.table_names(cursor)) - KEPT
        cursor.execute(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
    _reference_load()


def _reference_load() -> None:
    from payments.management.commands.load_reference import reference_load  # needs the apps

    reference_load()
