"""The steps of an explanation, one function a rule, in the order of the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.lib.months import Month
from config.templatetags.finnish import day as written
from config.templatetags.finnish import month as written_month
from payments.entitlement.assessed import Assessed, allocation, fact
from payments.entitlement.explanation import ExplainedFact, Step
from payments.models import Group, ManualDecision, ManualResidence, Outcome
from registry.models import Organisation, Permit, Residence


def explained_steps(a: Assessed) -> list[Step]:
    """The steps in the order of the rules, ending with the one that stops the assessment."""
    steps = [_joined(a)] if a.joined else []
    for make in (_death, _citizenship, _identity, _home, _permits, _scope, _time):
        steps.append(make(a))
        if steps[-1].verdict == "stops":
            return steps
    return [*steps, _agreement(a), _adult_year(a)]


def _joined(a: Assessed) -> Step:
    facts = [
        ExplainedFact(
            _("joined number"),
            _("UMA {number}, in force from {day}").format(
                number=link.number.uma_number, day=written(link.confirmed_on)
            ),
            link.source,
        )
        for link in a.joined
    ]
    text = _(
        "Several UMA numbers are this person's. The facts of all of them count; where they clash, "
        "those of the number that the person goes on under."
    )
    return Step("C-01", _("Numbers"), text, "info", facts)


def _death(a: Assessed) -> Step:
    died = a.record.death_date if a.record else None
    facts = (
        [_used(a.record, _("death date"), written(died) or _("none"), "VTJ")] if a.record else []
    )
    if died is None:
        text = _("No death is known.")
    elif died < a.day:
        text = _("Died before the first day of the month, so the month is not paid.")
    else:
        text = _("Was alive when the first day of the month began, so the month counts.")
    return _step(a, Outcome.DECEASED, Step("C-03", _("Alive"), text, "passes", facts))


def _citizenship(a: Assessed) -> Step:
    since = a.record.finnish_citizen_from if a.record else None
    facts = []
    if a.record:
        value = written(since) or _("none")
        facts = [_used(a.record, _("Finnish citizen from"), value, "VTJ")]
    if since is None or since > a.day:
        text = _("Was not a Finnish citizen on the first day of the month.")
    else:
        text = _("Was a Finnish citizen on the first day of the month.")
    return _step(a, Outcome.FINNISH_CITIZEN, Step("C-04", _("Citizenship"), text, "passes", facts))


def _identity(a: Assessed) -> Step:
    known = a.has_code
    facts = []
    if a.details:
        value = _("known") if known else _("missing")
        facts = [_used(a.details, _("personal identity code"), value, "UMA")]
    if known:
        text = _("UMA holds an identity code, by which the registers are joined.")
    elif a.allocation:
        text = _("UMA holds no identity code, but a decided allocation covers the day (C-39).")
    else:
        text = _("UMA holds no identity code: the person goes to manual allocation.")
    return _step(
        a, Outcome.NO_IDENTITY_CODE, Step("C-05", _("Identity code"), text, "passes", facts)
    )


def _home(a: Assessed) -> Step:
    home = a.residence or a.allocation
    if home is None:
        text = _("No home-municipality entry covers the first day of the month.")
        facts = []
    else:
        if a.allocation:
            text = _("A decided allocation covers the first day of the month (C-39).")
            facts = [_allocated(a.allocation, _("home municipality, allocated by hand"))]
        else:
            text = _("A home-municipality entry covers the first day of the month.")
            facts = [_used(home, _("home municipality"), _residence_text(home), "VTJ")]
        successor = _successor(a)
        if successor is not None:
            text += " " + _(
                "The municipality has merged: {name} is paid in its place (C-21)."
            ).format(name=successor.name)
    return _step(
        a, Outcome.NO_HOME_MUNICIPALITY, Step("C-06", _("Home municipality"), text, "passes", facts)
    )


def _successor(a: Assessed) -> Organisation | None:
    home, paid = a.residence or a.allocation, a.row["municipality_id"]
    if home is None or paid in (None, home.municipality_id):
        return None
    return Organisation.objects.get(pk=paid)


def _allocated(home: ManualResidence, label: str) -> ExplainedFact:
    decided = ManualDecision.objects.select_related("decision").filter(proposal__cases=home.case)
    return ExplainedFact(label, _residence_text(home), str(decided.first() or ""))


def _residence_text(residence: Residence | ManualResidence) -> str:
    return f"{residence.municipality}, {_period(residence.moved_in, residence.moved_out)}"


def _period(first: date, last: date | None) -> str:
    return f"{written(first)}\N{EN DASH}{written(last)}"


def _permit_fact(permit: Permit, label: str) -> ExplainedFact:
    value = (
        f"{permit.permit_number}, {permit.ground}, {_period(permit.valid_from, permit.valid_to)}"
    )
    return _used(permit, label, value, "UMA")


def _permits(a: Assessed) -> Step:
    permits = [fact(Permit, row["permit_id"]) for row in a.covering]
    facts = [_permit_fact(permit, _("permit")) for permit in permits]
    text = (
        _("A permit is valid on the first day of the month.")
        if permits
        else _("No permit is valid on the first day of the month.")
    )
    return _step(a, Outcome.NO_VALID_PERMIT, Step("C-07", _("Permit"), text, "passes", facts))


def _scope(a: Assessed) -> Step:
    facts = []
    if a.row["clock_parent_id"]:
        rule, code = "C-20", "born_in_finland"
        text = _("Born in Finland to a parent in scope: follows the parent.")
    else:
        rule, code = _scope_rule(a)
        text = " ".join(_judged(row) for row in a.covering)
    if a.row["permit_id"] and a.row["outcome"] in (Outcome.PAID, Outcome.TIME_USED_UP):
        facts.append(_permit_fact(fact(Permit, a.row["permit_id"]), _("permit relied on (C-15)")))
    if a.row["basis_permit_id"]:
        basis = fact(Permit, a.row["basis_permit_id"])
        facts.append(_permit_fact(basis, _("permit it follows")))
    stops = a.row["outcome"] not in (Outcome.PAID, Outcome.TIME_USED_UP)
    return Step(rule, _("Scope"), text, "stops" if stops else "passes", facts, a.citations.of(code))


def _scope_rule(a: Assessed) -> tuple[str, str]:
    if a.row["outcome"] in (Outcome.PAID, Outcome.TIME_USED_UP):
        return "C-08", "line_municipality"
    return {
        Outcome.GROUND_OUT_OF_SCOPE: "C-11",
        Outcome.GROUND_NOT_IN_FORCE: "C-10",
        Outcome.PROTECTION_NOT_APPLIED_FOR: "C-12",
    }.get(a.row["outcome"], "C-14"), a.row["outcome"]


def _judged(row: dict[str, Any]) -> str:
    permit = Permit.objects.select_related("ground").get(pk=row["permit_id"])
    return f"{permit.permit_number} ({permit.ground}): {_judgement(row)}"


def _judgement(row: dict[str, Any]) -> str:
    if row["in_scope"]:
        return _("in scope on the day.")
    if not row["in_force"]:
        return _("the ground is not in scope at that time.")
    if row["scope"] == "family" and not row["tie_before_arrival"]:
        return _("the family tie did not exist before arrival, or that is not known.")
    return {
        "after_protection_claim": _("international protection had not been applied for."),
        "family": _("the principal had no permit in scope by then, or is not known."),
        "follows_earlier": _("no earlier permit of the person is in scope."),
    }.get(row["scope"], _("the ground is out of scope."))


def _time(a: Assessed) -> Step:
    start, end = a.row["clock_start"], a.row["clock_end"]
    facts = []
    if a.row["clock_residence_id"]:
        first = fact(Residence, a.row["clock_residence_id"])
        facts = [_used(first, _("first home-municipality entry"), _residence_text(first), "VTJ")]
    elif own := allocation(a.row["clock_manual_residence_id"]):
        facts = [_allocated(own, _("first home municipality, allocated by hand"))]
    if end is None:
        text = _("No compensation time runs: there is no clock, or no length for its start.")
    elif a.row["clock_parent_id"]:
        text = _("The time of the parent ends before {end} (C-20).").format(end=written(end))
    else:
        text = _(
            "The clock started on {start}; group: {group}, {years} years, "
            "so the time ends before {end}."
        ).format(
            start=written(start),
            group=Group(a.row["group"]).label,
            years=a.years,
            end=written(end),
        )
    return _step(
        a, Outcome.TIME_USED_UP, Step("C-09", _("Compensation time"), text, "passes", facts)
    )


def _agreement(a: Assessed) -> Step:
    if not a.row["without_agreement"]:
        text = _("The municipality's agreement is in force, or none is on record.")
        return Step("C-27", _("Agreement"), text, "passes")
    text = _("The municipality has no agreement in force: only the county is paid.")
    citation = a.citations.of("municipality_without_agreement")
    return Step("C-27", _("Agreement"), text, "stops", [], citation)


def _adult_year(a: Assessed) -> Step:
    if a.adult_from is None:
        return Step("C-25", _("Adult component"), _("There is no clock to count from."), "info")
    last = (Month.of(a.adult_from) + 11).first_day
    text = _(
        "Aged {age} on the day. The adult component belongs to the months {first} to {last}, "
        "where a rate exists."
    ).format(age=a.age, first=written_month(a.adult_from), last=written_month(last))
    return Step("C-25", _("Adult component"), text, "info")


def _step(a: Assessed, stop: Outcome, step: Step) -> Step:
    """The step, stopping the assessment exactly when it ended in that outcome."""
    if a.row["outcome"] != stop:
        return step
    return replace(step, verdict="stops", citation=a.citations.of(stop))


def _used(used: Any, label: str, value: str, source: str) -> ExplainedFact:
    return ExplainedFact(label, value, source, used.brought_by_id, used.brought_by.received_at)
