"""Each thing that can be wrong with a row, one sentence of the rule each (G-04 … G-07, G-10, G-11)."""

from __future__ import annotations

from datetime import date

import pytest

from grants.lists import selectors
from grants.lists.checking.findings import findings_store
from grants.lists.codes import ADVICE, ERRORS, Code
from grants.lists.models import ListRow, PersonList, RowFinding
from tests.factories import (
    moved,
    municipality,
    organisation,
    resident,
)
from tests.grants.applications import send
from tests.grants.lists import listed

pytestmark = pytest.mark.django_db
HELSINKI, LAHTI, TURKU = "091", "398", "853"
PAIJAT_HAME = "09"


def codes(person_list: PersonList, *, hidden: bool = False) -> set[str]:
    findings_store(person_list)
    found = RowFinding.objects.filter(list=person_list, is_hidden=hidden)
    return set(found.values_list("code", flat=True))


ROWS = [
    ({}, set()),
    ({"uma_number": "", "unhcr_number": ""}, {"missing_identifier"}),
    ({"uma_number": "AB"}, {"identifier_form"}),
    ({"uma_number": "A" * 41}, {"identifier_form"}),
    ({"unhcr_number": "X"}, {"identifier_form"}),
    ({"birth_date": None}, {"date_unreadable"}),
    ({"moved_in": None}, {"date_unreadable"}),
    ({"birth_date": date(2023, 5, 2)}, {"birth_after_move"}),
    ({"birth_date": date(2023, 5, 1)}, set()),
    ({"nationality": ""}, {"nationality_unknown"}),
    ({"municipality": None}, {"municipality_unknown"}),
    ({"ground_id": None}, {"ground_unknown"}),
    ({"moved_in": date(2022, 12, 31)}, {"moved_outside"}),
    ({"moved_in": date(2023, 1, 1)}, set()),
    ({"moved_in": date(2023, 12, 31)}, set()),
    ({"moved_in": date(2024, 1, 1)}, {"moved_outside"}),
    ({"ground_id": "93"}, {"ground_not_in_round"}),
    ({"ground_id": "110"}, {"ground_not_in_round"}),
    ({"unhcr_number": "123-45C67890"}, set()),
    ({"unhcr_number": "123-45-67890"}, set()),
    ({"unhcr_number": "12345C67890"}, {"unhcr_form"}),
]


@pytest.mark.parametrize(("changed", "expected"), ROWS)
def test_what_a_row_says_of_itself(changed, expected):
    """G-06 of the grounds 93 and 110, G-10, G-11."""
    assert codes(listed([changed])) - {"not_in_register"} == expected


def test_the_window_of_2022_has_its_own_days():
    """G-05."""
    days = [date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)]
    rows = [{"uma_number": f"T{n:04}", "moved_in": day} for n, day in enumerate(days)]
    assert codes(listed(rows, round_="L2023")) == {"moved_outside", "not_in_register"}
    outside = RowFinding.objects.filter(code="moved_outside").values_list("row__line", flat=True)
    assert set(outside) == {2, 5}


def test_all_causes_of_a_row_are_told_at_once():
    """G-11."""
    wrong = {"uma_number": "", "birth_date": None, "nationality": "", "ground_id": "110"}
    assert codes(listed([wrong])) == {
        "missing_identifier", "date_unreadable", "nationality_unknown", "ground_not_in_round"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("applicant", "claimed", "is_own"),
    [
        (("municipality", LAHTI), LAHTI, True),
        (("municipality", LAHTI), TURKU, False),
        (("municipality", LAHTI), "532", True),  # Nastola, merged into Lahti
        (("county", PAIJAT_HAME), LAHTI, True),
        (("county", PAIJAT_HAME), "532", True),
        (("county", PAIJAT_HAME), TURKU, False),
        (("municipality", HELSINKI), HELSINKI, True),
    ],
)
def test_an_applicant_claims_those_of_its_own(applicant, claimed, is_own):
    row = {"municipality": municipality(claimed)}
    person_list = listed([row], applicant=organisation(*applicant))
    assert ("not_own_municipality" not in codes(person_list)) == is_own


def test_the_urgent_list_needs_a_quota_year_and_no_ground():
    rows = [
        {"quota_year": None, "ground_id": None},
        {"uma_number": "T2", "quota_year": 2023, "ground_id": None},
    ]
    person_list = listed(rows, round_="K2023")
    assert codes(person_list) == {"quota_year_missing", "identifier_form", "not_in_register"}
    assert RowFinding.objects.get(code="quota_year_missing").row.line == 2


@pytest.mark.parametrize(
    ("first", "second", "is_twice"),
    [
        ({"uma_number": "T1111"}, {"uma_number": "T1111"}, True),
        ({"uma_number": "T1111"}, {"uma_number": "T2222"}, False),
        (
            {"uma_number": "", "unhcr_number": "123-45C67890"},
            {"uma_number": "T1111", "unhcr_number": "123-45C67890"},
            True,
        ),
        ({"uma_number": ""}, {"uma_number": ""}, False),
        ({"uma_number": "T1111"}, {"uma_number": "T1111", "is_removed": True}, False),
    ],
)
def test_the_same_person_is_in_a_list_once(first, second, is_twice):
    assert ("same_person_twice" in codes(listed([first, second]))) == is_twice


