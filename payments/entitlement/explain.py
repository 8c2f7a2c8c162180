"""Explain one person-month: the same stages as a run's, read back in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.lib.money import finnish
from config.lib.months import Month
from payments.entitlement.assessed import Assessed, UnknownPerson, person_month_assess
from payments.entitlement.explanation import ExplainedLine, Explanation
from payments.entitlement.steps import explained_steps
from payments.models import Component, Outcome, Rate
from registry.links.selectors import main_of
from registry.models import Organisation, Person

__all__ = ["UnknownPerson", "person_month_explain"]


def person_month_explain(uma_number: str, month: Month) -> Explanation:
    """Explain a person-month on today's register, in the active language.

    Of a joined number it is the month of the person that it is joined to. Raises UnknownPerson.
    """
    person = Person.objects.filter(uma_number=uma_number).first()
    if person is None:
        raise UnknownPerson(_("No person has this UMA customer number."))
    assessed = person_month_assess(main_of(person), month)
    steps = explained_steps(assessed)
    lines = _lines(assessed)
    outcome = assessed.row["outcome"]
    reason = None if outcome == Outcome.PAID else outcome
    return Explanation(uma_number, month, steps, lines, reason, _conclusion(assessed, lines))


def _lines(a: Assessed) -> list[ExplainedLine]:
    parts = (
        ("municipality", Component.BASE, "municipality_base_rate_id"),
        ("municipality", Component.ADULT, "municipality_adult_rate_id"),
        ("county", Component.BASE, "county_base_rate_id"),
        ("county", Component.ADULT, "county_adult_rate_id"),
    )
    return [
        _line(a, Organisation.objects.get(pk=a.row[f"{side}_id"]), component, rate_id)
        for side, component, column in parts
        if (rate_id := a.row[column])
    ]


def _line(a: Assessed, payee: Organisation, component: Component, rate_id: int) -> ExplainedLine:
    rate = Rate.objects.get(pk=rate_id)
    exact = f"{rate.annual_eur / 12:.4f}".replace(".", ",")
    arithmetic = _("{annual} a year / 12 = {exact} → {rounded} ({source}; age {age})").format(
        annual=finnish(int(rate.annual_eur * 100)),
        exact=exact,
        rounded=finnish(rate.monthly_cents),
        source=rate.source,
        age=a.age,
    )
    return ExplainedLine(
        payee=payee,
        component=str(component.label),
        arithmetic=arithmetic,
        amount_cents=rate.monthly_cents,
        citation=a.citations.of(f"line_{payee.kind}"),
    )


def _conclusion(a: Assessed, lines: list[ExplainedLine]) -> str:
    if a.row["outcome"] != Outcome.PAID:
        return _("Not paid: {reason}.").format(reason=Outcome(a.row["outcome"]).label)
    message = (
        _("Paid to the county alone: {sum} in {number} lines.")
        if a.row["without_agreement"]
        else _("Paid: {sum} in {number} lines.")
    )
    return message.format(sum=finnish(sum(line.amount_cents for line in lines)), number=len(lines))
