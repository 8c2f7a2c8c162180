"""The law asked in short: put somebody in the register, ask how a month ends for them.

resident("A", moved_in="2025-03-15")
reason("A", "2025-04")  # "paid"
lines("A", "2025-04")   # ["county 09 adult 6.08", "county 09 base 91.42", …]
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from zlib import crc32

from django.db import connection

from config.lib.months import Month
from payments.entitlement import stages
from registry.models import Delivery as KnownDelivery
from tests.factories import identity_code
from tests.naive.register import Delivery, Row
from tests.payments.loading import load

FIRST, LAST = "2021-01", "2030-12"  # the months `paid_months` looks at

OUTCOMES = """
SELECT p.uma_number, to_char(a.benefit_month, 'YYYY-MM'), a.outcome, a.without_agreement,
       own.permit_number, basis.permit_number, a."group", a.clock_start, a.clock_end,
       parent.uma_number
FROM assessment a
JOIN registry_person p ON p.id = a.person_id
LEFT JOIN registry_permit own ON own.id = a.permit_id
LEFT JOIN registry_permit basis ON basis.id = a.basis_permit_id
LEFT JOIN registry_person parent ON parent.id = a.clock_parent_id
ORDER BY 1, 2
"""

LINES = """
SELECT concat_ws(' ', o.kind, o.code, e.component,
                 to_char(e.amount_cents / 100.0, 'FM999999990.00'))
