"""What a run comes to for each payee, stored once: sums by rate and ground, corrections by cause."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import override

from payments.models import Cause, Line, PayeeCorrection, PayeeSum, Run
from payments.runs.conservation import check_conservation
from payments.runs.errors import NotConserved
from tests.payments.law import agreement_row, home, permit, person_rows
from tests.payments.runs import compute, deliver, settle

pytestmark = pytest.mark.django_db

SINCE = "2022-10-10"
REFUGEE = permit("87", SINCE)


def child(uma: str = "A", **facts):
    """Rows of a child of 15, under protection, at home in Lahti since 10/2022."""
    return person_rows(
        uma, **{"born": "2009-05-01", "moved_in": SINCE, "permits": [REFUGEE]} | facts
    )


def corrections(run: Run) -> set[tuple[str, str, int]]:
    """Payee, cause and cents of the run's corrections."""
    rows = PayeeCorrection.objects.filter(run=run)
    return set(rows.values_list("payee__code", "cause", "cents"))


def test_a_month_is_summed_by_payee_rate_and_ground():
    deliver(child(), child("B"), child("C", permits=[permit("90", SINCE)]))
    deliver(child("D", born="2020-01-01"), child("E", homes=[home("091", SINCE)]))
    run = settle("2025-01")
    lahti = PayeeSum.objects.filter(run=run, payee__code="398")
    rows = lahti.values_list("rate__component", "rate__min_age", "ground", "persons", "cents")
    assert set(rows) == {
        ("base", 7, "87", 2, 2 * 171_00),
        ("base", 7, "90", 1, 171_00),
        ("base", 0, "87", 1, 228_42),
    }


def test_an_adult_counts_in_both_components():
    deliver(person_rows("A", moved_in="2024-12-10"))
    rows = PayeeSum.objects.filter(run=settle("2025-01"), payee__kind="municipality")
    assert set(rows.values_list("rate__component", "persons", "cents")) == {
        ("base", 1, 171_00), ("adult", 1, 645_08),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"died": "2024-10-20"}, Cause.DEATH),
        ({"citizen_from": "2024-11-01"}, Cause.CITIZENSHIP),
        ({"code": "", "homes": []}, Cause.IDENTITY_CODE),
        ({"homes": [home("398", SINCE, "2024-10-31")]}, Cause.NO_HOME),
        ({"permits": [permit("87", SINCE, "2024-10-31")]}, Cause.PERMIT_ENDED),
        ({"permits": [permit("46", SINCE)]}, Cause.PERMIT_ENDED),
        ({"moved_in": "2021-11-01"}, Cause.TIME),
    ],
)
def test_what_is_taken_back_names_its_cause_and_its_return_too(facts, cause):
    deliver(child())
    settle("2024-11")
    deliver(child(**facts))
    assert corrections(settle("2024-12")) == {("398", cause, -162_92), ("09", cause, -28_75)}
    deliver(child())
    turned = {Cause.NO_HOME: Cause.REGISTERED_LATE, Cause.PERMIT_ENDED: Cause.LATE_PERMIT}
    back = turned.get(cause, cause)
    assert corrections(settle("2025-01")) == {("398", back, 162_92), ("09", back, 28_75)}


def test_a_move_within_a_county_touches_the_municipality_alone():
    deliver(child())
    settle("2024-11")
    deliver(child(homes=[home("398", SINCE, "2024-10-31"), home("016", "2024-11-01")]))
    assert corrections(settle("2024-12")) == {("398", Cause.MOVED_AWAY, -162_92)}
    deliver(child())
    assert corrections(settle("2025-01")) == {
        ("398", Cause.MOVED_IN, 162_92), ("016", Cause.MOVED_AWAY, -162_92),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("born", "cause", "cents"),
    [("2019-05-01", Cause.AGE, 57_42), ("1999-05-01", Cause.ADULT, 645_08)],
)
def test_a_birth_date_put_right_changes_the_rates(born, cause, cents):
    rows = child(moved_in="2024-12-10")
    deliver(rows)
    settle("2025-01")
    rows["uma_persons.csv"][0]["birth_date"] = born
    deliver({"uma_persons.csv": rows["uma_persons.csv"]})
    assert ("398", cause, cents) in corrections(settle("2025-02"))


def test_an_agreement_that_lapsed():
    deliver(child(), {"agreements.csv": [agreement_row("398", "2011-09-01")]})
    settle("2024-11")
    deliver({"agreements.csv": [agreement_row("398", "2011-09-01", "2024-10-31")]})
    assert corrections(settle("2024-12")) == {("398", Cause.AGREEMENT, -162_92)}


def test_a_month_booked_late_before_september_2023():
    deliver(child())
    settle("2023-07")
    deliver(child("B"))
    assert {cause for _, cause, _ in corrections(settle("2023-08"))} == {Cause.LATE_PERMIT}


def test_every_line_of_a_correction_names_its_cause():
    deliver(child())
    settle("2024-11")
    deliver(child(died="2024-10-20"))
    run = settle("2024-12")
    causes = Line.objects.filter(run=run).values_list("kind", "cause").distinct()
    assert list(causes) == [("correction", Cause.DEATH)]


@pytest.mark.parametrize("model", [PayeeSum, PayeeCorrection])
def test_sums_of_an_approved_run_are_kept(model):
    deliver(child(), child("B"))
    settle("2024-11")
    deliver(child(died="2024-10-20"))
    run = settle("2024-12")
    assert model.objects.filter(run=run).aggregate(sum=Sum("persons"))["sum"] == 2
    with pytest.raises(IntegrityError, match="belongs to an approved run"), transaction.atomic():
        model.objects.update(persons=7)


def test_a_draft_computed_again_has_its_sums_once():
    deliver(child())
    compute("2024-11")
    run = compute("2024-11")
    assert PayeeSum.objects.count() == PayeeSum.objects.filter(run=run).count() == 2


def test_sums_that_are_not_the_lines_are_not_approved():
    """C-35: what pages show is what is paid."""
    deliver(child())
    run = compute("2024-11")
    PayeeSum.objects.filter(payee__code="398").update(cents=1)
    with (
        override("en"),
        pytest.raises(NotConserved, match=r"Lahti come to 0\.01 €, the lines to 162\.92 €"),
    ):
        check_conservation(run)
