"""Steps of a run (C-35 … C-37, P-01): each refusal is one sentence that says what to do."""

from datetime import date

import pytest
from django.db import connection
from django.utils import translation

from config.lib.months import Month
from payments.models import (
    ClaimableEntry,
    Line,
    Proposal,
    Rate,
    Run,
    RunChange,
    RunChunk,
    RunStatus,
)
from payments.runs import inputs
from payments.runs.conservation import lines_hash
from payments.runs.errors import (
    NotConserved,
    RunBusy,
    RunChanged,
    RunRefused,
    SamePerson,
    WrongMonth,
)
from payments.runs.exports import CLAIMABLE
from payments.runs.leases import claim
from payments.runs.services import run_approve, run_check, run_check_and_approve, run_start
from registry.models import PopulationRecord
from tests.factories import UserFactory
from tests.payments.law import home, person_rows, resident
from tests.payments.runs import AT, approve, compute, deliver, rows, settle, texts

pytestmark = pytest.mark.django_db

SINCE = "2024-05-10"


@pytest.fixture(autouse=True)
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def draft():
    """The draft of 11/2024, of one person in Lahti."""
    resident("A", moved_in=SINCE)
    return compute("2024-11")


@pytest.fixture
def tampering(db):
    """Let SQL do what triggers refuse, as nobody but a superuser could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_without_a_delivery_there_is_nothing_to_compute():
    with pytest.raises(RunRefused, match=r"^No delivery has been imported"):
        compute("2024-11")


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2024-11", "The run of 2024-11 is settled: runs up to 2024-11 are approved. "),
        ("2024-10", "The run of 2024-10 is settled: runs up to 2024-11 are approved. "),
        ("2025-01", "Runs follow one another: 2025-01 would skip months. "),
        ("2025-11", "Runs follow one another: 2025-11 would skip months. "),
    ],
)
def test_a_wrong_month_is_refused_naming_the_next(draft, month, sentence):
    approve(draft)
    with pytest.raises(WrongMonth, match=f"^{sentence}Next is 2024-12.$"):
        compute(month)  # C-37


def test_the_first_run_may_be_of_any_month(draft):
    assert compute("2023-04").month == date(2023, 4, 1)
    assert not Run.objects.filter(pk=draft.pk).exists(), "one open run at a time"


def test_a_draft_computed_again_is_the_same_and_replaces_it(draft):
    before, again = texts("2024-11"), compute("2024-11")
    assert again.pk != draft.pk and texts("2024-11") == before
    assert (again.input_hash, again.lines_hash) == (draft.input_hash, draft.lines_hash)  # C-36


def test_a_draft_that_had_changed_a_claimable_entry_is_replaced():
    """C-37: what the draft opened goes, what it closed stands again, and so anew."""
    deliver(person_rows("A", moved_in=SINCE))
    settle("2024-11")
    deliver(person_rows("B", moved_in=SINCE, homes=[home("398", SINCE)]))
    settle("2024-12")
    corrected = person_rows("B", born="2020-05-01", moved_in=SINCE)
    deliver(corrected)
    compute("2025-01")
    before = rows("2025-01", CLAIMABLE)
    compute("2025-01")
    assert rows("2025-01", CLAIMABLE) == before != rows("2024-12", CLAIMABLE)


def test_another_delivery_is_another_input(draft):
    deliver(person_rows("B", moved_in="2026-01-01"))
    again = compute("2024-11")
    assert again.input_hash != draft.input_hash  # C-36: the register is another
    assert again.lines_hash == draft.lines_hash, "though the lines are the same"


@pytest.mark.parametrize("status", ["draft", "checked", "approved"])
def test_each_step_follows_the_one_before(draft, kalle, hilkka, status):
    if status != "draft":
        run_check(draft.pk, checker=kalle, at=AT)
    if status == "approved":
        run_approve(draft.pk, approver=hilkka, at=AT)
    if status != "draft":
        with pytest.raises(RunRefused, match=f"^Only a draft can be checked; this run is {status}"):
            run_check(draft.pk, checker=kalle, at=AT)
    if status != "checked":
        with pytest.raises(RunRefused, match=f"^Only a checked run can be .* run is {status}"):
            run_approve(draft.pk, approver=hilkka, at=AT)


def test_the_checker_does_not_approve(draft, kalle):
    with pytest.raises(SamePerson, match=r"^Another person must do this: you checked it"):
        run_check_and_approve(draft.pk, checker=kalle, approver=kalle, at=AT)
    draft.refresh_from_db()
    assert draft.status == RunStatus.DRAFT, "both steps or neither"


def test_the_preparer_does_not_approve(kalle, hilkka):
    resident("A", moved_in=SINCE)
    run = compute("2024-11", by=hilkka)
    with pytest.raises(SamePerson, match=r"^Another person must do this: you prepared it"):
        run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=AT)


def test_who_imported_facts_of_the_run_does_not_approve(kalle, hilkka):
    """P-01: of this run; of an older one does not bar."""
    deliver(person_rows("A", moved_in=SINCE), by=hilkka)
    run = compute("2024-11")
    with pytest.raises(SamePerson, match=r"^Another person must do this: you imported facts"):
        run_check_and_approve(run.pk, checker=kalle, approver=hilkka, at=AT)
    approve(run)
    run = run_check_and_approve(compute("2024-12").pk, checker=kalle, approver=hilkka, at=AT)
    assert run.status == RunStatus.APPROVED


@pytest.fixture
def rate_changed():
    """Change a rate that the run of 11/2024 used."""
    return lambda: Rate.objects.filter(payee_kind="county", valid_to="2024-12-31").update(
        annual_eur="999.00"
    )


CHANGED = r"^What the run of 2024-11 rests on has changed since .* Compute it again\.$"


def test_a_rate_changed_before_the_check(draft, kalle, rate_changed):
    rate_changed()
    with pytest.raises(RunChanged, match=CHANGED):
        run_check(draft.pk, checker=kalle, at=AT)  # C-36


def test_a_rate_changed_before_the_approval(draft, kalle, hilkka, rate_changed):
    """C-36: approval is approval of the hash."""
    run_check(draft.pk, checker=kalle, at=AT)
    rate_changed()
    with pytest.raises(RunChanged, match=CHANGED):
        run_approve(draft.pk, approver=hilkka, at=AT)


def test_a_rate_of_another_month_changes_nothing(draft, kalle):
    Rate.objects.filter(valid_from="2025-01-01").update(annual_eur="999.00")
    assert run_check(draft.pk, checker=kalle, at=AT).status == RunStatus.CHECKED


def test_a_rule_changed_after_computing(draft, kalle, monkeypatch):
    monkeypatch.setattr(inputs, "rules_hash", lambda: "another version")
    with pytest.raises(RunChanged):
        run_check(draft.pk, checker=kalle, at=AT)  # C-36


def test_a_delivery_after_computing_waits_for_the_next_run(draft, kalle):
    """C-36: the run rests on the register as it was known then."""
    deliver(person_rows("A", moved_in=SINCE, died="2024-06-01"))
    assert run_check(draft.pk, checker=kalle, at=AT).status == RunStatus.CHECKED


def test_lines_tampered_with(draft, kalle, tampering):
    Line.objects.filter(payee__kind="county").update(amount_cents=1)
    with pytest.raises(RunChanged):
        run_check(draft.pk, checker=kalle, at=AT)


def not_conserved(run: Run, sentence: str) -> None:
    """The run is refused because its sums do not add up, in these words."""
    Run.objects.filter(pk=run.pk).update(lines_hash=lines_hash(run))
    with pytest.raises(NotConserved, match=sentence):
        approve(run)


def test_proposals_that_do_not_sum_to_the_lines(draft):
    """C-35, C-34: a draft's proposals are not yet protected."""
    Proposal.objects.filter(payee__kind="county").update(regular_cents=1)
    sentence = r"^The proposals sum to 162[.,]93 €, the lines to 191[.,]67 €: 28[.,]74 € apart\.$"
    not_conserved(draft, sentence)


