"""What the database itself refuses in the register and in the figures, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Rate
from registry.models import (
    Agreement,
    Organisation,
    Permit,
    PersonDetails,
    PopulationRecord,
    Residence,
)
from tests.factories import (
    AgreementFactory,
    DeliveryFactory,
    IdentityCodeFactory,
    ResidenceFactory,
    municipality,
)
from tests.payments.law import agreement, code_of, person_rows, resident
from tests.payments.loading import load

pytestmark = pytest.mark.django_db

FACTS = [PersonDetails, Permit, PopulationRecord, Residence, Agreement]


@pytest.fixture
def facts():
    """One fact of each kind."""
    resident("A")
    agreement("398", "2011-09-01")


def refused(sentence: str):
    """The database refuses, in these words."""
    return pytest.raises(IntegrityError, match=sentence)


@pytest.mark.parametrize("model", FACTS)
def test_a_fact_is_never_deleted(facts, model):
    with refused("never changed or deleted"):
        model.objects.all().delete()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (PersonDetails, {"birth_date": "1980-01-01"}),
        (Permit, {"ground_id": "90"}),
        (PopulationRecord, {"death_date": "2025-01-01"}),
        (Residence, {"moved_out": "2025-12-31"}),
        (Agreement, {"valid_to": "2025-12-31"}),
    ],
)
def test_a_fact_is_never_changed(facts, model, change):
    with refused("never changed or deleted"):
        model.objects.update(**change)


@pytest.mark.parametrize("model", FACTS)
def test_a_fact_is_closed_once(facts, model):
    model.objects.update(closed_by=DeliveryFactory())
    for closed_by in (DeliveryFactory(), None):
        with refused("only closed once"), transaction.atomic():
            model.objects.update(closed_by=closed_by)


@pytest.mark.parametrize("model", FACTS)
def test_a_fact_is_not_changed_while_it_is_closed(facts, model):
    with refused("only closed once"):
        model.objects.update(closed_by=DeliveryFactory(), brought_by=DeliveryFactory())


@pytest.mark.parametrize("model", [PersonDetails, Permit, PopulationRecord, Residence])
def test_a_fact_is_closed_by_a_later_delivery(facts, model):
    fact = model.objects.get()
    with refused("closed_later"):
        model.objects.update(closed_by=fact.brought_by)


@pytest.mark.parametrize(
    ("moved_in", "moved_out"),
    [
        ("2025-03-31", None),
        ("2025-01-01", "2025-02-01"),
        ("2025-02-10", "2025-02-20"),
        ("2025-01-01", None),
        ("2025-02-01", "2025-03-31"),
    ],
)
def test_home_municipalities_of_one_person_do_not_overlap(moved_in, moved_out):
    lived = ResidenceFactory(moved_in=date(2025, 2, 1), moved_out=date(2025, 3, 31))
    with refused("may not overlap") as refusal:
        ResidenceFactory(identity=lived.identity, moved_in=moved_in, moved_out=moved_out)
    assert refusal.value.__cause__.sqlstate == "23P01"


@pytest.mark.parametrize(
    ("moved_in", "moved_out"), [("2025-04-01", None), ("2025-01-01", "2025-01-31")]
)
def test_home_municipalities_may_follow_one_another(moved_in, moved_out):
    lived = ResidenceFactory(moved_in=date(2025, 2, 1), moved_out=date(2025, 3, 31))
    assert ResidenceFactory(identity=lived.identity, moved_in=moved_in, moved_out=moved_out)


def test_home_municipalities_of_one_insert_do_not_overlap():
    identity, delivery, lahti = IdentityCodeFactory(), DeliveryFactory(), municipality("398")
    with refused("may not overlap"):
        Residence.objects.bulk_create(
            Residence(identity=identity, brought_by=delivery, municipality=lahti, moved_in=day)
            for day in ("2025-01-01", "2025-02-01")
        )


def test_a_closed_home_municipality_leaves_room():
    lived = ResidenceFactory(moved_in=date(2025, 2, 1))
    Residence.objects.update(closed_by=DeliveryFactory())
    assert ResidenceFactory(identity=lived.identity, moved_in=date(2025, 2, 1))


def test_one_identity_code_has_one_person():
    resident("A")
    with refused("identity_one_person"):
        load(person_rows("B", code=code_of("A"), homes=[], permits=[]) | {"vtj_persons.csv": []})


def test_one_permit_number_has_one_current_permit():
    load(person_rows("A"))
    with refused("permit_number_one_current"):
        load({"uma_permits.csv": person_rows("A")["uma_permits.csv"], "uma_persons.csv": []})


def test_agreements_of_one_municipality_do_not_overlap():
    AgreementFactory(valid_to=date(2025, 3, 31))
    AgreementFactory(valid_from=date(2025, 4, 1))
    with refused("agreement_one_a_day"):
        AgreementFactory(valid_from=date(2025, 3, 31), valid_to=date(2025, 3, 31))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "the same rate twice"),
        ({"min_age": 3, "max_age": 9}, "ages overlap"),
        ({"valid_from": date(2026, 1, 1)}, "days overlap"),
        ({"region": "any"}, "the whole country overlaps a region"),
        ({"region": "mainland"}, "a region overlaps itself or the whole country"),
    ],
)
def test_rates_do_not_overlap(change, why):
    rate = Rate.objects.get(payee_kind="county", component="base", min_age=0, valid_to=None)
    rate.pk = None
    for name, value in change.items():
        setattr(rate, name, value)
    with refused("rate_one_a_day"):
        rate.save()


def test_a_payee_with_money_is_not_deleted():
    resident("A")
    with pytest.raises(Exception, match="protected foreign keys"):
        Organisation.objects.get(kind="municipality", code="398").delete()


def test_a_payee_with_facts_is_not_deleted_by_sql_either():
    resident("A")
    with refused("violates foreign key"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_organisation WHERE code = '398'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
