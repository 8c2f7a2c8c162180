"""The demo's applications: lists from the synthetic register, sent, heard, and still being filled in;
a salary grant whose costs are claimed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import load_workbook

from grants.applications.content import content_hash
from grants.applications.models import Application
from grants.applications.services import application_begin, application_save, application_send
from grants.costs.demo import SalaryCast, salary_play
from grants.hearings.services import hearing_ask
from grants.lists.schema import columns_of
from grants.lists.services import list_read, list_receive
from grants.lists.template import template_make
from grants.review.marking import rows_mark, rows_to_check
from grants.review.models import Phrase
from grants.review.services import application_assign
from grants.rounds.demo import rounds_open
from grants.rounds.models import Round
from registry.access.rights import access_of
from registry.models import Ground, Organisation, PersonDetails, User

PERSONS = 12  # of a list
LIST = 1  # its sheet in the template

# People who moved to a municipality in the round's window, by the permit they came with: what an
# honest officer would write. The first home alone, as the support goes to it (G-04).
NEWCOMERS = """
SELECT d.id, p.uma_number, residence.moved_in, permit.ground_id
FROM registry_persondetails d
JOIN registry_person p ON p.id = d.person_id
JOIN LATERAL (
    SELECT r.municipality_id, r.moved_in FROM registry_residence r
    WHERE r.identity_id = d.identity_id AND r.closed_by_id IS NULL
    ORDER BY r.moved_in LIMIT 1
) residence ON residence.municipality_id = %(municipality)s
           AND residence.moved_in BETWEEN %(first)s AND %(last)s
JOIN LATERAL (
    SELECT x.ground_id FROM registry_permit x
    WHERE x.person_id = d.person_id AND x.closed_by_id IS NULL AND x.ground_id = ANY (%(grounds)s)
    ORDER BY x.valid_from, x.permit_number LIMIT 1
) permit ON true
WHERE d.closed_by_id IS NULL
ORDER BY d.id
LIMIT %(most)s
"""


def supports_play(people: Mapping[str, User], *, at: datetime, today: date) -> None:
    """Open the demo's rounds and have officers apply in them; once."""
    supplement, _urgent, salary = rounds_open(today=today)
    if Application.objects.filter(round=supplement).exists():
        return
    _sent(supplement, people["anna"], at)
    helmi = people["helmi"]  # of two organisations: she applies for the city
    helmi.access = access_of(helmi, today=today, chosen=_own(helmi).pk)
    _heard(_sent(supplement, helmi, at), people["katri"], at=at, today=today)
    _applied(supplement, people["bertta"], at, badly=True)
    application_begin(supplement, applicant=_own(people["cecilia"]), by=people["cecilia"], at=at)
    cast = SalaryCast(people["anna"], people["kalle"], people["hilkka"])
    salary_play(salary, _own(people["anna"]), cast, at=at, today=today)


def _sent(round_: Round, officer: User, at: datetime) -> Application:
    draft = _applied(round_, officer, at)
    return application_send(draft.pk, seen=content_hash(draft), by=officer, at=at)


def _heard(application: Application, reviewer: User, *, at: datetime, today: date) -> None:
    """The reviewer accepts all but the last row, and hears the applicant on that one (§ 34)."""
    application_assign(application.pk, reviewer=reviewer, by=reviewer, at=at)
    *accepted, refused = rows_to_check(application).order_by("line").values_list("pk", flat=True)
    marks: dict[int, Phrase | None] = dict.fromkeys(accepted)
    marks[refused] = Phrase.objects.get(code="not-in-register")
    rows_mark(application.pk, marks=marks, by=reviewer, at=at)
    hearing_ask(
        application.pk, question="", answer_by=today + timedelta(days=14), by=reviewer, at=at
    )


def _own(officer: User) -> Organisation:
    membership = officer.memberships.select_related("organisation").earliest("pk")
    own: Organisation = membership.organisation
    return own


def _applied(round_: Round, officer: User, at: datetime, *, badly: bool = False) -> Application:
    """A draft of the officer's with a list; filled in `badly`, with faults to mend in the page."""
    draft = application_begin(round_, applicant=_own(officer), by=officer, at=at)
    draft = application_save(
        draft.pk,
        version=draft.version,
        by=officer,
        at=at,
        said={"contact_email": f"{officer.username}@kunta.example", "has_agreement": True},
    )
    rows = _newcomers(round_, draft.applicant)
    content = _filled(round_, draft.applicant, _spoilt(rows) if badly else rows)
    received = list_receive(draft.pk, content=content, file_name="henkilot.xlsx", by=officer, at=at)
    list_read(received.pk)
    draft.refresh_from_db()
    return draft


def _newcomers(round_: Round, town: Organisation) -> list[dict[str, Any]]:
    found: Iterable[Any] = PersonDetails.objects.raw(
        NEWCOMERS,
        {
            "municipality": town.pk,
            "first": round_.arrivals_from,
            "last": round_.arrivals_to,
            "grounds": list(round_.grounds.values_list("ground", flat=True)),
            "most": PERSONS,
        },
    )
    grounds = Ground.objects.in_bulk()
    return [
        {
            "uma_number": row.uma_number,
            "name": f"{row.family_name} {row.given_names}",
            "birth_date": row.birth_date,
            "nationality": row.nationality,
            "municipality": town.name_fi,
            "moved_in": row.moved_in,
            "ground": grounds[row.ground_id].code,
        }
        for row in found
    ]


def _spoilt(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with faults such as officers make."""
    faults: tuple[dict[str, Any], ...] = (
        {"birth_date": "32.1.2015"},
        {"nationality": "Afganistaan"},
        {"uma_number": ""},
        {"moved_in": date(2019, 3, 1)},
    )
    spoilt = [row | fault for row, fault in zip(rows, faults, strict=False)]
    return [*spoilt, *rows[len(faults) :], *rows[-1:]]  # the last person twice


def _filled(round_: Round, applicant: Organisation, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The round's template with the rows written in."""
    book = load_workbook(io.BytesIO(template_make(round_, applicant, "fi")))
    sheet = book.worksheets[LIST]
    for line, row in enumerate(rows, start=2):
        for at, column in enumerate(columns_of(round_.support), start=1):
            sheet.cell(line, at, row.get(column.name) or None)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
