"""A list of 10 000 persons from the upload to its findings, against less and against more.

Less: the same reader on the same file and COPY of its rows, nothing looked at. More: the default
import of django-import-export, a dry run and the import, as its admin page does it.
"""

from __future__ import annotations

import io
import resource
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import tablib
from django.db import connection, transaction
from django.utils import timezone
from import_export.resources import modelresource_factory
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from benchmarks.measure import Results, timed
from benchmarks.workbench import workbench_benchmark
from grants.applications.states import Deed
from grants.lists.loading import NAMES
from grants.lists.models import ListRow, PersonList, RowFinding
from grants.lists.schema import columns_of
from grants.lists.services import list_read, list_receive
from grants.lists.template import template_make
from grants.models import Application, ApplicationStep, Round
from registry.models import (
    Delivery,
    IdentityCode,
    Organisation,
    Permit,
    Person,
    PersonDetails,
    Residence,
    User,
)

ROWS = 10_000
FIRST_DAY = date(2022, 1, 1)
TIMES = 5


def person_list_benchmark(results: Results, folder: Path) -> None:
    """Receive, read and check a list, and do the same in the two other ways."""
    folder.mkdir(parents=True, exist_ok=True)
    round_ = Round.objects.get(code="L2023")
    applicant = Organisation.objects.municipalities().get(code="091")
    officer = User.objects.create_user("list-officer")
    content = _file(round_, applicant)
    path = folder / "list.xlsx"
    path.write_bytes(content)
    ours = min(_ours(content, round_, applicant, officer) for _try in range(TIMES))
    found = RowFinding.objects.values("row").distinct().count()
    what = f"a list of {ROWS} rows from upload to findings ({found} rows with some)"
    for into, name in (("grants_listrow", "the table of rows"), ("bare", "a table without keys")):
        less = min(_bare(path, into) for _try in range(TIMES))
        results.ratio(f"{what}, to reading and COPY into {name}", ours, less, "3×")
    more = _import_export(path)
    results.ratio("django-import-export's default import of it, to ours", more, ours, "≥ 20×")
    results.figure(
        "the most memory of the process that reads it",
        f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB",
        "300 MB",
        "ru_maxrss of the children",
    )
    workbench_benchmark(results, PersonList.objects.current().get().application)


def _residents(town: Organisation) -> list[PersonDetails]:
    """Persons whom the register knows as the list will say, moved in one after another."""
    delivery = Delivery.objects.latest("pk")
    facts: dict[str, Any] = {"brought_by": delivery}
    persons = Person.objects.bulk_create(Person(uma_number=f"LIST{n:06}") for n in range(ROWS))
    codes = IdentityCode.objects.bulk_create(
        IdentityCode(code_hash=uuid4(), sealed=b"artificial") for _row in range(ROWS)
    )
    Permit.objects.bulk_create(
        Permit(person=person, permit_number=f"LIST{n:06}", ground_id="87",
               valid_from=FIRST_DAY, **facts)
        for n, person in enumerate(persons)
    )  # fmt: skip
    Residence.objects.bulk_create(
        Residence(identity=code, municipality=town, moved_in=_moved_in(n), **facts)
        for n, code in enumerate(codes)
    )
    return PersonDetails.objects.bulk_create(
        PersonDetails(person=person, identity=codes[n], nationality="AFG",
                      birth_date=date(1950, 1, 1) + timedelta(n * 2), **facts)
        for n, person in enumerate(persons)
    )  # fmt: skip


def _moved_in(number: int) -> date:
    return FIRST_DAY + timedelta(number % 365)


def _file(round_: Round, applicant: Organisation) -> bytes:
    """The template filled in by somebody who makes a mistake in every tenth row."""
    book = load_workbook(io.BytesIO(template_make(round_, applicant, "fi")))
    sheet = book.worksheets[1]
    for number, details in enumerate(_residents(applicant)):
        values = [
            details.person.uma_number, "", f"Testinen {number}", details.birth_date,
            "Afganistan", applicant.name_fi, _moved_in(number), "87 Turvapaikka",
        ]  # fmt: skip
        if number % 10 == 0:
            values[4 + number // 10 % 3] = "?"
        for column, value in enumerate(values, start=1):
            sheet.cell(number + 2, column, value)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _ours(content: bytes, round_: Round, applicant: Organisation, officer: User) -> float:
    at = timezone.now()
    PersonList.objects.update(is_current=False)
    application = Application.objects.filter(round=round_, applicant=applicant).first()
    if application is None:
        application = Application.objects.create(
            round=round_, applicant=applicant, created_at=at, created_by=officer
        )
        ApplicationStep.objects.create(application=application, deed=Deed.CREATED, status="draft")
    with timed("a list received, read and checked") as seconds:
        received = list_receive(
            application.pk, content=content, file_name="a.xlsx", by=officer, at=at
        )
        list_read(received.pk)
    received.refresh_from_db()
    assert received.state == "read", received.refusal
    assert received.rows.count() == ROWS
    return seconds.value


def _bare(path: Path, into: str) -> float:
    """Seconds of the bare reading and COPY of its rows, typed beforehand, into a table.

    The table is where they are kept, keys and all, or a bare one of the same columns.
    """
    current = PersonList.objects.current().get()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "SELECT list_id, 100000 + line, uma_number, unhcr_number, name, birth_date,"
            " nationality, municipality_id, moved_in, ground_id, quota_year, raw::text, is_removed"
            " FROM grants_listrow WHERE list_id = %s",
            [current.pk],
        )
        rows = cursor.fetchall()
        cursor.execute("CREATE TEMP TABLE bare AS SELECT * FROM grants_listrow LIMIT 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with timed(f"the same read and copied into {into}") as seconds:
            CalamineWorkbook.from_path(str(path)).get_sheet_by_index(1).to_python()
            with cursor.copy(f"COPY {into} ({NAMES}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        transaction.set_rollback(True)
    return seconds.value


def _import_export(path: Path) -> float:
    """Seconds of the default import of the same rows into the same table, undone afterwards.

    A tenth of the rows is imported and the time scaled: each row costs the same.
    """
    person_list = PersonList.objects.current().get()
    names = ["id", "list", "line", *(column.name for column in columns_of("lisaosa"))]
    default: Any = modelresource_factory(ListRow)
    with timed("the same by django-import-export's default") as seconds, transaction.atomic():
        sheet = load_workbook(path, read_only=True).worksheets[1]
        data = tablib.Dataset(headers=names)
        town = Organisation.objects.municipalities().get(code="091").pk
        tenth = sheet.iter_rows(min_row=2, max_row=1 + ROWS // 10, values_only=True)
        for line, row in enumerate(tenth, start=100_000):
            uma, unhcr, name, _born, _country, _town, day, _ground = row[:8]
            moved = day if not isinstance(day, str) else None
            data.append(
                [None, person_list.pk, line, uma, unhcr or "", name, "1990-01-01", "AFG", town,
                 moved, "87"]
            )  # fmt: skip
        for dry_run in (True, False):
            done = default().import_data(data, dry_run=dry_run, raise_errors=True)
            assert done.totals["new"] == ROWS // 10
        transaction.set_rollback(True)
    return seconds.value * 10
