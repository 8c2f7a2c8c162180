"""One person-month assessed on today's register, read back from the stages' tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from config.lib.months import Month
from payments.entitlement import stages
from payments.entitlement.citations import Citations
from payments.models import ManualResidence
from registry.models import (
    Delivery,
    Permit,
    Person,
    PersonDetails,
    PersonLink,
    PopulationRecord,
    Residence,
)

COVERING = """
SELECT s.permit_id, s.in_scope @> w.day AS in_scope, s.in_force @> w.day AS in_force,
       s.scope, s.tie_before_arrival
FROM work w
JOIN scope s ON s.person_id = w.person_id AND w.day BETWEEN s.valid_from AND s.valid_to
ORDER BY s.valid_from, s.permit_number
"""

PAYEE = "SELECT age, adult_from FROM payee"


class UnknownPerson(LookupError):
    """No person with the UMA number, or none whose permits the register knows (C-02)."""


@dataclass(frozen=True)
class Assessed:
    """What the stages left of one person-month, with the facts it names."""

    month: Month
    citations: Citations
    row: dict[str, Any]
    covering: list[dict[str, Any]]
    years: int | None
    age: int | None
    adult_from: date | None
    record: PopulationRecord | None
    residence: Residence | None
    allocation: ManualResidence | None
    details: PersonDetails | None
    joined: list[PersonLink]
    has_code: bool

    @property
    def day(self) -> date:
        """The first day of the month."""
        return self.month.first_day


@transaction.atomic
def person_month_assess(person: Person, month: Month) -> Assessed:
    """Run the stages for one person-month. Raises UnknownPerson without a known permit."""
    latest = Delivery.objects.order_by("pk").last()
    links = PersonLink.objects.standing().filter(person=person).order_by("pk")
    joined = list(links.select_related("person", "number", "confirmed_by"))
    numbers = [person.pk, *(link.number_id for link in joined)]
    if latest is None or not Permit.objects.current().filter(person__in=numbers).exists():
        raise UnknownPerson(
            _("The register knows no permit of this person, so nothing is assessed.")
        )
    with connection.cursor() as cursor:
        stages.begin(cursor)
        stages.know_links(cursor)
        stages.know_allocations(cursor)
        cursor.execute("INSERT INTO work VALUES (%s, %s)", [person.pk, month.first_day])
        stages.run(cursor, known_at=latest.pk)
        row = _rows(cursor, "SELECT * FROM assessment")[0]
        covering = _rows(cursor, COVERING)
        clock = _rows(
            cursor,
            f"SELECT years FROM clock WHERE person_id = {row['clock_parent_id'] or person.pk:d}",
        )
        payee = _rows(cursor, PAYEE)
        details = _rows(cursor, "SELECT has_code FROM details")
    return Assessed(
        month=month,
        citations=Citations(month.first_day),
        row=row,
        covering=covering,
        years=clock[0]["years"] if clock else None,
        age=payee[0]["age"] if payee else None,
        adult_from=payee[0]["adult_from"] if payee else None,
        record=fact(PopulationRecord, row["population_record_id"]),
        residence=fact(Residence, row["residence_id"]),
        allocation=allocation(row["manual_residence_id"]),
        details=fact(PersonDetails, row["details_id"]),
        joined=joined,
        has_code=bool(details and details[0]["has_code"]),
    )


def _rows(cursor: Any, sql: str) -> list[dict[str, Any]]:
    cursor.execute(sql)
    names = [column.name for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def allocation(pk: int | None) -> ManualResidence | None:
    """A decided allocation (C-39); None for None."""
    found = ManualResidence.objects.select_related("municipality", "case")
    return found.get(pk=pk) if pk else None


def fact(model: Any, pk: int | None) -> Any:
    """A fact of the register with the delivery that brought it; None for None."""
    return model.objects.select_related("brought_by").get(pk=pk) if pk else None
