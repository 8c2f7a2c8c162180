"""The section of law to show for a reason or a line in a benefit month (citations.csv)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import get_language

from payments.models import Citation


class Citations:
    """The citations in force on the first day of a benefit month, in the active language."""

    def __init__(self, day: date) -> None:
        column = "citation_sv" if (get_language() or "fi").startswith("sv") else "citation_fi"
        self.by_code: dict[str, str] = dict(
            Citation.objects.filter(
                Q(benefit_from=None) | Q(benefit_from__lte=day),
                Q(benefit_to=None) | Q(benefit_to__gte=day),
            ).values_list("code", column)
        )

    def of(self, code: str) -> str:
        """The section for a code; empty where the law of that time has none."""
        return self.by_code.get(code, "")
