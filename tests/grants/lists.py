"""Workbooks for tests: the round's own template, filled in and altered in any way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from grants.lists.models import ListRow, ListState, PersonList
from grants.lists.reading import workbooks
from grants.lists.schema import columns_of
from grants.lists.stamp import Stamp
from grants.lists.template import template_make
from grants.models import Round
from registry.models import Organisation
from tests.factories import ApplicationFactory, RoundFactory, municipality

LIST = 1  # the list's sheet among the template's
GOOD = (
    "T0000001", "", "Testinen Testi", date(2015, 3, 5), "Afganistan", "Lahti", date(2022, 6, 1),
    "87 Turvapaikka",
)  # fmt: skip
GOOD_URGENT = (
    "T0000001", "123-45C67890", date(2015, 3, 5), "Afganistan", "Lahti", date(2023, 1, 5), 2022,
)  # fmt: skip

Change = Callable[[Any, Any], object]  # gets the workbook and the sheet of the list


def person(**changed: Any) -> tuple[Any, ...]:
    """A row of the supplement's list without a fault but for what is changed."""
    names = (
        "uma_number", "unhcr_number", "name", "birth_date", "nationality", "municipality",
        "moved_in", "ground",
    )  # fmt: skip
    return tuple({**dict(zip(names, GOOD, strict=True)), **changed}.values())


def persons(count: int, **changed: Any) -> list[tuple[Any, ...]]:
    """Rows without a fault, each of another person."""
    return [person(uma_number=f"T{number:07}", **changed) for number in range(1, count + 1)]


def opened(
    *, round_: str = "L2023", applicant: Organisation | None = None, language: str = "fi"
) -> Any:
    """A template as openpyxl opens it."""
    made = template_make(Round.objects.get(code=round_), applicant or municipality("398"), language)
    return load_workbook(io.BytesIO(made))


def filled(
    rows: Iterable[Sequence[Any]],
    *,
    round_: str = "L2023",
    applicant: Organisation | None = None,
    language: str = "fi",
    change: Change | None = None,
) -> bytes:
    """The bytes of a template with rows, changed by the function."""
    book = opened(round_=round_, applicant=applicant, language=language)
    sheet = book.worksheets[LIST]
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            if value not in {None, ""}:
                sheet.cell(number, column, value)
    if change:
        change(book, sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(
    content: bytes, folder: Path, *, round_: str = "L2023", applicant: Organisation | None = None
) -> workbooks.Workbook:
    """Read a file as the service does. Raises ListRefused."""
    path = folder / "list.xlsx"
    path.write_bytes(content)
    who = applicant or municipality("398")
    stamp = Stamp.of(Round.objects.get(code=round_), who)
    columns = columns_of(stamp.support)
    return workbooks.workbook_read(path, columns, stamp=stamp, applicant_name=who.name)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """A workbook whose parts are changed by the function."""
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    change(parts)
    after = io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in parts.items():
            written.writestr(name, part)
    return after.getvalue()


def listed(
    rows: Iterable[dict[str, Any]],
    *,
    round_: str = "L2024",
    applicant: Organisation | None = None,
    **application: Any,
) -> PersonList:
    """A current list in the database with rows that have no fault but what is given.

    Of Lahti in the round of 2024; persons moved in on 1 May 2023, nobody the register knows.
    """
    who = applicant or municipality("398")
    draft = ApplicationFactory.create(
        round=RoundFactory.create(code=round_), applicant=who, **application
    )
    person_list = PersonList.objects.create(
        application=draft,
        state=ListState.READ,
        number=1,
        is_current=True,
        file_name="list.xlsx",
        sha256="0" * 64,
        size=1,
        uploaded_by=draft.created_by,
        uploaded_at=draft.created_at,
    )
    town = municipality("398") if who.kind == "county" else who
    good = {
        "uma_number": "T0001",
        "name": "Testinen Testi",
        "birth_date": date(1990, 5, 1),
        "nationality": "AFG",
        "municipality": town,
        "moved_in": date(2023, 5, 1),
        "ground_id": None if round_.startswith("K") else "87",
        "quota_year": 2023 if round_.startswith("K") else None,
    }
    ListRow.objects.bulk_create(
        ListRow(list=person_list, line=line, **good | row) for line, row in enumerate(rows, start=2)
    )
    return person_list
