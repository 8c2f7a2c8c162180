"""`load_reference`: everything or nothing, again and again, without touching what stands."""

import filecmp
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from grants.models import Round, RoundAmount, RoundGround
from payments.models import Citation, Duration, Rate, ReferenceRate
from payments.rates import services
from registry.models import AuthorityName, Ground, Organisation
from tests.factories import approved_run

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
ROWS = {
    Organisation: 320 + 22 + 1,
    AuthorityName: 8,
    Ground: 21,
    Rate: 29,
    Duration: 7,
    Citation: 32,
    ReferenceRate: 7,
    Round: 8,
    RoundAmount: 16,
    RoundGround: 26,
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the figures' files, for changing."""
    folder = tmp_path / "data"
    shutil.copytree(services.DATA, folder)
    monkeypatch.setattr(services, "DATA", folder)
    return folder


def load(capsys):
    call_command("load_reference")
    return capsys.readouterr().out.splitlines()


def versions() -> list[tuple[str, int, int]]:
    """Which transaction wrote each row: changes when a row is touched at all."""
    tables = [model._meta.db_table for model in ROWS]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{t}', ctid::text, xmin::text FROM {t}" for t in tables)
        )
        return sorted(cursor.fetchall())


@pytest.mark.parametrize(("model", "count"), ROWS.items())
def test_rows_of_the_data_files(model: type[models.Model], count: int):
    assert model._default_manager.count() == count


def test_loading_again_touches_no_row(capsys):
    before = versions()
    assert load(capsys)[-1] == "Reference data: 0 new, 0 changed, 528 unchanged."
    assert versions() == before


def test_what_a_coordinator_added_stays(capsys):
    added = Rate.objects.create(
        route="automatic", payee_kind="county", region="mainland", component="base", min_age=0,
        annual_eur=Decimal(1), valid_from=date(2010, 1, 1), valid_to=date(2010, 12, 31),
        source="test",
    )  # fmt: skip
    load(capsys)
    assert Rate.objects.filter(pk=added.pk).exists()


def test_a_missing_row_comes_back_and_a_changed_file_changes_its_row(capsys, data):
    Duration.objects.filter(group="quota").delete()
    durations = data / "durations.csv"
    durations.write_text(durations.read_text().replace(",2,322/2024", ",5,322/2024"))
    out = load(capsys)
    assert "durations       2 new, 1 changed, 4 unchanged" in out
    assert Duration.objects.get(group="ordinary", clock_from="2025-01-01").years == 5


def test_a_rate_of_an_approved_run_is_not_changed(data, kalle, hilkka):
    approved_run(Rate.objects.get(annual_eur="7741.00"), checker=kalle, approver=hilkka)
    durations = data / "durations.csv"
    durations.write_text(durations.read_text().replace(",2,322/2024", ",5,322/2024"))
    rates = data / "rates.csv"
    rates.write_text(rates.read_text().replace("7741.00", "7742.00"))
    with pytest.raises(CommandError, match=r"An approved run has used this rate for 2025-01"):
        call_command("load_reference")
    assert not Duration.objects.filter(years=5).exists(), "everything or nothing"


def test_a_rate_that_no_approved_run_used_follows_its_file(capsys, data):
    rates = data / "rates.csv"
    rates.write_text(rates.read_text().replace("7741.00", "7742.00"))
    assert "rates           0 new, 1 changed, 28 unchanged" in load(capsys)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("7741.00", "much", r"rates\.csv, line 16, annual_eur: .*much"),
        ("automatic,municipality,mainland,adult", "by_hand,municipality,mainland,adult",
         r"rates\.csv, line 16, route: .*by_hand"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_by_line_and_column(data, old, new, message):
    rates = data / "rates.csv"
    rates.write_text(rates.read_text().replace(old, new))
    with pytest.raises(CommandError, match=message):
        call_command("load_reference")


@pytest.mark.parametrize("model", [Ground, Rate, Duration, ReferenceRate, Round, RoundAmount])
def test_every_row_has_its_source(model):
    assert not model.objects.filter(source="").exists()


@pytest.mark.parametrize(
    ("data_folder", "shared_folder"),
    [("registry", "reference"), ("registry", "domain"), ("payments", "domain"),
     ("grants", "domain")],
)  # fmt: skip
def test_data_files_are_those_of_the_shared_folder(data_folder, shared_folder):
    if not SHARED.exists():
        return
    ours = ROOT / data_folder / "data"
    common = {p.name for p in ours.iterdir()} & {p.name for p in (SHARED / shared_folder).iterdir()}
    assert common
    _, differing, unread = filecmp.cmpfiles(ours, SHARED / shared_folder, common, shallow=False)
    assert (differing, unread) == ([], [])