FROM expected e
JOIN registry_organisation o ON o.id = e.payee_id
ORDER BY 1
"""


SUMS = """
SELECT p.uma_number, to_char(e.benefit_month, 'YYYY-MM'), o.code, e.component, e.amount_cents
FROM expected e
JOIN registry_person p ON p.id = e.person_id
JOIN registry_organisation o ON o.id = e.payee_id
"""


class Outcome(NamedTuple):
    """How a person-month ended, and the facts it rests on (C-28)."""

    uma_number: str
    month: str
    outcome: str
    without_agreement: bool
    permit: str | None
    basis_permit: str | None
    group: str | None
    clock_start: date | None
    clock_end: date | None
    clock_parent: str | None


# Facts


def home(town: str, moved_in: str, moved_out: str = "") -> Row:
    """A home-municipality entry."""
    return {"municipality_code": town, "moved_in": moved_in, "moved_out": moved_out}


def permit(
    ground: str,
    valid_from: str,
    valid_to: str = "",
    *,
    number: str = "",
    applied: str = "",
    principal: str = "",
    tie: str = "",
) -> Row:
    """A residence permit; its number is made up unless given."""
    return {
        "permit_number": number,
        "ground": ground,
        "applied_for_protection": applied,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "principal_uma_number": principal,
        "tie_before_arrival": tie,
    }


def family_of(principal: str, valid_from: str, *, ground: str = "114", tie: str = "true") -> Row:
    """A family permit, the tie formed before arrival unless said otherwise (C-14)."""
    return permit(ground, valid_from, principal=principal, tie=tie)


def person_rows(
    uma: str,
    *,
    born: str = "1990-05-01",
    moved_in: str = "2025-03-15",
    homes: Iterable[Row] | None = None,
    permits: Iterable[Row] | None = None,
    code: str | None = None,
    died: str = "",
    citizen_from: str = "",
    born_in_finland: bool = False,
    parents: str = "",
) -> Delivery:
    """Rows of a person, by file: by default a recognised refugee of Lahti since `moved_in`.

    `homes` and `permits` replace that; an empty `code` is no identity code at all.
    """
    code = code_of(uma, born) if code is None else code
    homes = [home("398", moved_in)] if homes is None else homes
    permits = [permit("87", moved_in)] if permits is None else permits
    person = {
        "uma_number": uma,
        "personal_identity_code": code,
        "birth_date": born,
        "born_in_finland": str(born_in_finland).lower(),
        "parent_uma_numbers": parents,
    }
    vtj = {"death_date": died, "finnish_citizen_from": citizen_from}
    return {
        "uma_persons.csv": [person],
        "uma_permits.csv": [
            {**row, "uma_number": uma, "permit_number": row["permit_number"] or f"{uma}-{n}"}
            for n, row in enumerate(permits, start=1)
        ],
        "vtj_persons.csv": [{**vtj, "personal_identity_code": code}] if code else [],
        "vtj_residences.csv": [{**row, "personal_identity_code": code} for row in homes],
    }


def code_of(uma: str, born: str = "1990-05-01") -> str:
    """The artificial identity code that goes with a UMA number and a birth date."""
    return identity_code(date.fromisoformat(born), crc32(uma.encode()) % 600)


def resident(uma: str, **facts: Any) -> str:
    """Put a person in the register, as `person_rows` says."""
    load(person_rows(uma, **facts))
    return uma


def agreement_row(town: str, valid_from: str, valid_to: str = "") -> Row:
    """An integration agreement of a municipality (C-27)."""
    row = {"municipality_code": town, "valid_from": valid_from, "valid_to": valid_to}
    return {**row, "reference": f"SOP-{town}"}


def agreement(town: str, valid_from: str, valid_to: str = "") -> None:
    """Put an agreement in the register."""
    load({"agreements.csv": [agreement_row(town, valid_from, valid_to)]})


# Questions


def outcome(uma: str, month: str) -> Outcome:
    """How one person-month ends."""
    assess([uma], [Month.parse(month)])
    (found,) = _rows(OUTCOMES)
    return Outcome(*found)


def reason(uma: str, month: str) -> str:
    """`paid`, or the reason code."""
    return outcome(uma, month).outcome


def lines(uma: str, month: str, *, routes: Iterable[tuple[str, str]] = ()) -> list[str]:
    """The expected lines as `payee_kind payee_code component euros`.

    `routes` are payees once paid through a claim: (payee code, route) (C-32).
    """
    assess([uma], [Month.parse(month)], routes)
    return [line for (line,) in _rows(LINES)]


def payees(uma: str, month: str) -> list[str]:
    """The codes of those who are paid the base component."""
    return [line.split()[1] for line in lines(uma, month) if " base " in line]


def paid_months(uma: str) -> list[str]:
    """Every paid month of ten years."""
    first, last = Month.parse(FIRST), Month.parse(LAST)
    assess([uma], [first + number for number in range(last - first + 1)])
    return [found[1] for found in _rows(OUTCOMES) if found[2] == "paid"]


def months_with(uma: str, part: str) -> list[str]:
    """Every month of ten years with a line of the component, for whichever payee."""
    first, last = Month.parse(FIRST), Month.parse(LAST)
    assess([uma], [first + number for number in range(last - first + 1)])
    sql = "SELECT DISTINCT to_char(benefit_month, 'YYYY-MM') FROM expected WHERE component = %s"
    return [month for (month,) in _rows(f"{sql} ORDER BY 1", [part])]


def expected_sums() -> dict[tuple[str, str, str, str], int]:
    """What `assess` found: cents by person, benefit month, payee and component."""
    return {(uma, month, code, part): cents for uma, month, code, part, cents in _rows(SUMS)}


def assess(
    umas: Iterable[str], months: Iterable[Month], routes: Iterable[tuple[str, str]] = ()
) -> None:
    """Run the stages of the law; they leave `assessment` and `expected`."""
    latest = KnownDelivery.objects.latest("pk").pk
    days = [month.first_day for month in months]
    with connection.cursor() as cursor:
        stages.begin(cursor)
        stages.know_links(cursor)
        cursor.execute(
            "INSERT INTO work SELECT p.id, day FROM registry_person p, unnest(%s::date[]) day"
            " WHERE p.uma_number = ANY (%s)",
            [days, list(umas)],
        )
        for payee, route in routes:
            cursor.execute(
                "INSERT INTO booked_route SELECT w.person_id, w.day, o.id, %s"
                " FROM work w, registry_organisation o WHERE o.code = %s",
                [route, payee],
            )
        stages.run(cursor, known_at=latest)


def _rows(sql: str, params: Iterable[object] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.fetchall()
