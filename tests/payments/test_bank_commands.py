"""The commands of payments: what they print, and how they refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from payments.bank.models import Batch, BatchStatus, Transfer
from payments.bank.services.steps import batch_approve, batch_check
from payments.bank.tasks import batches_follow
from tests.payments.bank import AT, TODAY, month_to_pay, sent, status_report, user
from tests.payments.law import resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def to_pay() -> None:
    resident("A", moved_in="2024-05-10")
    month_to_pay()


def said(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """The last line that a command prints."""
    call_command(*command)
    return capsys.readouterr().out.splitlines()[-1].replace("\N{NO-BREAK SPACE}", " ")


def refusal(*command: str) -> CommandError:
    with pytest.raises(CommandError) as refused:
        call_command(*command)
    return refused.value


def test_a_month_from_the_shell(to_pay, capsys):
    line = said(capsys, "bank_batch", "2024-11")
    assert line.startswith("Batch KK202411-1: 2 transfers, 191,67 €, due ")
    assert line.endswith("; 0 payees held.")
    batch = Batch.objects.get()
    assert said(capsys, "bank_send") == "Sent: nothing waits."
    batch_check(batch.pk, checker=user("katri"), at=AT, today=TODAY)
    batch_approve(batch.pk, approver=user("heikki"), at=AT, today=TODAY)
    assert said(capsys, "bank_send") == "Sent: KK202411-1."


def test_a_batch_that_cannot_be_drawn_up():
    refused = refusal("bank_batch", "2024-11")
    assert (refused.returncode, str(refused)) == (1, "The run of 2024-11 has not been approved.")


def test_an_answer_from_the_shell(to_pay, tmp_path, capsys):
    sent()
    file = tmp_path / "answer.xml"
    file.write_bytes(status_report("KK202411-1"))
    line = said(capsys, "bank_read", str(file))
    assert line.endswith(": 2 changed something, 0 known, 0 for a person.")
    again = said(capsys, "bank_read", str(file))
    assert again.endswith("has been read before: nothing changes.")


def test_a_file_that_is_no_answer(tmp_path):
    file = tmp_path / "answer.xml"
    file.write_bytes(b"not XML")
    refused = refusal("bank_read", str(file))
    assert refused.returncode == 1 and str(refused).startswith("The file is not XML")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"can't open"):
        call_command("bank_read", str(tmp_path / "none.xml"))


def test_beat_marks_what_was_not_answered_in_time(to_pay):
    sent()  # in 2024: the time-out is long past
    batches_follow()
    assert Batch.objects.get().status == BatchStatus.UNKNOWN
    assert set(Transfer.objects.values_list("status", flat=True)) == {"unknown"}


def test_beat_finishes_what_was_interrupted(to_pay, settings, tmp_path):
    settings.BANK_FOLDER = tmp_path / "missing"
    Path(settings.BANK_FOLDER).write_text("in the way")
    with pytest.raises(Exception, match="did not reach the bank"):
        sent()
    batches_follow()
    assert Batch.objects.get().status == BatchStatus.SENDING
    Path(settings.BANK_FOLDER).unlink()
    batches_follow()
    assert (tmp_path / "missing" / "KK202411-1.xml").exists()