@pytest.mark.parametrize(
    ("change", "settled", "by"),
    [
        (lambda lines: lines.update(amount_cents=1), r"0[.,]01", r"28[.,]74"),
        (lambda lines: lines._raw_delete("default"), r"0[.,]00", r"28[.,]75"),
        (lambda lines: lines.update(amount_cents=4000), r"40[.,]00", r"11[.,]25"),
    ],
)
def test_lines_that_do_not_come_to_what_is_expected(draft, tampering, change, settled, by):
    """C-35: the first person-month-payee-component that is not conserved is named."""
    change(Line.objects.filter(payee__kind="county"))
    total = sum(Line.objects.values_list("amount_cents", flat=True))
    Proposal.objects.filter(payee__kind="county").update(regular_cents=total - 16292)
    sentence = (
        f"^1 amount does not add up, by {by} €: person A, 2024-11, .*, base: {settled} € is booked, "
        ".* but 28[.,]75 € is expected"
    )
    not_conserved(draft, sentence)


def test_a_claimable_entry_that_is_missing():
    """C-35: claimable entries apart, but they must be there."""
    deliver(person_rows("A", moved_in=SINCE))
    settle("2024-11")
    deliver(person_rows("B", moved_in=SINCE))
    run = compute("2024-12")
    ClaimableEntry.objects.filter(payee__kind="county").delete()
    not_conserved(run, r"^1 amount .* person B, 2024-11, .*, base: 0[.,]00 € .* 28[.,]75 €")


def test_how_many_amounts_do_not_add_up_and_by_how_much(draft, tampering):
    """C-35: the first is named, all are counted."""
    Line.objects.update(amount_cents=1)
    Proposal.objects.update(regular_cents=1)
    not_conserved(draft, r"^2 amounts do not add up, by 191[.,]65 € together; the first: person A")


def test_a_payee_of_somebody_under_non_disclosure_is_not_told(draft, tampering):
    """P-11: nor in a refusal."""
    PopulationRecord.objects.update(non_disclosure=True)
    Line.objects.update(amount_cents=1)
    Proposal.objects.update(regular_cents=1)
    not_conserved(draft, r"person A, 2024-11, non-disclosure, base:")


def test_steps_that_do_not_lead_to_what_is_payable(draft):
    RunChange.objects.filter(payee__kind="county").update(cents=1)
    sentence = (
        r"^The steps from last month lead .* to 0[.,]01 €, but 28[.,]75 € is .*: 28[.,]74 € ap"
    )
    not_conserved(draft, sentence)


def test_a_run_that_others_compute_is_not_replaced(draft):
    started = run_start(Month(2024, 11), at=AT, starter=UserFactory(), seen=draft.pk)
    assert claim(started)
    deliver(person_rows("B", moved_in=SINCE))
    with pytest.raises(RunBusy, match=r"^Another process is computing a run; wait"):
        compute("2024-11")
    RunChunk.objects.update(held_until=AT)
    assert compute("2024-11").status == RunStatus.DRAFT
