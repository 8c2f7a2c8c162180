"""An anomaly in a sentence: what was measured and from where on it is one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.lib.money import finnish
from payments.checks.models import Check, RunAnomaly

# Facts in cents; the others are counts.
MONEY: Mapping[Check, frozenset[str]] = {
    Check.PAYEE_TOTAL: frozenset({"before", "now"}),
    Check.CORRECTIONS: frozenset({"corrected", "regular"}),
    Check.NO_BANK_DETAILS: frozenset({"cents"}),
}


def sentence(anomaly: RunAnomaly) -> str:
    """The anomaly for people, in the language of the page."""
    kind, facts = Check(anomaly.kind), anomaly.facts
    money = MONEY.get(kind, frozenset())
    values = {name: finnish(value) if name in money else value for name, value in facts.items()}
    return _texts(facts.get("days", facts.get("payees", 0)))[kind].format(
        payee=anomaly.payee.name if anomaly.payee else "",
        measured=_decimal(anomaly.measured),
        limit=_decimal(anomaly.limit),
        **values,
    )


def _decimal(value: Decimal) -> str:
    """A number with a decimal comma, without zeros that say nothing."""
    return f"{value.normalize():f}".replace(".", ",")


def _texts(number: int) -> dict[Check, str]:
    return {
        Check.PAYEE_TOTAL: _(
            "{payee}: {now}, last month {before}, a change of {measured} % (limit {limit} %)."
        ),
        Check.PAYEE_PERSONS: _(
            "{payee}: {now} persons, last month {before}, a change of {measured} % "
            "(limit {limit} %)."
        ),
        Check.CORRECTIONS: _(
            "Corrections up and down come to {corrected}, beside {regular} for this month: "
            "{measured} % (limit {limit} %)."
        ),
        Check.DELIVERY_AGE: ngettext(
            "The registry delivery was {days} day old when the run was computed (limit {limit}).",
            "The registry delivery was {days} days old when the run was computed (limit {limit}).",
            number,
        ),
        Check.REFUSED_ROWS: _(
            "{refused} of the {rows} rows delivered were refused, {measured} % (limit {limit} %)."
        ),
        Check.NO_BANK_DETAILS: ngettext(
            "{payees} payee has no bank details: {cents} would be held.",
            "{payees} payees have no bank details: {cents} would be held.",
            number,
        ),
        Check.NO_IDENTITY_CODE: _(
            "{without} of {assessed} persons have no identity code, {measured} % (limit {limit} %)."
        ),
    }
