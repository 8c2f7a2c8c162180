"""Agreements: the file is the full truth for the municipalities it names (C-27)."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from registry.models import Agreement, Delivery, DeliveryKind
from tests.deliveries import refusals

FILE = "agreements.csv"


def current():
    rows = Agreement.objects.current().values_list("municipality__code", "valid_from", "reference")
    return {(code, str(day), reference) for code, day, reference in rows}


def test_agreements_are_facts_of_a_delivery(agree):
    delivery = agree("005,2011-09-01,2024-11-30,S1", "091,2012-01-01,,")
    assert delivery.kind == DeliveryKind.AGREEMENTS
    assert current() == {("005", "2011-09-01", "S1"), ("091", "2012-01-01", "")}


def test_municipalities_named_get_exactly_those_in_the_file(agree):
    agree("005,2011-09-01,2024-11-30,S1", "091,2012-01-01,,S2")
    later = agree("005,2011-09-01,,S1")
    assert current() == {("005", "2011-09-01", "S1"), ("091", "2012-01-01", "S2")}
    assert later.counts[FILE] | {"rows": 1} == {
        "rows": 1, "accepted": 1, "refused": 0, "new": 1, "closed": 1, "unchanged": 0, "kept_aside": 0,
    }  # fmt: skip
    assert Agreement.objects.get(closed_by=later).valid_to is not None


def test_the_same_again_changes_nothing_even_after_a_registry_delivery(agree, deliver):
    agree("005,2011-09-01,,S1")
    deliver(persons=[])
    assert agree("005,2011-09-01,,S1").repeated
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("999,2011-09-01,,S", "municipality_code", "999", "unknown_municipality"),
        ("198,2011-09-01,,S", "municipality_code", "198", "unknown_municipality"),
        ("091,1.9.2011,,S", "valid_from", "1.9.2011", "bad_date"),
        ("091,2011-09-01,2011-08-31,S", "valid_to", "2011-08-31", "ends_before_it_begins"),
        ("091,2011-09-01,,S,x", "", "091,2011-09-01,,S,x", "field_count"),
        ("091,2011-09-01,," + "x" * 101, "reference", "x" * 101, "too_long"),
        ("005,2020-01-01,,S", "valid_from", "2020-01-01", "overlapping_agreement"),
        ("005,2011-09-01,2011-09-02,S", "valid_from", "2011-09-01", "duplicate_key"),
    ],
)
def test_a_row_refused_alone(agree, row, column, value, reason):
    delivery = agree("005,2011-09-01,,S1", row)
    assert refusals(delivery) == [(FILE, 3, column, value, reason)]
    assert current() == {("005", "2011-09-01", "S1")}


def test_command(agree, tmp_path, capsys):
    agree("005,2011-09-01,,S1", "999,2011-09-01,,")
    call_command("import_agreements", str(tmp_path / FILE))
    (tmp_path / FILE).write_text(
        "municipality_code,valid_from,valid_to,reference\n999,2011-09-01,,\n"
    )
    call_command("import_agreements", str(tmp_path / FILE))
    out = capsys.readouterr().out
    assert f"{FILE}:2 municipality_code" in out and "1" in out.splitlines()[-1]


def test_command_refused(db, tmp_path):
    (tmp_path / FILE).write_text("kunta\n005\n")
    with pytest.raises(CommandError) as refusal:
        call_command("import_agreements", str(tmp_path / FILE))
    assert refusal.value.returncode == 1
