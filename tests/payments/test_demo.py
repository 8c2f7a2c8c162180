"""The demo year in small: what a newcomer sees after `make run`."""

import pytest
from django.core.management import CommandError, call_command

from grants.models import CostClaim
from payments.demo import year
from payments.models import ClaimableEntry, Line, LineKind, Run, RunStatus


@pytest.fixture
def short_year(monkeypatch, tmp_path):
    """A demo of three approved months, its files out of the way."""
    monkeypatch.setattr(year, "MONTHS_APPROVED", 3)
    monkeypatch.setattr(year, "folder", lambda month: tmp_path / str(month))


def test_a_year_is_played_and_played_again_without_harm(db, short_year, capsys):
    call_command("demo", "--persons", "400")
    first = capsys.readouterr().out
    assert [run.status for run in Run.objects.order_by("month")] == [
        *[RunStatus.APPROVED] * 3,
        RunStatus.DRAFT,
    ]
    assert Line.objects.filter(kind=LineKind.CORRECTION).exists()
    assert ClaimableEntry.objects.exists()
    assert "kalle" in first and "hilkka" in first
    assert list(CostClaim.objects.values_list("status", flat=True)) == ["accepted", "sent"]
    hashes = list(Run.objects.values_list("lines_hash", flat=True))
    call_command("demo", "--persons", "400")
    assert list(Run.objects.values_list("lines_hash", flat=True)) == hashes
    assert capsys.readouterr().out == first


def test_the_demo_is_refused_on_real_data(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("demo")
