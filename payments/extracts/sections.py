"""What an extract tells of each kind of row, and what it leaves out of it.

Other people are in it by their relation alone, and by their UMA customer number where a decision
on this person rests on them (P-15, GDPR article 15.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month
from config.templatetags.finnish import day
from payments.cases.models import Closing, ProposalStatus
from payments.extracts.values import Cents, Coded, Field, coded
from payments.former.models import FormerStatus
from payments.models import Component, Group, LineKind, Outcome, Route
from registry.audit.models import Outcome as Done
from registry.audit.models import Purpose, Verb
from registry.deliveries.refusals import Refusal
from registry.models import LinkStatus, OrganisationKind, Person

DELIVERIES = (
    Field("brought_by", _("brought by delivery"), lambda fact: _delivery(fact.brought_by)),
    Field("closed_by", _("closed by delivery"), lambda fact: _delivery(fact.closed_by)),
)


def _delivery(delivery: Any) -> Coded | None:
    """A delivery by its number, with the day it came."""
    if delivery is None:
        return None
    came = localtime(delivery.received_at).date()
    return Coded(str(delivery.pk), f"{delivery.pk} ({day(came)})")


def details_fields(used: set[str]) -> tuple[Field, ...]:
    """Fields of what UMA says; of parents only those whose number a decision rests on."""
    return (
        Field("family_name", _("family name"), lambda d: d.family_name),
        Field("given_names", _("given names"), lambda d: d.given_names),
        Field("birth_date", _("birth date"), lambda d: d.birth_date),
        Field("identity_code", _("personal identity code"), _own_code),
        Field("nationality", _("nationality"), lambda d: d.nationality),
        Field("rgi_number", _("RGI number"), lambda d: d.rgi_number),
        Field("unhcr_number", _("UNHCR number"), lambda d: d.unhcr_number),
        Field("born_in_finland", _("born in Finland"), lambda d: d.born_in_finland),
        Field("parents", _("parents"), lambda d: _relatives(d.parent_uma_numbers, used)),
        *DELIVERIES,
    )


def _own_code(details: Any) -> str | None:
    return details.identity.code if details.identity and details.identity_is_own else None


def _relatives(numbers: list[str], used: set[str]) -> list[str]:
    """Numbers of relatives whom a decision rests on, and words for the others."""
    return [number if number in used else str(_("not named here")) for number in numbers]


def permit_fields(used: set[str]) -> tuple[Field, ...]:
    """Fields of a permit; the principal only where a decision rests on them."""

    def principal(permit: Any) -> list[str]:
        number = permit.principal_uma_number
        return _relatives([number], used) if number else []

    return (
        Field("permit_number", _("permit number"), lambda p: p.permit_number),
        Field("ground", _("ground"), lambda p: Coded(p.ground_id, str(p.ground))),
        Field("granted_on", _("granted on"), lambda p: p.granted_on),
        Field("valid_from", _("valid from"), lambda p: p.valid_from),
        Field("valid_to", _("valid to"), lambda p: p.valid_to),
        Field(
            "applied_for_protection",
            _("applied for protection"),
            lambda p: p.applied_for_protection,
        ),
        Field("quota_year", _("quota year"), lambda p: p.quota_year),
        Field("principal", _("principal"), principal),
        Field("tie_before_arrival", _("tie before arrival"), lambda p: p.tie_before_arrival),
        *DELIVERIES,
    )


POPULATION = (
    Field("death_date", _("death date"), lambda r: r.death_date),
    Field("finnish_citizen_from", _("Finnish citizen from"), lambda r: r.finnish_citizen_from),
    Field("non_disclosure", _("non-disclosure"), lambda r: r.non_disclosure),
    *DELIVERIES,
)
RESIDENCES = (
    Field("municipality", _("municipality"), lambda r: _payee(r.municipality)),
    Field("moved_in", _("moved in"), lambda r: r.moved_in),
    Field("moved_out", _("moved out"), lambda r: r.moved_out),
    Field("registered_on", _("registered on"), lambda r: r.registered_on),
    *DELIVERIES,
)
REFUSED = (
    Field("delivery", _("delivery"), lambda row: _delivery(row.delivery)),
    Field("file", _("file"), lambda row: row.file),
    Field("line", _("line"), lambda row: row.line),
    Field("column", _("column"), lambda row: row.column),
    Field("reason", _("reason"), lambda row: coded(Refusal, row.reason)),
)


def _payee(organisation: Any) -> Coded | None:
    return Coded(organisation.code, organisation.name) if organisation else None


def _month(name: str) -> Callable[[Any], Month]:
    return lambda row: Month.of(getattr(row, name))


def _run(row: Any) -> Month:
    return Month.of(row.run.month)


BENEFIT_MONTH = Field("benefit_month", _("benefit month"), _month("benefit_month"))
RUN = Field("run", _("run"), _run)
PAYEE = Field("payee", _("payee"), lambda row: _payee(row.payee))
COMPONENT = Field("component", _("component"), lambda row: coded(Component, row.component))
AMOUNT = Field("amount_cents", _("amount"), lambda row: Cents(row.amount_cents))


def _follows(assessment: Any) -> str | None:
    """Whose permit the permit follows: an earlier one of one's own, or a relative's."""
    basis = assessment.basis_permit
    if basis is None:
        return None
    own = basis.person_id == assessment.person_id
    return str(basis.permit_number if own else basis.person.uma_number)


ASSESSMENTS = (
    RUN,
    BENEFIT_MONTH,
    Field("outcome", _("outcome"), lambda a: coded(Outcome, a.outcome)),
    Field("municipality", _("municipality"), lambda a: _payee(a.municipality)),
    Field("county", _("county"), lambda a: _payee(a.county)),
    Field("permit", _("permit"), lambda a: a.permit and a.permit.permit_number),
    Field("follows", _("follows the permit of"), _follows),
    Field("group", _("group"), lambda a: coded(Group, a.group)),
    Field("clock_start", _("clock started"), lambda a: a.clock_start),
    Field("clock_end", _("compensation time ends before"), lambda a: a.clock_end),
    Field(
        "clock_parent",
        _("time of the parent"),
        lambda a: a.clock_parent and a.clock_parent.uma_number,
    ),
)


LINES = (
    RUN,
    Field("run_approved", _("approved"), lambda line: line.run.approved_at),
    BENEFIT_MONTH,
    PAYEE,
    COMPONENT,
    Field("kind", _("kind"), lambda line: coded(LineKind, line.kind)),
    Field("route", _("route"), lambda line: coded(Route, line.route)),
    AMOUNT,
)
DECISIONS = (
    Field("number", _("number"), lambda row: row.decision.number),
    Field("decided_on", _("decided"), lambda row: row.decision.decided_on),
    Field("recipient", _("recipient"), lambda row: _payee(row.decision.recipient)),
    Field("served_on", _("served"), lambda row: row.decision.served_on),
)
CLAIMABLE = (
    BENEFIT_MONTH,
    PAYEE,
    COMPONENT,
    Field("opened_by", _("found by the run of"), lambda e: Month.of(e.opened_by.month)),
    Field(
        "closed_by",
        _("closed by the run of"),
        lambda e: e.closed_by and Month.of(e.closed_by.month),
    ),
    Field("last_day_to_apply", _("last day to apply"), lambda e: e.last_day_to_apply),
    AMOUNT,
)


def _how_far(case: Any) -> Coded | None:
    """How far a manual case is, or why it ended without a decision."""
    if case.closed_as:
        return coded(Closing, case.closed_as)
    return coded(ProposalStatus, case.proposal.status) if case.proposal else None


def _other_number(link: Any, person: Person) -> str:
    """The number at the other end; not that of a proposal or an ended link, who may be another."""
    if not link.stands:
        return str(_("not named here"))
    other = link.number if link.person_id == person.pk else link.person
    return str(other.uma_number)


def link_fields(person: Person) -> tuple[Field, ...]:
    """Fields of a link of two numbers, seen from one of them."""
    return (
        Field("other_number", _("other number"), lambda link: _other_number(link, person)),
        Field("status", _("status"), lambda link: coded(LinkStatus, link.status)),
        Field("proposed_on", _("proposed"), lambda link: link.proposed_on),
        Field("confirmed_on", _("in force from"), lambda link: link.confirmed_on),
        Field("ended_on", _("ended"), lambda link: link.ended_on),
        Field("source", _("source"), lambda link: link.source if link.stands else ""),
        Field("reason", _("reason"), lambda link: link.reason if link.stands else ""),
    )


MANUAL_CASES = (
    Field("first_month", _("from"), _month("first_month")),
    Field("last_month", _("to"), _month("last_month")),
    Field("payee", _("applicant"), lambda c: _payee(c.proposal and c.proposal.payee)),
    Field("status", _("status"), _how_far),
    Field("evidence", _("evidence"), lambda c: c.stated_evidence),
    Field("matched_because", _("identified because"), lambda c: c.matched_because),
    Field("refused_because", _("refused because"), lambda c: c.refused_because),
)
DRAFTS = (
    Field("applicant", _("applicant"), lambda row: _payee(row.draft.applicant)),
    Field("uma_number", _("UMA customer number"), lambda row: row.uma_number),
    Field("permit_number", _("permit number"), lambda row: row.permit_number),
    Field("family_name", _("family name"), lambda row: row.family_name),
    Field("given_names", _("given names"), lambda row: row.given_names),
    Field("birth_date", _("birth date"), lambda row: row.birth_date),
    Field("first_month", _("from"), _month("first_month")),
    Field("last_month", _("to"), _month("last_month")),
    Field("evidence", _("evidence"), lambda row: row.evidence),
)
EVIDENCE = (
    Field("shows", _("what it shows"), lambda row: row.shows),
    Field("kind", _("kind of file"), lambda row: row.file.kind),
    Field("sent", _("sent"), lambda row: row.file.uploaded_at),
    Field("authoritys", _("added by the authority"), lambda row: row.is_authoritys),
)
ALLOCATIONS = (
    Field("municipality", _("municipality"), lambda home: _payee(home.municipality)),
    Field("moved_in", _("moved in"), lambda home: home.moved_in),
    Field("moved_out", _("last day"), lambda home: home.moved_out),
    Field("evidence", _("evidence"), lambda home: home.evidence),
    Field("in_force", _("decided and in force"), lambda home: home.is_standing),
)
FORMER = (
    BENEFIT_MONTH,
    PAYEE,
    COMPONENT,
    Field("decision", _("decision"), lambda row: row.decision_number),
    Field("decided_on", _("decided"), lambda row: row.decided_on),
    Field("status", _("status"), lambda row: coded(FormerStatus, row.source.status)),
    AMOUNT,
)
LIST_ROWS = (
    Field("application", _("application"), lambda row: _application(row.list.application)),
    Field("applicant", _("applicant"), lambda row: _payee(row.list.application.applicant)),
    Field("version", _("version of the list"), lambda row: row.list.number),
    Field("uma_number", _("UMA customer number"), lambda row: row.uma_number),
    Field("unhcr_number", _("RGI or UNHCR number"), lambda row: row.unhcr_number),
    Field("name", _("name"), lambda row: row.name),
    Field("birth_date", _("birth date"), lambda row: row.birth_date),
    Field("nationality", _("nationality"), lambda row: row.nationality),
    Field("municipality", _("municipality"), lambda row: _payee(row.municipality)),
    Field("moved_in", _("moved in"), lambda row: row.moved_in),
    Field("ground", _("ground"), lambda row: row.ground and Coded(row.ground_id, str(row.ground))),
    Field("quota_year", _("quota year"), lambda row: row.quota_year),
    Field("not_understood", _("texts without a meaning"), lambda row: [*row.raw.values()]),
    Field("removed", _("removed"), lambda row: row.is_removed),
)
HEARING_ROWS = (
    Field("application", _("application"), lambda row: _application(row.hearing.application)),
    Field("reason", _("reason"), lambda row: row.phrase.text),
    Field("asked", _("asked"), lambda row: row.hearing.asked_at),
    Field("answer_by", _("last day to answer"), lambda row: row.hearing.answer_by),
    Field("answered", _("answered"), lambda row: row.hearing.answered_at),
)
SUPPORT_ROWS = (
    Field("application", _("application"), lambda row: _application(row.proposal.application)),
    Field("recipient", _("recipient"), lambda row: coded(OrganisationKind, row.recipient_kind)),
    Field("accepted", _("accepted"), lambda row: row.accepted),
    Field("reason", _("reason"), lambda row: row.phrase and row.phrase.text),
    AMOUNT,
    Field("granted", _("decided and in force"), lambda row: row.is_granted),
    Field(
        "decision",
        _("decision"),
        lambda row: row.proposal.decision and row.proposal.decision.number,
    ),
)


def _application(application: Any) -> str:
    """The number of an application, of a draft its round."""
    return str(application.number or application.round)


def looked_fields(*, named: bool) -> tuple[Field, ...]:
    """Fields of an event of the access log; who it was by name, or by what they acted for."""
    return (
        Field("at", _("time"), lambda event: event.at),
        Field("by", _("by"), lambda event: _actor(event, named=named)),
        Field("verb", _("what was done"), lambda event: coded(Verb, event.verb)),
        Field("outcome", _("outcome"), lambda event: coded(Done, event.outcome)),
        Field("case", _("case"), lambda event: event.case_ref),
        Field("purpose", _("purpose"), lambda event: coded(Purpose, event.purpose)),
    )


def disclosed_fields(*, named: bool) -> tuple[Field, ...]:
    """Fields of an event of the disclosure log."""
    return (
        Field("at", _("time"), lambda event: event.at),
        Field("by", _("by"), lambda event: _actor(event, named=named)),
        Field("recipient", _("recipient"), lambda event: event.recipient_shown),
        Field("content", _("content"), lambda event: event.content_shown),
        Field("ground", _("ground in law"), lambda event: event.ground),
        Field("case", _("case"), lambda event: event.case_ref),
    )


def _actor(event: Any, *, named: bool) -> str:
    """Who did it: the user's name, or only for whom they acted (C-579/21)."""
    if event.actor is None:
        return str(_("the system"))
    acted_for = event.acting_for.name if event.acting_for else str(_("the paying authority"))
    return (
        f"{event.actor.get_full_name() or event.actor.get_username()}, {acted_for}"
        if named
        else acted_for
    )
