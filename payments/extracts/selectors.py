"""Everything held on one person, section by section (P-15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from grants.models import HearingRow, ListRow, ProposedRow
from payments.decisions.models import RunDecision
from payments.extracts import sections as told
from payments.extracts.values import Section
from payments.models import (
    Assessment,
    CaseEvidence,
    ClaimableEntry,
    DraftPerson,
    FormerPayment,
    Line,
    Run,
)
from registry.audit.models import AuditEvent, DisclosureEvent, Verb
from registry.models import (
    Permit,
    Person,
    PersonDetails,
    PersonLink,
    PopulationRecord,
    RejectedRow,
    Residence,
)

AT_ONCE = 2000  # rows read from the database at a time


@dataclass(frozen=True)
class Held:
    """What a person's rows hang on, and the relatives whom decisions on the person rest on."""

    person: Person
    own_identities: dict[int, str]  # codes in clear by id, those of nobody else ever
    shared_identities: int  # codes another person has had too: whose rows they are is not known
    used_relatives: frozenset[str]  # UMA customer numbers


def person_held(person: Person) -> Held:
    """What the person's rows are found by (P-15); three queries."""
    details = PersonDetails.objects.filter(person=person, identity__isnull=False)
    codes = {d.identity_id: d.identity for d in details.select_related("identity")}
    others = PersonDetails.objects.filter(identity__in=codes).exclude(person=person)
    shared = set(others.values_list("identity", flat=True))
    own = {pk: identity.code for pk, identity in codes.items() if pk not in shared}
    return Held(person, own, len(shared), _relatives_used(person))


def _relatives_used(person: Person) -> frozenset[str]:
    """Relatives whose compensation time or permit some assessment of the person follows."""
    rows = Assessment.objects.filter(person=person).values_list(
        "clock_parent__uma_number", "basis_permit__person__uma_number"
    )
    numbers = {number for row in rows.distinct() for number in row if number}
    return frozenset(numbers - {person.uma_number})


def person_sections(held: Held, *, named: bool) -> list[Section]:
    """The sections of an extract; `named` names the users who looked."""
    used = set(held.used_relatives)
    return [
        Section(
            "details",
            _("Details, from UMA"),
            told.details_fields(used),
            _details(held),
            as_facts=True,
        ),
        Section(
            "permits",
            _("Residence permits, from UMA"),
            told.permit_fields(used),
            _of(Permit, held, "ground"),
            as_facts=True,
        ),
        Section(
            "population_records",
            _("Population register: records"),
            told.POPULATION,
            _registered(PopulationRecord, held),
        ),
        Section(
            "residences",
            _("Population register: home municipalities"),
            told.RESIDENCES,
            _registered(Residence, held, "municipality"),
        ),
        Section("refused_rows", _("Refused rows of deliveries"), told.REFUSED, refused_rows(held)),
        Section(
            "assessments", _("What the runs found"), told.ASSESSMENTS, assessments(held.person)
        ),
        Section("lines", _("Amounts booked and proposed"), told.LINES, lines(held.person)),
        Section(
            "decisions", _("Decisions with those amounts"), told.DECISIONS, decided(held.person)
        ),
        Section(
            "claimable_entries",
            _("Months the payee may apply for"),
            told.CLAIMABLE,
            claimable(held.person),
        ),
        Section(
            "joined_numbers",
            _("Joined UMA numbers"),
            told.link_fields(held.person),
            PersonLink.objects.of(held.person).select_related("person", "number").order_by("pk"),
        ),
        Section(
            "manual_cases",
            _("Manual cases"),
            told.MANUAL_CASES,
            held.person.manual_cases.select_related("proposal__payee").order_by("pk"),
        ),
        Section(
            "evidence",
            _("Evidence files of the manual cases"),
            told.EVIDENCE,
            CaseEvidence.objects.filter(case__person=held.person)
            .select_related("file")
            .order_by("pk"),
        ),
        Section(
            "allocations",
            _("Home municipalities allocated by hand"),
            told.ALLOCATIONS,
            held.person.manual_residences.select_related("municipality").order_by("pk"),
        ),
        Section(
            "drafts",
            _("Drafts of applications for persons"),
            told.DRAFTS,
            drafts(held.person),
        ),
        Section(
            "former_payments",
            _("Paid by hand by the former system"),
            told.FORMER,
            FormerPayment.objects.filter(person=held.person)
            .select_related("payee", "source")
            .order_by("pk"),
        ),
        Section(
            "list_rows",
            _("Rows of supports' person lists"),
            told.LIST_ROWS,
            list_rows(held.person),
        ),
        Section(
            "hearing_rows",
            _("Hearings of applicants on those rows"),
            told.HEARING_ROWS,
            hearing_rows(held.person),
        ),
        Section(
            "support_rows",
            _("What was proposed and decided on those rows"),
            told.SUPPORT_ROWS,
            support_rows(held.person),
        ),
        Section(
            "looked",
            _("Who has looked or tried to"),
            told.looked_fields(named=named),
            looked(held.person),
        ),
        Section(
            "disclosed",
            _("To whom data has been given"),
            told.disclosed_fields(named=named),
            disclosed(held.person),
        ),
    ]