def test_a_person_known_by_two_numbers_is_one_person():
    person = resident(moved_in=date(2023, 5, 1), unhcr_number="123-45c67890")
    rows = [{"uma_number": person.uma_number}, {"uma_number": "", "unhcr_number": "123-45C67890"}]
    assert "same_person_twice" in codes(listed(rows))


# What the register says: Testinen, born 1.5.1990, of Afghanistan, ground 87, Lahti from 1.5.2023.
REGISTER = [
    ({}, set()),
    ({"birth_date": date(1990, 5, 2)}, {"birth_date_differs"}),
    ({"nationality": "SYR"}, {"nationality_differs"}),
    ({"ground_id": "90"}, {"ground_differs"}),
    ({"moved_in": date(2023, 5, 2)}, {"moved_in_differs"}),
]


@pytest.mark.parametrize(("changed", "expected"), REGISTER)
def test_where_a_row_and_the_register_differ(changed, expected):
    person = resident(moved_in=date(2023, 5, 1))
    assert codes(listed([{"uma_number": person.uma_number, **changed}])) == expected


def test_one_the_register_does_not_know_is_told():
    assert codes(listed([{"uma_number": "NOBODY"}])) == {"not_in_register"}


def test_one_is_found_by_the_unhcr_number_whatever_its_capitals():
    person = resident(moved_in=date(2023, 5, 1), rgi_number="rgi-7")
    assert codes(listed([{"uma_number": "", "unhcr_number": "RGI-7"}])) == set()
    assert ListRow.objects.get().person == person


def test_one_who_never_lived_there_differs_from_the_register():
    person = resident(lives_in=TURKU, moved_in=date(2023, 5, 1))
    assert codes(listed([{"uma_number": person.uma_number}])) == {"municipality_differs"}


def test_only_the_first_home_municipality_is_paid():
    person = resident(lives_in=TURKU, moved_in=date(2023, 3, 1))
    moved(person, to=LAHTI, on=date(2023, 5, 1))
    assert codes(listed([{"uma_number": person.uma_number}])) == {"not_first_home"}


def test_the_first_home_municipality_is_paid_though_one_moved_on():
    person = resident(lives_in=LAHTI, moved_in=date(2023, 5, 1))
    moved(person, to=TURKU, on=date(2023, 6, 1))
    assert codes(listed([{"uma_number": person.uma_number}])) == set()


def test_a_county_is_paid_for_the_first_home_in_any_of_its_municipalities():
    person = resident(lives_in="016", moved_in=date(2023, 3, 1))  # Asikkala, of the same county
    moved(person, to=LAHTI, on=date(2023, 5, 1))
    row = {"uma_number": person.uma_number}
    assert codes(listed([row], applicant=organisation("county", PAIJAT_HAME))) == set()


def claimed(row, *, sent=True, **application):
    """The same person in another application."""
    other = listed([row], **application)
    return send(other.application) if sent else other.application


SAME = {"uma_number": "T5555"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"applicant": ("municipality", TURKU)}, {"claimed_elsewhere"}),
        ({"applicant": ("municipality", TURKU), "round_": "L2023"}, {"claimed_earlier"}),
        ({"applicant": ("municipality", LAHTI), "round_": "L2021"}, {"claimed_earlier"}),
        ({"applicant": ("municipality", LAHTI), "round_": "K2023"}, {"both_supports"}),
        ({"applicant": ("municipality", TURKU), "round_": "K2023"}, {"both_supports"}),
        ({"applicant": ("county", PAIJAT_HAME)}, set()),
        ({"applicant": ("municipality", TURKU), "sent": False}, set()),
    ],
)
def test_who_else_claims_the_person_over_all_rounds_and_supports(other, expected):
    applicant = organisation(*other.pop("applicant"))
    claimed(SAME, applicant=applicant, **other)
    assert codes(listed([SAME])) - {"not_in_register"} == expected


def test_the_application_that_this_one_replaces_is_no_other_claim():
    earlier = claimed(SAME)
    person_list = listed([SAME], replaces=earlier)
    assert codes(person_list) == {"not_in_register"}


@pytest.fixture
def hiding():
    """A person under non-disclosure who moved from Lahti to Turku."""
    person = resident(lives_in=LAHTI, moved_in=date(2023, 5, 1), protected=True)
    moved(person, to=TURKU, on=date(2023, 6, 1))
    return {"uma_number": person.uma_number}


def test_of_a_protected_person_nothing_tells_where_they_live(hiding):
    turku = listed([hiding | {"municipality": municipality(TURKU), "moved_in": date(2023, 6, 1)}],
                   applicant=municipality(TURKU))  # fmt: skip
    assert codes(turku) == set()
    assert codes(turku, hidden=True) == {"not_first_home"}
    elsewhere = [hiding | {"municipality": municipality("016")}]
    asikkala = listed(elsewhere, applicant=municipality("016"))
    assert codes(asikkala) == set()
    assert codes(asikkala, hidden=True) == {"municipality_differs"}


