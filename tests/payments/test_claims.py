"""Claims: applied for in time, decided by two, paid by the next run at their route's rates (C-32)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.claims import services
from payments.claims.selectors import open_entries
from payments.claims.services import ClaimRefused
from payments.models import Claim, ClaimableEntry, ClaimApplication
from payments.runs.exports import CLAIMABLE
from registry.models import DisclosureEvent, Membership, Organisation, User
from tests.documents import faults, said, workbook
from tests.factories import MembershipFactory, StaffRoleFactory, municipality, user_named
from tests.naive.ledger import Ledger, PayeeMonth
from tests.naive.register import Register
from tests.naive.strategies import histories
from tests.payments.law import home, person_rows, resident
from tests.payments.runs import (
    approve,
    compute,
    deliver,
    fresh_register,
    reference,
    rows,
    settle,
    texts,
)
from tests.payments.test_histories import naive_texts

DECIDED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SINCE = "2024-05-10"


@pytest.fixture
def late(db):
    """A settled 12/2024 and 1/2025, then B, who has lived in Lahti since before, is delivered.

    The run of 2/2025 finds 12/2024 and 1/2025 of B claimable.
    """
    resident("A", moved_in=SINCE)
    settle("2024-12")
    settle("2025-01")
    deliver(person_rows("B", moved_in=SINCE, homes=[home("398", SINCE)]))
    return settle("2025-02")


def entries_of(code: str = "398", kind: str = "municipality") -> list[ClaimableEntry]:
    found = ClaimableEntry.objects.filter(payee__code=code, payee__kind=kind, closed_by=None)
    return list(found.order_by("benefit_month", "component"))


def apply(entries, by, today=date(2025, 3, 3)) -> ClaimApplication:
    return services.claims_apply(
        [entry.pk for entry in entries],
        applicant=by.access.organisation,
        by=by,
        today=today,
    )


def grant(application, kalle, hilkka, refused=None) -> ClaimApplication:
    services.application_propose(application.pk, by=kalle, refused=refused or {})
    return services.application_decide(application.pk, by=hilkka, at=DECIDED)


def corrections(month: str, payee: str = "398") -> list[str]:
    return [row for row in rows(month) if f",{payee}," in row and ",correction," in row]


def test_a_granted_month_is_paid_by_the_next_run(late, anna, kalle, hilkka):
    """C-32: a month of 2025 at the normal rates (claim), one of 2024 at the reduced ones."""
    grant(apply(entries_of(), anna), kalle, hilkka)
    settle("2025-03")
    assert corrections("2025-03") == [
        "2025-03,2024-12,B,municipality,398,base,correction,reduced,124.67",
        "2025-03,2025-01,B,municipality,398,adult,correction,claim,645.08",
        "2025-03,2025-01,B,municipality,398,base,correction,claim,171.00",
    ]
    assert not entries_of(), "paid, hence no longer claimable"


def test_a_month_applied_for_in_2024_is_paid_at_the_normal_rates(db, anna, kalle, hilkka):
    """C-32: the day of application counts, not that of the decision."""
    resident("A", moved_in=SINCE)
    settle("2024-10")
    deliver(person_rows("B", moved_in=SINCE, homes=[home("398", SINCE)]))
    settle("2024-11")
    grant(apply(entries_of(), anna, today=date(2024, 12, 31)), kalle, hilkka)
    settle("2024-12")
    assert corrections("2024-12") == [
        "2024-12,2024-10,B,municipality,398,base,correction,claim,162.92"
    ]


def test_a_month_once_paid_stays_at_the_rates_of_its_route(late, anna, kalle, hilkka):
    grant(apply(entries_of(), anna), kalle, hilkka)
    settle("2025-03")
    settle("2025-04")
    assert corrections("2025-04") == []
    deliver(person_rows("B", moved_in=SINCE, homes=[home("091", SINCE)]))
    settle("2025-05")
    taken = [row for row in corrections("2025-05") if ",2024-12," in row]
    assert taken == ["2025-05,2024-12,B,municipality,398,base,correction,reduced,-124.67"]


def test_what_is_not_granted_is_not_paid_and_may_be_applied_for_again(late, anna, kalle, hilkka):
    first, *others = entries_of()
    application = apply([first], anna)
    claim = application.claims.get()
    grant(application, kalle, hilkka, refused={claim.pk: "Asui muualla."})
    settle("2025-03")
    assert corrections("2025-03") == [] and len(entries_of()) == 1 + len(others)
    assert apply([first], anna, today=date(2025, 4, 1)).pk != application.pk


def test_a_draft_that_is_computed_again_settles_the_same_claims(late, anna, kalle, hilkka):
    grant(apply(entries_of(), anna), kalle, hilkka)
    first = compute("2025-03")
    before = texts("2025-03"), first.input_hash
    again = compute("2025-03")
    assert (texts("2025-03"), again.input_hash) == before
    assert set(Claim.objects.values_list("settled_by", flat=True)) == {again.pk}


def test_a_claim_granted_after_the_draft_waits_for_the_next_run(late, anna, kalle, hilkka):
    application = apply(entries_of(), anna)
    draft = compute("2025-03")
    grant(application, kalle, hilkka)
    approve(draft)
    assert not Claim.objects.exclude(settled_by=None).exists()
    assert compute("2025-04").claims.count() == application.claims.count()


@pytest.mark.parametrize(("today", "may"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_the_last_day_is_the_end_of_the_second_year(late, anna, today, may):
    """C-31: 12/2024 until 31.12.2026."""
    first = entries_of()[:1]
    if may:
        assert apply(first, anna, today=today).claims.count() == 1
    else:
        with pytest.raises(ClaimRefused, match="1"):
            apply(first, anna, today=today)


def test_the_database_refuses_a_late_claim_whoever_asks(late, anna):
    application = ClaimApplication.objects.create(
        applicant=municipality("398"), applied_by=anna, applied_on=date(2027, 1, 1)
    )
    first = entries_of()[0]
    with pytest.raises(IntegrityError, match="until the end of the second year"):
        Claim.objects.create(
            application=application, person=first.person, benefit_month=first.benefit_month,
            payee=first.payee, route="claim",
        )  # fmt: skip


def test_a_month_is_applied_for_once(late, anna):
    apply(entries_of(), anna)
    with pytest.raises(ClaimRefused):
        apply(entries_of(), anna)
    claim = Claim.objects.first()
    with pytest.raises(IntegrityError, match="claim_one_open"), transaction.atomic():
        Claim.objects.bulk_create(
            [Claim(application=claim.application, person=claim.person, payee=claim.payee,
                   benefit_month=claim.benefit_month, route="claim")]
        )  # fmt: skip


def test_all_the_chosen_months_or_none(late, anna, bertta):
    others = list(ClaimableEntry.objects.exclude(payee__code="398"))
    with pytest.raises(ClaimRefused):
        apply([*entries_of(), *others], anna)
    assert not ClaimApplication.objects.exists()
    assert not open_entries(municipality("853"), date(2025, 3, 3)).exists()


def test_whoever_prepares_does_not_send(late):
    preparer = MembershipFactory.create(right="prepare").user
    with pytest.raises(ClaimRefused):
        apply(entries_of(), preparer)


def test_the_presenter_does_not_decide(late, anna, kalle):
    StaffRoleFactory.create(user=kalle, role="approver")
    application = apply(entries_of(), anna)
    services.application_propose(application.pk, by=kalle, refused={})
    with pytest.raises(ClaimRefused):
        services.application_decide(application.pk, by=kalle, at=DECIDED)
    with pytest.raises(IntegrityError, match="had a part"):
        ClaimApplication.objects.filter(pk=application.pk).update(decided_by=kalle)


def test_nobody_decides_for_their_own_municipality(late, anna, kalle, hilkka):
    application = apply(entries_of(), anna)
    services.application_propose(application.pk, by=kalle, refused={})
    MembershipFactory.create(user=hilkka)
    hilkka = User.objects.get(pk=hilkka.pk)  # who has opened a page since
    with pytest.raises(ClaimRefused):
        services.application_decide(application.pk, by=hilkka, at=DECIDED)


def test_a_returned_proposal_is_checked_again(late, anna, kalle, hilkka):
    application = apply(entries_of(), anna)
    services.application_propose(application.pk, by=kalle, refused={})
    services.application_return(application.pk, by=hilkka, reason="Katso joulukuu.")
    decided = grant(application, kalle, hilkka)
    assert decided.status == "decided" and decided.decision.amount_cents == 94_075


def test_a_withdrawn_application_frees_its_months(late, anna):
    application = apply(entries_of(), anna)
    services.application_withdraw(application.pk, by=anna)
    assert apply(entries_of(), anna).pk != application.pk


def test_what_was_decided_is_kept(late, anna, kalle, hilkka):
    application = grant(apply(entries_of(), anna), kalle, hilkka)
    for change in (
        lambda: ClaimApplication.objects.update(applied_on=date(2020, 1, 1)),
        lambda: Claim.objects.update(amount_cents=1),
        lambda: Claim.objects.all()._raw_delete("default"),
        lambda: ClaimApplication.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
            change()
    settle("2025-03")
    with pytest.raises(IntegrityError, match="is kept"):
        application.claims.update(settled_by=None)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_letter_and_its_appendix(late, anna, kalle, hilkka, client, language):
    application = apply(entries_of(), anna)
    refused = application.claims.order_by("benefit_month").first()
    decision = grant(application, kalle, hilkka, refused={refused.pk: "Asui muualla."}).decision
    client.force_login(anna)
    client.post(f"/decisions/{decision.pk}/fetch/", {"language": language})
    letter, appendix, book = (
        client.get(f"/decisions/{decision.pk}/{name}").content
        for name in (
            f"decision-{language}.pdf", f"person-appendix-{language}.pdf",
            f"person-appendix-{language}.xlsx",
        )
    )  # fmt: skip
    assert not faults(letter) and not faults(appendix)
    assert "Asui muualla." in said(letter) and "816,08" in said(letter).replace("\xa0", " ")
    assert "621/1999" in said(appendix) and "621/1999" not in said(letter)
    values = list(workbook(book).active.iter_rows(values_only=True))
    assert "621/1999" in values[0][0] and [row[0] for row in values[-2:]] == ["B", "B"]
    disclosed = DisclosureEvent.objects.filter(case_ref=f"claims {application.pk}")
    assert disclosed.count() == 2 and disclosed[0].persons == [refused.person_id]


def test_a_protected_person_is_not_named_to_the_applicant(late, anna, client):
    protected = person_rows("B", moved_in=SINCE, homes=[home("398", SINCE)])
    protected["vtj_persons.csv"] = [
        {**row, "non_disclosure": "true"} for row in protected["vtj_persons.csv"]
    ]
    deliver(protected)
    client.force_login(anna)
    page = client.get("/claims/claimable/").content.decode()
    assert '">B</th>' not in page and "turvakiel" in page.lower()


def test_from_the_list_to_the_ledger_in_the_browser(late, anna, kalle, hilkka, client):
    client.force_login(anna)
    listed = client.get("/claims/claimable/")
    assert len(listed.context["page"].rows) == len(entries_of()) == 3
    sent = client.post("/claims/apply/", {"everything": "on"})
    address = sent.url
    assert client.get(address).status_code == client.get("/claims/").status_code == 200
    client.force_login(kalle)
    assert "reason_" in client.get(address).content.decode()
    claim = Claim.objects.order_by("benefit_month").first()
    client.post(f"{address}propose/", {f"reason_{claim.pk}": "Asui muualla."})
    client.force_login(hilkka)
    client.post(f"{address}return/", {"reason": "Tarkista."})
    client.force_login(kalle)
    client.post(f"{address}propose/", {})
    client.force_login(hilkka)
    client.post(f"{address}decide/")
    application = ClaimApplication.objects.get()
    assert application.status == "decided"
    for page in (address, "/decisions/", f"/decisions/{application.decision_id}/"):
        assert client.get(page).status_code == 200
    assert Claim.objects.filter(accepted=True).count() == 2


def test_pages_cost_a_fixed_number_of_queries(late, anna, client, django_assert_num_queries):
    client.force_login(anna)
    with django_assert_num_queries(4 + 5):
        client.get("/claims/claimable/")
    apply(entries_of(), anna)
    with django_assert_num_queries(4 + 1):
        client.get("/claims/")


a_tenth = settings(max_examples=settings.default.max_examples // 10)


@pytest.mark.django_db(transaction=True)
@a_tenth
@given(histories(max_persons=4), st.data())
def test_random_histories_with_claims_are_the_twins(history, data):
    """C-32: whatever is applied for and granted between runs, each run is the twin's."""
    with fresh_register():
        register, ledger = Register(), Ledger()
        for deliveries, month in history:
            deliver(*deliveries)
            for changed in deliveries:
                register = register.apply(changed)
            run = ledger.run(month, register, reference())
            settle(month)
            assert texts(month) == naive_texts(run)
            ledger.book()
            claim_some(month, ledger, data)