def _of(model: Any, held: Held, *related: str) -> QuerySet[Any]:
    return _ordered(model.objects.filter(person=held.person), *related)


def _details(held: Held) -> Iterator[PersonDetails]:
    for details in _of(PersonDetails, held, "identity"):
        details.identity_is_own = details.identity_id in held.own_identities
        yield details


def _registered(model: Any, held: Held, *related: str) -> QuerySet[Any]:
    return _ordered(model.objects.filter(identity__in=held.own_identities), *related)


def _ordered(facts: QuerySet[Any], *related: str) -> QuerySet[Any]:
    """Facts with their deliveries, the earliest brought first."""
    return facts.select_related("brought_by", "closed_by", *related).order_by("brought_by", "pk")


def refused_rows(held: Held) -> Iterator[RejectedRow]:
    """Refused rows that name the person by number or code.

    Values are sealed, so that each is opened and looked at. A row of which only another value was
    kept cannot be found.
    """
    known = {held.person.uma_number, *held.own_identities.values()}
    rows = RejectedRow.objects.select_related("delivery").order_by("delivery", "file", "line")
    for row in rows.iterator(chunk_size=AT_ONCE):
        if not known.isdisjoint(row.value.split(",")):
            yield row


def assessments(person: Person) -> QuerySet[Assessment]:
    """What each run found of the person's months, the earliest first."""
    related = ("run", "municipality", "county", "permit", "basis_permit__person", "clock_parent")
    rows = Assessment.objects.filter(person=person, run__in=Run.objects.computed())
    return rows.select_related(*related).order_by("run__month", "benefit_month")


def lines(person: Person) -> QuerySet[Line]:
    """The person's lines in every run, the earliest first."""
    rows = Line.objects.filter(person=person, run__in=Run.objects.computed())
    order = ("run__month", "benefit_month", "payee__kind", "payee__code", "component")
    return rows.select_related("run", "payee").order_by(*order)


def decided(person: Person) -> QuerySet[RunDecision]:
    """Payment decisions on proposals with lines of the person, the earliest first."""
    own = Line.objects.filter(
        person=person, run=OuterRef("proposal__run"), payee=OuterRef("proposal__payee")
    )
    decisions = RunDecision.objects.filter(Exists(own))
    return decisions.select_related("decision__recipient").order_by("decision")


def claimable(person: Person) -> QuerySet[ClaimableEntry]:
    """Claimable entries ever opened for the person."""
    rows = ClaimableEntry.objects.filter(person=person)
    return rows.select_related("payee", "opened_by", "closed_by").order_by("benefit_month", "pk")


def _by_number(person: Person, prefix: str = "") -> Q:
    """Rows of lists that name the person, known to the register when they were read or not."""
    named = Q(**{f"{prefix}uma_number": person.uma_number})
    return named | Q(**{f"{prefix}person": person})


def drafts(person: Person) -> QuerySet[DraftPerson]:
    """Persons of drafts that bear the person's UMA customer number."""
    rows = DraftPerson.objects.filter(uma_number=person.uma_number)
    return rows.select_related("draft__applicant").order_by("draft", "line")


def list_rows(person: Person) -> QuerySet[ListRow]:
    """Rows of every version of a person list that name the person, as they are now corrected."""
    related = ("list__application__round", "list__application__applicant", "municipality", "ground")
    rows = ListRow.objects.filter(_by_number(person)).select_related(*related)
    return rows.order_by("list__application", "list", "line")


def hearing_rows(person: Person) -> QuerySet[HearingRow]:
    """For which reasons applicants were heard on refusing those rows, the earliest first."""
    rows = HearingRow.objects.filter(_by_number(person, "row__"))
    return rows.select_related("hearing__application__round", "phrase").order_by("pk")


def support_rows(person: Person) -> QuerySet[ProposedRow]:
    """What proposals and decisions say of those rows, the earliest first."""
    related = ("proposal__application__round", "proposal__decision", "phrase")
    rows = ProposedRow.objects.filter(_by_number(person, "row__")).select_related(*related)
    return rows.order_by("proposal", "recipient_kind", "pk")


def looked(person: Person) -> QuerySet[AuditEvent]:
    """Events that name the person, and exports of whole runs with lines of the person."""
    runs = Line.objects.filter(person=person).order_by().values_list("run", flat=True).distinct()
    whole_runs = Q(
        verb=Verb.EXPORTED, object_type=Run._meta.label_lower, object_id__in=map(str, runs)
    )
    events = AuditEvent.objects.filter(Q(persons__contains=[person.pk]) | whole_runs)
    return events.select_related("actor", "acting_for").order_by("-pk")


def disclosed(person: Person) -> QuerySet[DisclosureEvent]:
    """Disclosures of the person's data, the latest first."""
    events = DisclosureEvent.objects.filter(persons__contains=[person.pk])
    return events.select_related("actor", "acting_for").order_by("-pk")
