"""Organisations of the reference data, by day, and who is paid after a merger (C-21)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from registry.models import AuthorityName, Organisation, OrganisationKind
from tests.factories import municipality

pytestmark = pytest.mark.django_db


def paid_in_place_of(code: str, day: date) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payee.code FROM registry_succession s"
            " JOIN registry_organisation payee ON payee.id = s.payee_id"
            " WHERE s.organisation_id = %s AND %s BETWEEN s.from_day AND s.to_day",
            [municipality(code).pk, day],
        )
        return [code for (code,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("day", "count", "finnish"),
    [
        ("2020-01-01", 310, 261),
        ("2020-12-31", 310, 261),
        ("2021-01-01", 309, 260),
        ("2024-12-31", 309, 260),
        ("2025-01-01", 308, 259),
        ("2026-11-23", 308, 259),
    ],
)
def test_municipalities_in_force(day, count, finnish):
    in_force = Organisation.objects.municipalities().in_force(date.fromisoformat(day))
    languages = Counter(in_force.values_list("language", flat=True))
    assert in_force.count() == count
    assert in_force.filter(in_aland=True).count() == 16
    assert languages == {"fi": finnish, "bilingual_fi": 18, "bilingual_sv": 15, "sv": 16}


@pytest.fixture
def ring():
    """Lahti and Turku, each merged into the other on the same day; undone after the test."""
    with transaction.atomic():
        lahti, turku = municipality("398"), municipality("853")
        for ended, successor in ((lahti, turku), (turku, lahti)):
            ended.valid_to, ended.merged_into = date(2027, 12, 31), successor
            ended.save()
        yield ended
        transaction.set_rollback(True)


def test_mergers_in_a_ring_are_said_to_be_wrong(ring):
    with pytest.raises(ValidationError, match="voimassa seuraavana päivänä"):
        ring.clean()


def test_mergers_in_a_ring_are_refused(ring):
    with (
        pytest.raises(IntegrityError, match="in force the day after"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS organisation_successor_in_force IMMEDIATE")


def test_every_mainland_municipality_of_today_has_a_county():
    today = Organisation.objects.municipalities().in_force(date(2026, 11, 23))
    assert not today.filter(county=None, in_aland=False).exists()
    assert not today.filter(in_aland=True).exclude(county=None).exists()
    assert municipality("091").county == Organisation.objects.get(kind="county", code="90")
    assert municipality("398").county.name_fi == "Päijät-Hämeen hyvinvointialue"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("90", "bilingual_fi"),  # Helsinki
        ("01", "bilingual_fi"),  # East Uusimaa
        ("02", "fi"),  # Central Uusimaa
        ("17", "bilingual_sv"),  # Ostrobothnia
    ],
)
def test_language_of_a_county(code, language):
    assert Organisation.objects.get(kind="county", code=code).language == language


def test_aland_health_authority():
    health = Organisation.objects.get(kind=OrganisationKind.ALAND_HEALTH)
    assert (health.code, health.language, health.in_aland) == ("AHS", "sv", True)
    assert health.name_sv == "Ålands hälso- och sjukvård"


@pytest.mark.parametrize(
    ("code", "day", "payee"),
    [
        ("588", "2024-12-31", "588"),
        ("588", "2025-01-01", "507"),
        ("588", "2030-01-01", "507"),
        ("507", "2020-01-01", "507"),
        ("507", "2025-01-01", "507"),
    ],
)
def test_pertunmaa_is_paid_to_mantyharju_from_2025(code, day, payee):
    assert paid_in_place_of(code, date.fromisoformat(day)) == [payee]


def test_succession_follows_a_chain_of_mergers():
    middle, end = municipality("507"), municipality("491")
    middle.valid_to, middle.merged_into = date(2027, 12, 31), end
    middle.save()
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    assert [paid_in_place_of("588", day) for day in days] == [["588"], ["507"], ["507"], ["491"]]


def test_somebody_is_paid_for_every_municipality_every_day():
    for organisation in Organisation.objects.municipalities():
        changes = {date(2011, 9, 1), organisation.valid_from, date(2030, 1, 1)}
        if organisation.valid_to:
            changes |= {organisation.valid_to, organisation.valid_to + timedelta(days=1)}
        assert all(len(paid_in_place_of(organisation.code, day)) == 1 for day in changes)


@pytest.mark.parametrize(
    ("authority", "day", "name_fi", "name_sv"),
    [
        ("keha", "2025-12-31", "KEHA-keskus", "UF-centret"),
        (
            "keha",
            "2026-01-01",
            "Työllisyys-, kehittämis- ja hallintokeskus",
            "Sysselsättnings-, utvecklings- och förvaltningscentralen",
        ),
        ("regional", "2025-12-31", "ELY-keskus", "NTM-centralen"),
        ("regional", "2026-01-01", "Elinvoimakeskus", "Livskraftscentralen"),
    ],
)
def test_an_authority_bears_the_name_of_the_day(authority, day, name_fi, name_sv):
    name = AuthorityName.objects.in_force(date.fromisoformat(day)).get(authority__code=authority)
    assert (name.name_fi, name.name_sv) == (name_fi, name_sv)


@pytest.mark.parametrize("successor", [None, "091"])
def test_a_municipality_that_ends_names_who_is_paid_in_its_place(successor):
    """C-21: none, or itself, would leave its residents' compensation to nobody."""
    ended = municipality("091")
    ended.valid_to = date(2027, 12, 31)
    ended.merged_into = municipality(successor) if successor else None
    with pytest.raises(IntegrityError, match="organisation_ended_has_successor"):
        ended.save()
