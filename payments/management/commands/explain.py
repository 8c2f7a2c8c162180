"""`explain UMA_NUMBER YYYY-MM`: the assessment of one person-month, step by step."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, month_argument, refused
from config.lib.money import finnish
from config.templatetags.finnish import day
from payments.entitlement.explain import UnknownPerson, person_month_explain
from payments.entitlement.explanation import ExplainedFact, ExplainedLine, Explanation, Step

MARKS = {"passes": "✓", "stops": "✗", "info": "·"}


class Command(SummaryCommand):
    help = "Explain one person-month: steps, facts with their source, sections of law, arithmetic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uma_number", metavar="UMA_NUMBER")
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="fi"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                explanation = person_month_explain(options["uma_number"], options["month"])
            except UnknownPerson as reason:
                raise refused(reason) from reason
            for line in _text(explanation):
                self.stdout.write(line)
            self.summary(explanation.conclusion)


def _text(explanation: Explanation) -> list[str]:
    lines = [f"{explanation.uma_number}  {explanation.month}", ""]
    for step in explanation.steps:
        lines += _step_lines(step)
    for line in explanation.lines:
        lines += _line_lines(line)
    return [*lines, ""]


def _step_lines(step: Step) -> list[str]:
    law = f"  [{step.citation}]" if step.citation else ""
    return [
        f"{MARKS[step.verdict]} {step.rule}  {step.title}: {step.text}{law}",
        *(f"      {_fact_text(fact)}" for fact in step.facts),
    ]


def _fact_text(fact: ExplainedFact) -> str:
    where = _("{source}, delivery {number}, {received}").format(
        source=fact.source, number=fact.delivery_id, received=day(fact.received_at)
    )
    return f"{fact.label}: {fact.value}  ({where})"


def _line_lines(line: ExplainedLine) -> list[str]:
    payee = f"{line.payee.get_kind_display()} {line.payee.code} {line.payee.name}"
    return [
        f"€ {payee}, {line.component}: {finnish(line.amount_cents)}  [{line.citation}]",
        f"      {line.arithmetic}",
    ]