def claim_some(month: date, ledger: Ledger, data) -> None:
    """Apply for some claimable months of some payee, and have them granted."""
    entries = list(ClaimableEntry.objects.filter(closed_by=None).select_related("person", "payee"))
    chosen = data.draw(st.lists(st.sampled_from(entries), unique=True)) if entries else []
    today = month.replace(day=20)
    for payee in {entry.payee for entry in chosen}:
        officer = officer_of(payee)
        open_now = open_entries(payee, today).filter(payee=payee)
        mine = [entry for entry in chosen if entry.payee == payee and entry in open_now]
        if not mine:
            continue
        application = apply(mine, officer, today=today)
        grant(application, staff("reviewer"), staff("approver"))
        for claim in application.claims.select_related("person", "payee"):
            key = PayeeMonth(claim.benefit_month, claim.person.uma_number, payee.kind, payee.code)
            ledger.grant_claim(key, today)


def officer_of(payee: Organisation):
    found = Membership.objects.filter(organisation=payee).select_related("user").first()
    return (found or MembershipFactory.create(organisation=payee)).user


def staff(role: str):
    user = user_named(f"the {role}")
    if not user.access.roles:
        StaffRoleFactory.create(user=user, role=role)
        del user.access
    return user


def test_entries_that_are_exported_are_those_that_may_be_applied_for(late):
    """The command's export shows the same entries as the page, of every payee."""
    assert len(rows("2025-02", CLAIMABLE)) == ClaimableEntry.objects.filter(closed_by=None).count()
