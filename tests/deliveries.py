"""Deliveries written row by row, for the tests of their import."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from registry.deliveries.layout import (
    AGREEMENTS,
    PERMITS,
    PERSONS,
    POPULATION,
    RESIDENCES,
)
from registry.deliveries.services import delivery_import
from registry.models import Delivery

TODAY = date(2026, 11, 1)
HEADERS = {
    PERSONS: "uma_number,personal_identity_code,family_name,given_names,birth_date,nationality,"
    "rgi_number,unhcr_number,born_in_finland,parent_uma_numbers",
    PERMITS: "permit_number,uma_number,ground,applied_for_protection,granted_on,valid_from,"
    "valid_to,quota_year,principal_uma_number,tie_before_arrival",
    POPULATION: "personal_identity_code,death_date,finnish_citizen_from,non_disclosure",
    RESIDENCES: "personal_identity_code,municipality_code,moved_in,moved_out,registered_on",
    AGREEMENTS: "municipality_code,valid_from,valid_to,reference",
}
CODE_A, CODE_B, CODE_C = "010190-9710", "020290-972F", "030390-973Y"


def received_at() -> datetime:
    return datetime(2026, 11, 1, tzinfo=UTC)


def write(folder: Path, files: dict[str, Iterable[str]]) -> Path:
    """Write files of lines under their headers."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / name).write_text("\n".join([HEADERS[name], *lines]) + "\n", encoding="utf-8")
    return folder


def bring(path: Path) -> Delivery:
    """Import a delivery as of TODAY."""
    return delivery_import(path, received_at=received_at(), today=TODAY)


def person(uma: str, code: str = "", born: str = "1990-01-01", **other: str) -> str:
    """A row of uma_persons.csv."""
    values = {"nationality": "SYR", "family_name": "Testi", "given_names": uma} | other
    row = {"uma_number": uma, "personal_identity_code": code, "birth_date": born} | values
    return _row(PERSONS, row)


def permit(number: str, uma: str, **other: str) -> str:
    """A row of uma_permits.csv."""
    values = {"ground": "87", "valid_from": "2024-01-01"} | other
    return _row(PERMITS, {"permit_number": number, "uma_number": uma} | values)


def _row(file: str, values: dict[str, str]) -> str:
    columns = HEADERS[file].split(",")
    assert set(values) <= set(columns)
    return ",".join(values.get(column, "") for column in columns)


def refusals(delivery: Delivery) -> list[tuple[str, int, str, str, str]]:
    """The refused rows: file, line, column, value, reason."""
    return [(r.file, r.line, r.column, r.value, r.reason) for r in delivery.rejected_rows.all()]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
