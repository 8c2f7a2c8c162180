"""Rows refused alone: which, where and why, and what they leave as it was."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.deliveries.layout import PERMITS, PERSONS, POPULATION, RESIDENCES
from registry.deliveries.overlaps import overlapping_lines
from registry.deliveries.refusals import Refusal
from registry.models import IdentityCode, Permit, Person, PersonDetails, Residence
from tests.deliveries import CODE_A, CODE_B, CODE_C, permit, person, refusals

WRONG = CODE_A[:-1] + "1"
LONG = "x" * 10_000
CODE = "personal_identity_code"


@pytest.fixture
def register(deliver):
    """U1 with a permit and a home, U2 with a permit."""
    return deliver(
        persons=[person("U1", CODE_A), person("U2", CODE_B)],
        permits=[permit("P1", "U1"), permit("P2", "U2")],
        residences=[f"{CODE_A},091,2024-01-01,,"],
    )


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("U3,,,,1990-01-01,,,,,,liikaa", "", "U3,,,,1990-01-01,,,,,,liikaa", "field_count"),
        ("U3,,,,1990-01-01", "", "U3,,,,1990-01-01", "field_count"),
        ('U3,"a"b,,,1990-01-01,,,,,', "", 'U3,"a"b,,,1990-01-01,,,,,\n', "bad_quoting"),
        (",,,,1990-01-01,,,,,", "uma_number", "", "missing_value"),
        ("U3,,,,,,,,,", "birth_date", "", "missing_value"),
        (person(LONG), "uma_number", LONG[:1000], "too_long"),
        (person("U3", family_name="ä" * 201), "family_name", "ä" * 201, "too_long"),
        (person("U3", nationality="SYRI"), "nationality", "SYRI", "too_long"),
        (person("U3", parent_uma_numbers="U1 " + "x" * 41), "parent_uma_numbers", "U1 " + "x" * 41, "too_long"),
        (person("U3", born_in_finland="True"), "born_in_finland", "True", "bad_boolean"),
        (person("U3", WRONG), CODE, WRONG, "wrong_check_character"),
        (person("U3", "hello"), CODE, "hello", "bad_identity_code"),
        (person("U3", LONG), CODE, LONG[:1000], "bad_identity_code"),
        (person("U3", " " + CODE_C), CODE, " " + CODE_C, "bad_identity_code"),
        (person("U3", "021126A003Y"), CODE, "021126A003Y", "identity_code_in_future"),
        (person("U1", CODE_C), "uma_number", "U1", "duplicate_key"),
        (person("U3", CODE_A), CODE, CODE_A, "identity_code_of_another"),
    ],
)  # fmt: skip
def test_a_person_refused(deliver, row, column, value, reason):
    delivery = deliver(persons=[person("U1", CODE_A), row, person("U2", CODE_B)])
    assert refusals(delivery) == [(PERSONS, 3, column, value, reason)]
    assert set(Person.objects.values_list("uma_number", flat=True)) == {"U1", "U2"}
    assert IdentityCode.objects.count() == 2


@pytest.mark.parametrize(
    "day",
    ["1.1.1990", "1990-1-1", "1990-02-30", "1990-13-01", "0001-01-01", "1849-12-31", "19900101",
     "1990-01-01T00:00", "10000-01-01", " 1990-01-01", "infinity", "today", "１９９０-01-01", "-", LONG],
)  # fmt: skip
def test_not_a_date(deliver, day):
    delivery = deliver(persons=[person("U1", born=day), person("U2")])
    assert refusals(delivery) == [(PERSONS, 2, "birth_date", day[:1000], "bad_date")]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (permit("", "U1"), "permit_number", "", "missing_value"),
        (permit("P3", ""), "uma_number", "", "missing_value"),
        (permit("P3", "U1", ground=""), "ground", "", "missing_value"),
        (permit("P3", "U1", ground="999"), "ground", "999", "unknown_ground"),
        (permit("P3", "U1", valid_from=""), "valid_from", "", "missing_value"),
        (permit("P3", "U1", valid_to="2023-12-31"), "valid_to", "2023-12-31", "ends_before_it_begins"),
        (permit("P3", "U1", quota_year="24"), "quota_year", "24", "bad_number"),
        (permit("P3", "U1", quota_year="99999"), "quota_year", "99999", "bad_number"),
        (permit("P3", "U1", tie_before_arrival="kyllä"), "tie_before_arrival", "kyllä", "bad_boolean"),
        (permit("P3", "U1", principal_uma_number="x" * 41), "principal_uma_number", "x" * 41, "too_long"),
        (permit("P3", "U9"), "uma_number", "U9", "unknown_person"),
        (permit("P1", "U1", ground="88"), "permit_number", "P1", "duplicate_key"),
        (permit("P2", "U1"), "permit_number", "P2", "duplicate_key"),
    ],
)  # fmt: skip
def test_a_permit_refused(deliver, row, column, value, reason):
    delivery = deliver(permits=[permit("P1", "U1"), row])
    assert refusals(delivery) == [(PERMITS, 3, column, value, reason)]
    assert Permit.objects.current().count() == 2


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (",,,false", CODE, "", "missing_value"),
        (f"{CODE_A},31.12.2025,,false", "death_date", "31.12.2025", "bad_date"),
        (f"{CODE_A},,,ehkä", "non_disclosure", "ehkä", "bad_boolean"),
        (f"{WRONG},,,false", CODE, WRONG, "wrong_check_character"),
        (f"{CODE_B},2025-01-01,,false", CODE, CODE_B, "duplicate_key"),
    ],
)
def test_a_population_record_refused(deliver, row, column, value, reason):
    delivery = deliver(vtj=[f"{CODE_B},,,false", row])
    assert refusals(delivery) == [(POPULATION, 3, column, value, reason)]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (",091,2024-01-01,,", CODE, "", "missing_value"),
        (f"{CODE_A},,2024-01-01,,", "municipality_code", "", "missing_value"),
        *((f"{CODE_A},{code},2023-01-01,2023-02-01,", "municipality_code", code, "unknown_municipality")
          for code in ("999", "198", "199", "200", "91")),
        (f"{CODE_A},091,,,", "moved_in", "", "missing_value"),
        (f"{CODE_A},091,2023-02-01,2023-01-31,", "moved_out", "2023-01-31", "ends_before_it_begins"),
        (f"{CODE_A},091,2023-02-01,,31", "registered_on", "31", "bad_date"),
        (f"{CODE_A},049,2024-01-01,2024-06-30,", "moved_in", "2024-01-01", "duplicate_key"),
        (f"{CODE_A},049,2023-01-01,2024-01-01,", "moved_in", "2023-01-01", "overlapping_residence"),
        (f"{CODE_A},049,2025-01-01,,", "moved_in", "2025-01-01", "overlapping_residence"),
    ],
)  # fmt: skip
def test_a_residence_refused(deliver, row, column, value, reason):
    delivery = deliver(residences=[f"{CODE_A},091,2024-01-01,,", row])
    assert refusals(delivery) == [(RESIDENCES, 3, column, value, reason)]
    assert Residence.objects.current().count() == 1


def test_residences_may_touch_on_consecutive_days(deliver):
    rows = ["091,2024-01-01,2024-01-31", "049,2024-02-01,2024-02-01", "091,2024-02-02,"]
    assert not refusals(deliver(residences=[f"{CODE_A},{row}," for row in rows]))


def test_a_fact_of_the_register_delivered_twice(register, deliver):
    home = f"{CODE_A},091,2024-01-01,,"
    delivery = deliver(
        persons=[person("U2", CODE_B), person("U1", CODE_A), person("U2", CODE_B)],
        permits=[permit("P1", "U1"), permit("P1", "U1")],
        residences=[home, home],
    )
    assert [(file, line, column, reason) for file, line, column, _v, reason in refusals(delivery)] == [
        (PERMITS, 3, "permit_number", "duplicate_key"),
        (PERSONS, 4, "uma_number", "duplicate_key"),
        (RESIDENCES, 3, "moved_in", "duplicate_key"),
    ]  # fmt: skip
    assert Permit.objects.current().count() == 2 and Residence.objects.current().count() == 1


def test_artificial_codes_only_by_setting(deliver, settings):
    settings.ALLOW_ARTIFICIAL_IDENTITY_CODES = False
    delivery = deliver(persons=[person("U1", CODE_A)], vtj=["131052-308T,,,"])
    assert refusals(delivery) == [(PERSONS, 2, CODE, CODE_A, "artificial_identity_code")]


def test_what_hangs_on_a_refused_person_is_refused_for_one_reason(deliver):
    delivery = deliver(
        persons=[person("U1", CODE_A, born="x"), person("U2", CODE_B)],
        permits=[permit("P1", "U1"), permit("P2", "U2"), permit("P3", "U9")],
        vtj=[f"{CODE_A},,,", f"{CODE_B},,,", f"{CODE_C},,,"],
        residences=[f"{CODE_A},091,2024-01-01,,"],
    )
    assert [(file, line, reason) for file, line, _c, _v, reason in refusals(delivery)] == [
        (PERMITS, 2, "person_refused"),
        (PERMITS, 4, "unknown_person"),
        (PERSONS, 2, "bad_date"),
        (POPULATION, 2, "person_refused"),
        (RESIDENCES, 2, "person_refused"),
    ]
    assert IdentityCode.objects.count() == 2


@pytest.mark.parametrize("row", ["U1,{code},,,1990-01-01,,,,,,liikaa", "U1,{code},,,1990-01-01"])
def test_a_person_of_too_many_or_too_few_fields_is_known_by_the_first(deliver, row):
    delivery = deliver(
        persons=[row.format(code=CODE_A)],
        permits=[permit("P1", "U1")],
        vtj=[f"{CODE_A},,,"],
    )
    reasons = [reason for *_where, reason in refusals(delivery)]
    assert reasons == ["person_refused", "field_count", "person_refused"]


def test_population_facts_of_a_person_in_the_register_go_in_though_the_row_is_refused(
    register, deliver
):
    delivery = deliver(
        persons=[person("U1", CODE_A, born="x")],
        permits=[permit("P7", "U1")],
        vtj=[f"{CODE_A},2025-01-01,,"],
    )
    assert [reason for *_where, reason in refusals(delivery)] == ["person_refused", "bad_date"]
    assert PersonDetails.objects.current().filter(person__uma_number="U1").exists()
    assert Permit.objects.current().filter(permit_number="P1").exists()


def test_a_second_good_row_of_a_refused_person_makes_the_person_accepted(deliver):
    delivery = deliver(persons=[person("U1", born="x"), person("U1")], permits=[permit("P1", "U1")])
    assert [(line, reason) for _f, line, _c, _v, reason in refusals(delivery)] == [(2, "bad_date")]


def test_a_refused_row_leaves_a_fact_with_its_key(register, deliver):
    deliver(
        permits=[permit("P1", "U1", ground="nonsense"), permit("P8", "U1")],
        residences=[f"{CODE_A},091,2024-01-01,1900-01-01,", f"{CODE_A},049,2020-01-01,2020-12-31,"],
    )
    assert set(Permit.objects.current().values_list("permit_number", flat=True)) == {
        "P1",
        "P2",
        "P8",
    }
    assert Residence.objects.current().count() == 2


def test_a_refused_residence_does_not_keep_a_fact_that_an_accepted_row_overlaps(register, deliver):
    deliver(residences=[f"{CODE_A},,2024-01-01,,", f"{CODE_A},049,2023-01-01,,"])
    (home,) = Residence.objects.current()
    assert home.municipality.code == "049"


def test_a_permit_number_moves_only_if_its_holder_is_named(register, deliver):
    moved = deliver(permits=[permit("P2", "U1"), permit("P3", "U2")])
    assert not refusals(moved)
    assert list(Permit.objects.current().values_list("permit_number", "person__uma_number").order_by("permit_number")) == [
        ("P2", "U1"), ("P3", "U2"),
    ]  # fmt: skip


def test_a_holder_all_of_whose_rows_are_refused_keeps_the_permit(register, deliver):
    delivery = deliver(permits=[permit("P2", "U1"), permit("P3", "U2", ground="x")])
    assert [reason for *_where, reason in refusals(delivery)] == ["duplicate_key", "unknown_ground"]
    assert Permit.objects.current().get(permit_number="P2").person.uma_number == "U2"


def test_a_code_held_in_the_register_is_refused_to_another(register, deliver):
    delivery = deliver(persons=[person("U3", CODE_A)])
    assert [reason for *_where, reason in refusals(delivery)] == ["identity_code_of_another"]


def test_a_code_goes_to_another_when_its_holder_gives_it_up(register, deliver):
    delivery = deliver(persons=[person("U3", CODE_A), person("U1", CODE_C)])
    assert not refusals(delivery)


def test_a_chain_of_codes_falls_with_its_last_link(register, deliver):
    deliver(persons=[person("U3", CODE_C)])
    delivery = deliver(persons=[person("U1", CODE_B), person("U2", CODE_C)])
    assert [reason for *_where, reason in refusals(delivery)] == ["identity_code_of_another"] * 2


def test_of_two_rows_with_one_code_its_holder_keeps_it(register, deliver):
    delivery = deliver(persons=[person("U3", CODE_A), person("U1", CODE_A, family_name="Uusi")])
    assert [line for _file, line, *_rest in refusals(delivery)] == [2]
    assert PersonDetails.objects.current().get(person__uma_number="U1").family_name == "Uusi"


def test_lines_are_those_of_the_file(deliver):
    name = '"a\nb\nc"'
    delivery = deliver(
        persons=[person("U1", family_name=name), person("U2", born="x"), "", person("U3", born="y")]
    )
    assert [line for _file, line, *_rest in refusals(delivery)] == [5, 7]


def test_every_reason_has_a_sentence():
    assert all(str(reason.label).endswith(".") for reason in Refusal)


periods = st.tuples(st.integers(1, 30), st.integers(0, 12))


@given(st.lists(st.tuples(st.sampled_from("ab"), periods), max_size=25))
def test_greedy_overlaps_are_those_a_simple_loop_finds(rows):
    entries = sorted(
        (owner, line, date(2024, 1, start), date(2024, 1, start).replace(day=min(31, start + length)))
        for line, (owner, (start, length)) in enumerate(rows)
    )  # fmt: skip
    accepted, refused = [], []
    for owner, line, first, last in entries:
        clashes = any(o == owner and f <= last and first <= t for o, _n, f, t in accepted)
        (refused.append(line) if clashes else accepted.append((owner, line, first, last)))
    assert [line for line, _alike in overlapping_lines(entries)] == refused
