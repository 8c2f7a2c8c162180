"""Hashes of the figures in force in a month, to see which months a change of figures touches."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import connection

from config.lib.months import Month
from payments.models import Duration, Rate
from registry.models import Ground, Organisation

SUCCESSORS = """
SELECT o.code, payee.code, s.from_day, nullif(s.to_day, 'infinity')
FROM registry_succession s
JOIN registry_organisation o ON o.id = s.organisation_id
JOIN registry_organisation payee ON payee.id = s.payee_id
WHERE o.id <> payee.id
ORDER BY o.code, s.from_day
"""


def figures_by_month(months: Iterable[Month]) -> dict[str, str]:
    """Hash of everything in the reference tables that decides each month, by `YYYY-MM`.

    Rates and mergers count in the months they are in force; grounds, durations and counties
    count in every month.
    """
    rates = list(
        Rate.objects.values_list(
            "benefit", "route", "payee_kind", "region", "component", "min_age", "max_age",
            "monthly_cents", "valid_from", "valid_to",
        )
    )  # fmt: skip
    always = _always()
    with connection.cursor() as cursor:
        cursor.execute(SUCCESSORS)
        mergers = cursor.fetchall()
    return {
        str(month): _hash(
            always,
            [rate[:-2] for rate in rates if _covers(month.first_day, rate[-2], rate[-1])],
            [merger[:2] for merger in mergers if _covers(month.first_day, *merger[2:])],
        )
        for month in months
    }


def _always() -> list[Any]:
    return [
        list(Ground.objects.values_list("code", "scope", "in_scope_from", "in_scope_to")),
        list(Duration.objects.values_list("group", "clock_from", "clock_to", "years")),
        list(
            Organisation.objects.municipalities()
            .order_by("code")
            .values_list("code", "county__code", "in_aland")
        ),
    ]


def _covers(day: date, first: date, last: date | None) -> bool:
    return first <= day and (last is None or day <= last)


def _hash(*parts: object) -> str:
    return sha256(json.dumps(parts, default=str).encode()).hexdigest()
