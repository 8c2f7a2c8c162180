"""A hundred lists at once from twenty officers, and whether others' pages still answer meanwhile.

Through the site to real workers. In a register of less than 100 000 persons it is the small size:
forty short lists. Every row claims another town than the register knows, as bad as a list can be.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread
from xml.sax.saxutils import escape

from django.utils import timezone

from benchmarks.measure import Results, timed
from benchmarks.service import Visitor, has_redis, service, until
from grants.applications.states import Deed
from grants.lists.template import template_make
from grants.models import Application, ApplicationStep, PersonList, Round
from registry.access.services import membership_grant, role_grant
from registry.models import Organisation, PersonDetails, Right, Role, User

OFFICERS = 20
FULL, SMALL = (5, 10_000), (2, 500)  # lists of each, rows of a list
FULL_FROM = 100_000  # persons in the register
BYSTANDERS_ROWS = 100  # of the list of the officer whose pages are timed
WORKERS = 2
IDLE_ROUNDS = 30
PATIENCE = 1800  # seconds until every list must have been read
SHEET = "xl/worksheets/sheet2.xml"
MOVED_IN = 44_682  # 1 May 2022, as spreadsheets count


def rush_benchmark(results: Results, folder: Path) -> None:
    """Send all lists at once; time pages of others on an idle service and meanwhile."""
    if not has_redis():
        print("redis-server is not installed: lists at once are not measured", flush=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    lists, rows = FULL if results.persons >= FULL_FROM else SMALL
    bystander, *drafts = _drafts()
    files = [_file(folder, draft, rows) for draft in drafts]
    with service(folder, workers=WORKERS) as address:
        _send(address, 1, bystander, _file(folder, bystander, BYSTANDERS_ROWS))
        until(_none_waits)
        pages = _pages(address, bystander)
        idle = [seconds for _round in range(IDLE_ROUNDS) for seconds in _opened(pages)]
        with timed(f"{OFFICERS * lists} lists sent and read") as all_read, _opening(pages) as busy:
            with ThreadPoolExecutor(OFFICERS) as officers:
                list(officers.map(lambda *one: _send(address, lists, *one), drafts, files))
            until(_none_waits, seconds=PATIENCE)
    read = PersonList.objects.filter(state="read", application__in=drafts).count()
    results.figure(
        f"lists of {rows} rows at once from {OFFICERS} officers, sent and read",
        f"{read} of {OFFICERS * lists}",
        "all",
        f"{all_read.value:.0f} s",
    )
    results.figure(
        "the pages of others meanwhile, 95 % within",
        f"{_p95(busy) * 1000:.0f} ms",
        "300 ms",
        f"half within {_p50(busy) * 1000:.0f} ms; 95 % of {len(busy)} pages; "
        f"on the idle service {_p95(idle) * 1000:.0f} ms",
    )


def _drafts() -> list[Application]:
    """Drafts of a bystander and of each of the officers, each of another municipality."""
    today, round_ = timezone.localdate(), Round.objects.get(code="L2023")
    towns = Organisation.objects.municipalities().filter(valid_to=None).order_by("code")
    drafts = []
    for town in towns.exclude(code="091")[: OFFICERS + 1]:
        officer = User.objects.create_user(f"rush-{town.code}")
        membership_grant(officer, town, Right.SEND, today=today)
        draft = Application.objects.create(
            round=round_, applicant=town, created_at=timezone.now(), created_by=officer
        )
        ApplicationStep.objects.create(application=draft, deed=Deed.CREATED, status="draft")
        drafts.append(draft)
    return drafts


def _file(folder: Path, draft: Application, rows: int) -> Path:
    """The template of the draft with persons of the register written into it."""
    persons = PersonDetails.objects.current().order_by("pk").select_related("person")[:rows]
    written = "".join(_row(line, draft, details) for line, details in enumerate(persons, start=2))
    path = folder / f"{draft.applicant.code}.xlsx"
    template = zipfile.ZipFile(io.BytesIO(template_make(draft.round, draft.applicant, "fi")))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as filled:
        for name in template.namelist():
            part = template.read(name)
            if name == SHEET:
                end = b"</sheetData>"
                part = part.replace(end, written.encode() + end)
            filled.writestr(name, part)
    return path


def _row(line: int, draft: Application, details: PersonDetails) -> str:
    born = (details.birth_date - date(1899, 12, 30)).days
    values = (
        details.person.uma_number, None, f"Testinen {line}", born, details.nationality,
        draft.applicant.name_fi, MOVED_IN, "87",
    )  # fmt: skip
    cells = "".join(
        _cell(f"{column}{line}", value)
        for column, value in zip("ABCDEFGH", values, strict=True)
        if value is not None
    )
    return f'<row r="{line}">{cells}</row>'


def _cell(place: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _send(address: str, lists: int, draft: Application, file: Path) -> None:
    """Send the officer's lists, one right after another."""
    officer = Visitor(address, draft.created_by)
    for _list in range(lists):
        officer.send(f"/applications/{draft.pk}/list/upload/", file)


Pages = Sequence[tuple[Visitor, str]]


def _pages(address: str, draft: Application) -> Pages:
    """The bystander's front page, application and list, and the reviewers' work list."""
    reviewer = User.objects.create_user("rush-reviews")
    role_grant(reviewer, Role.REVIEWER, today=timezone.localdate())
    officer, checker = Visitor(address, draft.created_by), Visitor(address, reviewer)
    one = f"/applications/{draft.pk}/"
    return [(officer, "/applications/"), (officer, one), (officer, f"{one}list/"),
            (checker, "/supports/")]  # fmt: skip


def _opened(pages: Pages) -> Iterator[float]:
    """Open each page; the seconds that each took."""
    for visitor, path in pages:
        start = time.perf_counter()
        visitor.open(path)
        yield time.perf_counter() - start


@contextmanager
def _opening(pages: Pages) -> Iterator[list[float]]:
    """Open the pages over and over while the context lasts; the seconds of each."""
    taken: list[float] = []
    ended = Event()

    def over_and_over() -> None:
        while not ended.is_set():
            taken.extend(_opened(pages))

    reader = Thread(target=over_and_over)
    reader.start()
    try:
        yield taken
    finally:
        ended.set()
        reader.join()


def _none_waits() -> bool:
    return not PersonList.objects.filter(state="waiting").exists()


def _p50(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[9]


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[18]
