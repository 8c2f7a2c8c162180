"""Explanations say what was computed: checked against every golden person of some months."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config.lib.money import euros
from config.lib.months import Month
from payments.entitlement.explain import UnknownPerson, person_month_explain
from tests.naive.register import read_delivery
from tests.payments.loading import load

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "compensation"
MONTHS = ["2023-02", "2025-01", "2025-09", "2026-04"]


@pytest.fixture
def golden(db):
    """The register of the compensation cases."""
    load(read_delivery(GOLDEN / "delivery"))


def rows(name: str, month: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open() as file:
        return [row for row in csv.DictReader(file) if row["benefit_month"] == month]


@pytest.mark.parametrize("month", MONTHS)
def test_every_reason_is_explained(golden, month):
    for row in rows("expected_unpaid.csv", month):
        explained = person_month_explain(row["uma_number"], Month.parse(month))
        if row["reason"] == "municipality_without_agreement":
            assert [s.rule for s in explained.steps if s.verdict == "stops"] == ["C-27"]
            continue
        assert explained.reason == row["reason"]
        assert explained.steps[-1].verdict == "stops", row
        assert explained.steps[-1].citation, row
        assert not explained.lines


@pytest.mark.parametrize("month", MONTHS)
def test_every_line_is_explained(golden, month):
    expected = defaultdict(list)
    for row in rows("expected_lines.csv", month):
        expected[row["uma_number"]].append((row["payee_code"], row["amount_eur"]))
    for uma_number, lines in expected.items():
        explained = person_month_explain(uma_number, Month.parse(month))
        found = [(line.payee.code, str(euros(line.amount_cents))) for line in explained.lines]
        assert sorted(found) == sorted(lines)
        assert all(line.citation for line in explained.lines)


def test_arithmetic_and_facts_are_shown(golden, capsys):
    call_command("explain", "C01", "2025-04", "--language", "en")
    text = capsys.readouterr().out
    assert "7\N{NO-BREAK SPACE}741,00\N{NO-BREAK SPACE}€ a year / 12 = 645,0833 → 645,08" in text
    assert "872/2024 § 1" in text
    assert "Lahti, 15.3.2025" in text
    assert "VTJ, delivery" in text


@pytest.mark.parametrize(
    ("language", "says"),
    [("fi", "kotikuntamerkintä"), ("sv", "hemkommun"), ("en", "home-municipality entry")],
)
def test_in_the_reader_s_language(golden, language, says):
    with translation.override(language):
        step = person_month_explain("C34", Month(2025, 4)).steps[-1]
    assert says in step.text.lower()
    assert "681/2023" in step.citation


def test_a_child_follows_its_parent(golden):
    with translation.override("en"):
        rules = {step.rule: step for step in person_month_explain("C10", Month(2026, 4)).steps}
    assert "Born in Finland" in rules["C-20"].text
    assert "20.9.2027" in rules["C-09"].text


def test_a_merged_municipality_names_who_is_paid(golden):
    with translation.override("fi"):
        home = next(
            step
            for step in person_month_explain("C30", Month(2025, 2)).steps
            if step.rule == "C-06"
        )
    assert "Mäntyharju" in home.text


def test_an_unknown_person_is_refused_in_a_sentence(golden):
    with pytest.raises(UnknownPerson, match=r".+\."):
        person_month_explain("NOBODY", Month(2025, 4))
    with pytest.raises(CommandError) as refused:
        call_command("explain", "NOBODY", "2025-04")
    assert refused.value.returncode == 1


def test_a_month_without_an_agreement_says_who_is_paid(golden):
    with translation.override("en"):
        explained = person_month_explain("C12", Month(2025, 9))
    assert explained.conclusion.startswith("Paid to the county alone")
