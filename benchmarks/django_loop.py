"""The month as one would write it first: objects one by one through the ORM, for comparison.

Covers the common cases of the law only (no ties, renewals or children), which favours the loop.
"""

from __future__ import annotations

from datetime import date

from django.db import connection, models
from django.db.models import Prefetch

from payments.models import Component, Rate
from registry.models import Permit, Person, PersonDetails, PopulationRecord, Residence

BATCH = 5000
YEARS = {"quota": 4, "ordinary": 3}


class LoopLine(models.Model):
    """A line of the loop, in a table of its own."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    payee_id = models.BigIntegerField()
    component = models.CharField(max_length=5)
    amount_cents = models.IntegerField()

    class Meta:
        app_label = "payments"
        db_table = "benchmark_loop_line"

    def __str__(self) -> str:
        return str(self.pk)


class LoopAssessment(models.Model):
    """An assessment of the loop, in a table of its own."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=26)

    class Meta:
        app_label = "payments"
        db_table = "benchmark_loop_assessment"

    def __str__(self) -> str:
        return str(self.pk)


def loop_month(day: date, persons: int) -> int:
    """Assess so many persons one by one; return the number of lines."""
    _tables()
    rates = list(Rate.objects.in_force(day).filter(route="automatic", region="mainland"))
    lines: list[LoopLine] = []
    assessments: list[LoopAssessment] = []
    written = 0
    for person in _persons(persons).iterator(chunk_size=BATCH):
        outcome, new = _assess(person, day, rates)
        assessments.append(LoopAssessment(person=person, outcome=outcome))
        lines += new
        if len(assessments) >= BATCH:
            written += _write(assessments, lines)
    return written + _write(assessments, lines)


def _tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_loop_line, benchmark_loop_assessment")
    with connection.schema_editor() as editor:
        editor.create_model(LoopLine)
        editor.create_model(LoopAssessment)


def _persons(number: int) -> models.QuerySet[Person]:
    identity = "identity"
    residences = Residence.objects.current().select_related("municipality")
    details = (
        PersonDetails.objects.current()
        .select_related(identity)
        .prefetch_related(
            Prefetch("identity__residences", residences),
            Prefetch("identity__records", PopulationRecord.objects.current()),
        )
    )
    permits = Permit.objects.current().select_related("ground")
    return Person.objects.order_by("pk").prefetch_related(
        Prefetch("details", details), Prefetch("permits", permits)
    )[:number]


def _assess(person: Person, day: date, rates: list[Rate]) -> tuple[str, list[LoopLine]]:
    details = person.details.all()[0]
    if details.identity is None:
        return "no_identity_code", []
    for record in details.identity.records.all():
        if record.death_date and record.death_date < day:
            return "deceased", []
        if record.finnish_citizen_from and record.finnish_citizen_from <= day:
            return "finnish_citizen", []
    residences = list(details.identity.residences.all())
    home = [r for r in residences if r.moved_in <= day <= (r.moved_out or date.max)]
    if not home:
        return "no_home_municipality", []
    permits = [p for p in person.permits.all() if p.valid_from <= day <= (p.valid_to or date.max)]
    if not permits:
        return "no_valid_permit", []
    if not any(p.ground.scope == "always" for p in permits):
        return "ground_out_of_scope", []
    group = "quota" if any(p.ground_id == "90" for p in permits) else "ordinary"
    start = min(r.moved_in for r in residences)
    years = YEARS[group] - (start >= date(2025, 1, 1))
    if (day.year - start.year) - ((day.month, day.day) < (start.month, start.day)) >= years:
        return "time_used_up", []
    age = (
        day.year
        - details.birth_date.year
        - ((day.month, day.day) < (details.birth_date.month, details.birth_date.day))
    )
    return "paid", [
        LoopLine(
            person=person,
            payee_id=_payee(rate, home[0]),
            component=rate.component,
            amount_cents=rate.monthly_cents,
        )
        for rate in rates
        if rate.component == Component.BASE and rate.min_age <= age <= (rate.max_age or 200)
    ]


def _payee(rate: Rate, home: Residence) -> int:
    municipality = home.municipality
    return municipality.pk if rate.payee_kind == "municipality" else municipality.county_id or 0


def _write(assessments: list[LoopAssessment], lines: list[LoopLine]) -> int:
    LoopAssessment.objects.bulk_create(assessments, batch_size=BATCH)
    LoopLine.objects.bulk_create(lines, batch_size=BATCH)
    written = len(lines)
    assessments.clear()
    lines.clear()
    return written
