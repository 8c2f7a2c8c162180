"""The commands of a month (interfaces: Commands): exit codes, summary lines, --json, --output."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connection
from django.utils import translation

from tests.factories import StaffRoleFactory
from tests.payments.law import home, permit, resident
from tests.payments.runs import compute, settle

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
SINCE = "2024-05-10"
EXPORTS = ["export_lines", "export_unpaid", "export_proposals", "export_claimable"]
HEADERS = {
    "export_lines": "run_month,benefit_month,uma_number,payee_kind,payee_code,component,kind,"
    "route,amount_eur",
    "export_unpaid": "benefit_month,uma_number,reason",
    "export_proposals": "run_month,payee_kind,payee_code,persons,amount_eur,payable_eur,"
    "recovery_eur",
    "export_claimable": "benefit_month,uma_number,payee_kind,payee_code,component,amount_eur,"
    "last_day_to_apply",
}


@pytest.fixture(autouse=True)
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def people():
    """One paid in Lahti, one not paid."""
    resident("A", moved_in=SINCE)
    resident("B", moved_in=SINCE, homes=[home("091", SINCE)], permits=[permit("46", SINCE)])


def out(capfd, *command) -> list[str]:
    """Lines that a command writes to standard output."""
    call_command(*command)
    return capfd.readouterr().out.splitlines()


def test_run_month_ends_in_a_summary(people, capfd):
    (line,) = out(capfd, "run_month", "2024-11")
    assert line.startswith("Run of 2024-11, draft: 2 persons assessed, 1 paid, 2 payees; regular ")


def test_run_month_as_json(people, capfd):
    found = json.loads(out(capfd, "run_month", "2024-11", "--json")[-1])
    assert found | {"input_hash": "", "lines_hash": ""} == {
        "month": "2024-11", "status": "draft", "persons_assessed": 2, "persons_paid": 1,
        "lines": 2, "regular_eur": "191.67", "corrections_eur": "0.00", "payees": 2,
        "claimable_entries": 0, "input_hash": "", "lines_hash": "",
    }  # fmt: skip
    assert len(found["input_hash"]) == len(found["lines_hash"]) == 64


def test_approve_run_ends_in_a_summary(people, kalle, hilkka, capfd):
    compute("2024-11")
    lines = out(capfd, "approve_run", "2024-11", "--checker", "kalle", "--approver", "hilkka")
    assert lines[-1].startswith("Run of 2024-11 approved: 191,67") and "2 payees" in lines[-1]


def test_assess_ends_in_a_summary_and_stores_nothing(people, capfd):
    (line,) = out(capfd, "assess", "2024-11")
    assert line.startswith("2024-11: 1 of 2 persons would be paid, 191,67")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM payments_run")
        assert cursor.fetchone() == (0,)


def test_assess_writes_both_files(people, tmp_path):
    lines, unpaid = tmp_path / "lines.csv", tmp_path / "unpaid.csv"
    call_command("assess", "2024-11", "--lines", lines, "--unpaid", unpaid)
    assert lines.read_bytes() == (
        b"benefit_month,uma_number,payee_kind,payee_code,component,amount_eur\n"
        b"2024-11,A,county,09,base,28.75\n2024-11,A,municipality,398,base,162.92\n"
    )
    assert unpaid.read_bytes() == (
        b"benefit_month,uma_number,reason\n2024-11,B,ground_out_of_scope\n"
    )


@pytest.mark.parametrize("command", EXPORTS)
def test_an_export_to_a_file_and_to_standard_output_is_the_same(people, command, tmp_path, capfd):
    compute("2024-11")
    path = tmp_path / "export.csv"
    summary = out(capfd, command, "2024-11", "--output", path)
    call_command(command, "2024-11")
    written = capfd.readouterr()
    assert written.out.encode() == path.read_bytes()
    assert written.out.splitlines()[0] == HEADERS[command]
    rows = len(written.out.splitlines()) - 1
    assert summary[-1] == written.err.splitlines()[-1] == f"{rows} rows."


def test_an_export_of_an_earlier_month_stays_as_it_was(people, capfd):
    settle("2024-11")
    before = out(capfd, "export_lines", "2024-11")
    settle("2024-12")
    assert out(capfd, "export_lines", "2024-11") == before


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["run_month", "2024-11"], "No delivery has been imported"),
        (["export_lines", "2024-11"], r"2024-11 has no run\. Compute it with run_month\."),
        (["export_claimable", "2024-11"], "2024-11 has no run"),
        (
            ["approve_run", "2024-11", "--checker", "x", "--approver", "y"],
            "2024-11 has no run",
        ),
    ],
)
def test_a_refusal_is_exit_code_1_and_one_sentence(command, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command(*command)
    assert refusal.value.returncode == 1


def test_an_unknown_user_is_refused(people, kalle):
    compute("2024-11")
    with pytest.raises(CommandError, match="no active user called 'nobody'") as refusal:
        call_command("approve_run", "2024-11", "--checker", "kalle", "--approver", "nobody")
    assert refusal.value.returncode == 1


def test_the_same_person_twice_is_refused(people, kalle):
    StaffRoleFactory.create(user=kalle, role="approver")
    compute("2024-11")
    with pytest.raises(CommandError, match="Another person must do this") as refusal:
        call_command("approve_run", "2024-11", "--checker", "kalle", "--approver", "kalle")
    assert refusal.value.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run_month", "2024-13"], "2024-13"),
        (["run_month", "11/2024"], "11/2024"),
        (["run_month"], "month"),
        (["assess", "٢٠٢٤-11"], "is not a month"),
        (["export_lines", "2024-11", "--nonsense"], "--nonsense"),
        (["approve_run", "2024-11", "--checker", "kalle"], "--approver"),
    ],
)
def test_bad_arguments_are_exit_code_2(arguments, said, capfd):
    with pytest.raises(SystemExit) as left:
        execute_from_command_line(["manage.py", *arguments])
    assert left.value.code == 2
    assert said in capfd.readouterr().err


def test_bad_arguments_in_a_shell():
    command = [sys.executable, ROOT / "manage.py", "run_month", "2024-13"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