def test_of_a_protected_person_no_other_applicant_is_told_of(hiding):
    claimed(hiding | {"municipality": municipality(TURKU)}, applicant=municipality(TURKU))
    lahti = listed([hiding])
    assert codes(lahti) == set()
    assert codes(lahti, hidden=True) == {"claimed_elsewhere"}


def test_ones_own_earlier_claim_of_a_protected_person_is_told(hiding):
    claimed(hiding, round_="L2023")
    assert codes(listed([hiding])) == {"claimed_earlier"}


def test_a_list_is_no_way_of_asking_where_somebody_lives():
    person = resident(lives_in=TURKU, moved_in=date(2023, 5, 1))
    places = [municipality(code) for code in (TURKU, "016")]
    rows = [{"uma_number": person.uma_number, "municipality": place} for place in places]
    answers = [codes(listed([row], round_="L2024")) for row in rows[:1]]
    PersonList.objects.update(is_current=False)
    ListRow.objects.update(municipality=places[1])
    answers.append(codes(PersonList.objects.get()))
    assert answers == [{"not_own_municipality"}] * 2


def test_a_list_is_no_way_of_trying_out_birth_dates():
    person = resident(moved_in=date(2023, 5, 1))
    tries = [{"uma_number": person.uma_number, "birth_date": date(1990, 5, day)} for day in (1, 2)]
    assert codes(listed(tries)) == {"same_person_twice"}


def test_every_code_has_its_advice_and_is_an_error_or_a_warning():
    assert ADVICE.keys() == set(Code)
    assert set(Code) > ERRORS


KNOWN = [
    ("L2023", ("municipality", LAHTI), 2, 3, 617_700),
    ("L2024", ("municipality", LAHTI), 2, 3, 754_840),
    ("L2024", ("county", PAIJAT_HAME), 2, 3, 68_760),
    ("L2024", ("municipality", HELSINKI), 2, 3, 823_600),
    ("L2024", ("municipality", "478"), 2, 3, 823_600),  # Mariehamn
    ("K2023", ("municipality", LAHTI), 1, 4, 802_250),
]


@pytest.mark.parametrize(("round_", "applicant", "small", "others", "cents"), KNOWN)
def test_known_results(round_, applicant, small, others, cents):
    payee = organisation(*applicant)
    town = municipality(LAHTI if payee.kind == "county" else payee.code)
    moved_in = date(2022, 6, 1) if round_ == "L2023" else date(2023, 6, 1)
    born = [date(2018, 1, 1)] * small + [date(1990, 1, 1)] * others
    rows = [
        {"uma_number": f"T{n:04}", "birth_date": day, "municipality": town, "moved_in": moved_in}
        for n, day in enumerate(born)
    ]
    person_list = listed(rows, round_=round_, applicant=payee)
    findings_store(person_list)
    assert selectors.sum_cents(selectors.age_groups(person_list, person_list.application)) == cents


@pytest.mark.parametrize(
    ("born", "group"),
    [(date(2016, 5, 2), 0), (date(2016, 5, 1), 7), (date(2016, 2, 29), 7), (date(2023, 5, 1), 0)],
)
def test_the_age_is_that_of_the_day_of_moving_in(born, group):
    person_list = listed([{"birth_date": born}])
    findings_store(person_list)
    (found,) = [g for g in selectors.age_groups(person_list, person_list.application) if g.persons]
    assert found.min_age == group


def test_rows_with_errors_and_removed_rows_are_paid_nothing():
    rows = [{"birth_date": None}, {"uma_number": "T2222", "is_removed": True}]
    person_list = listed(rows)
    findings_store(person_list)
    assert selectors.sum_cents(selectors.age_groups(person_list, person_list.application)) == 0


def test_findings_are_grouped_by_cause_errors_first():
    rows = [{"uma_number": f"T{n:04}", "nationality": "" if n else "SYR"} for n in range(3)]
    person_list = listed(rows)
    findings_store(person_list)
    found = [(group.code, group.rows) for group in selectors.groups(person_list)]
    assert found == [("nationality_unknown", 2), ("not_in_register", 3)]
    assert selectors.standing(person_list) == selectors.Standing(3, 2, 1, 0)


def test_findings_are_found_in_a_fixed_number_of_statements(django_assert_num_queries):
    person_list = listed([{"uma_number": f"T{n:04}"} for n in range(40)])
    with django_assert_num_queries(7):
        findings_store(person_list)


def test_a_person_is_known_by_an_rgi_number_too():
    person = resident(moved_in=date(2023, 5, 1), rgi_number="rgi00974050")
    person_list = listed([{"uma_number": "", "unhcr_number": "RGI00974050"}])
    findings_store(person_list)
    assert ListRow.objects.get(list=person_list).person == person
