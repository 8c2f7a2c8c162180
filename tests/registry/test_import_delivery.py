"""What an accepted delivery does to the register: facts brought, closed, left as they are."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from registry.deliveries.layout import PERMITS, PERSONS, POPULATION, RESIDENCES
from registry.models import (
    Delivery,
    IdentityCode,
    Permit,
    Person,
    PersonDetails,
    PopulationRecord,
    RejectedRow,
    Residence,
)
from tests.deliveries import CODE_A, CODE_B, CODE_C, HEADERS, bring, permit, person, write

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


@pytest.fixture
def settled(deliver):
    """Two persons with permits and homes."""
    return deliver(
        persons=[person("U1", CODE_A), person("U2", CODE_B)],
        permits=[
            permit("P1", "U1"),
            permit("P2", "U1", valid_from="2025-01-01"),
            permit("P3", "U2"),
        ],
        vtj=[f"{CODE_A},,,false", f"{CODE_B},,,true"],
        residences=[f"{CODE_A},091,2024-01-01,2024-12-31,", f"{CODE_A},049,2025-01-01,,"],
    )


def test_facts_are_kept_as_delivered(deliver):
    delivery = deliver(
        persons=[
            f"U1,{CODE_A},Żółć,Ōta,1990-01-01,SYR,R1,H1,true,U8 U9",
            "U2,,,,1850-01-01,,,,,",
        ],
        permits=[
            "P1,U1,90,true,2024-01-01,2024-02-01,2025-01-31,2024,U2,false",
            "P2,U2,87,,,2024-01-01,,,,",
        ],
        vtj=[f"{CODE_A},2025-05-05,2025-04-04,true"],
        residences=[f"{CODE_A},091,2024-03-01,9999-12-31,2024-03-09"],
    )
    details = PersonDetails.objects.get(person__uma_number="U1")
    assert details.identity.code == CODE_A
    assert (details.family_name, details.given_names, str(details.birth_date)) == (
        "Żółć",
        "Ōta",
        "1990-01-01",
    )
    assert (details.nationality, details.rgi_number, details.unhcr_number) == ("SYR", "R1", "H1")
    assert details.born_in_finland and details.parent_uma_numbers == ["U8", "U9"]
    bare = PersonDetails.objects.get(person__uma_number="U2")
    assert (bare.identity, bare.born_in_finland, bare.parent_uma_numbers) == (None, False, [])
    full = Permit.objects.get(permit_number="P1")
    assert (full.ground_id, full.applied_for_protection, full.quota_year) == ("90", True, 2024)
    assert (str(full.valid_from), str(full.valid_to)) == ("2024-02-01", "2025-01-31")
    assert (full.principal_uma_number, full.tie_before_arrival) == ("U2", False)
    unknown = Permit.objects.get(permit_number="P2")
    assert (unknown.applied_for_protection, unknown.tie_before_arrival) == (None, None)
    assert (unknown.granted_on, unknown.valid_to, unknown.quota_year) == (None, None, None)
    record = PopulationRecord.objects.get(identity=details.identity)
    assert (str(record.death_date), str(record.finnish_citizen_from)) == (
        "2025-05-05",
        "2025-04-04",
    )
    assert record.non_disclosure
    home = Residence.objects.get(identity=details.identity)
    assert (home.municipality.code, str(home.registered_on)) == ("091", "2024-03-09")
    assert not delivery.rejected_rows.exists()


def test_codes_are_never_stored_in_clear(settled):
    assert [code.code for code in IdentityCode.objects.order_by("id")] == [CODE_A, CODE_B]
    assert not any(CODE_A.encode() in bytes(code.sealed) for code in IdentityCode.objects.all())


def test_counts(settled, deliver):
    delivery = deliver(permits=[permit("P1", "U1"), permit("P4", "U1"), permit("P5", "U9")])
    assert delivery.counts == {
        PERMITS: {
            "rows": 3,
            "accepted": 2,
            "refused": 1,
            "new": 1,
            "closed": 1,
            "unchanged": 1,
            "kept_aside": 0,
        }
    }


def test_a_file_is_the_full_truth_for_the_persons_it_names(settled, deliver):
    delivery = deliver(permits=[permit("P2", "U1", valid_from="2025-02-02")])
    assert current_permits() == {("U1", "P2", "2025-02-02"), ("U2", "P3", "2024-01-01")}
    assert set(
        Permit.objects.filter(closed_by=delivery).values_list("permit_number", flat=True)
    ) == {"P1", "P2"}
    assert len(Permit.objects.known_at(settled)) == 3


def test_an_equal_fact_stays(settled, deliver):
    before = list(Permit.objects.values().order_by("id"))
    delivery = deliver(permits=[permit("P2", "U1", valid_from="2025-01-01"), permit("P1", "U1")])
    assert list(Permit.objects.values().order_by("id")) == before
    assert delivery.counts[PERMITS]["unchanged"] == 2


@pytest.mark.parametrize(
    "change",
    [
        {"ground": "88"},
        {"valid_from": "2024-01-02"},
        {"valid_to": "2025-01-01"},
        {"granted_on": "2024-01-01"},
        {"applied_for_protection": "false"},
        {"quota_year": "2024"},
        {"principal_uma_number": "U2"},
        {"tie_before_arrival": "true"},
    ],
)
def test_any_changed_column_makes_a_new_fact(settled, deliver, change):
    deliver(permits=[permit("P3", "U2", **change)])
    assert Permit.objects.filter(permit_number="P3").count() == 2
    assert Permit.objects.current().filter(permit_number="P3").count() == 1


def test_a_changed_person_is_a_new_fact_of_the_same_person(settled, deliver):
    deliver(persons=[person("U1", CODE_A, family_name="Uusi")])
    assert Person.objects.count() == 2
    assert list(
        PersonDetails.objects.filter(person__uma_number="U1").values_list(
            "family_name", "closed_by"
        )
    ) == [
        ("Testi", Delivery.objects.latest("id").pk),
        ("Uusi", None),
    ]


def test_a_changed_identity_code_takes_along_what_the_register_says_of_it(settled, deliver):
    deliver(vtj=[f"{CODE_C},,,true"], residences=[f"{CODE_C},091,2026-01-01,,"])
    deliver(persons=[person("U1", CODE_C)])
    details = PersonDetails.objects.current().get(person__uma_number="U1")
    assert details.identity.code == CODE_C
    assert details.identity.residences.count() == 1
    assert IdentityCode.objects.count() == 3


def test_codes_exchanged_between_two_persons(settled, deliver):
    delivery = deliver(persons=[person("U1", CODE_B), person("U2", CODE_A)])
    assert delivery.counts[PERSONS]["new"] == 2
    assert holders() == {"U1": CODE_B, "U2": CODE_A}


def test_population_facts_wait_for_their_person(deliver):
    early = deliver(vtj=[f"{CODE_A},,,false"], residences=[f"{CODE_A},091,2024-01-01,,"])
    assert early.counts[POPULATION]["kept_aside"] == early.counts[RESIDENCES]["kept_aside"] == 1
    deliver(persons=[person("U1", CODE_A)])
    assert PersonDetails.objects.get().identity.residences.count() == 1
    later = deliver(residences=[f"{CODE_A},049,2024-01-01,,"])
    assert later.counts[RESIDENCES]["kept_aside"] == 0


def test_the_same_content_again_changes_nothing(deliver, tmp_path):
    files = {PERSONS: [person("U1", CODE_A)]}
    first = bring(write(tmp_path / "one", files))
    again = bring(write(tmp_path / "two", files))
    assert again == first and again.repeated and not first.repeated
    assert Delivery.objects.count() == 1


def test_an_older_content_after_another_is_a_delivery_of_its_own(deliver):
    rows = [[permit("P1", "U1")], [permit("P2", "U1")]]
    deliver(persons=[person("U1")], permits=rows[0])
    deliver(permits=rows[1])
    deliver(persons=[person("U1")], permits=rows[0])
    assert {number for _uma, number, _from in current_permits()} == {"P1"}
    assert Delivery.objects.count() == 3


def test_a_delivery_that_changes_nothing_is_still_recorded(settled, deliver):
    delivery = deliver(persons=[person("U2", CODE_B), person("U1", CODE_A)])
    assert delivery.pk > settled.pk
    assert delivery.counts[PERSONS]["unchanged"] == 2
    assert delivery.register_hash != settled.register_hash


def test_register_hash_depends_on_what_came_before(deliver):
    deliver(persons=[person("U1")])
    deliver(persons=[person("U2")])
    hashes = set(Delivery.objects.values_list("register_hash", flat=True))
    assert len(hashes) == 2


def test_columns_in_any_order_with_unknown_ones(db, tmp_path):
    columns = ["given_names", "nobody_knows", *reversed(HEADERS[POPULATION].split(","))]
    line = ["x", "y", *reversed(f"{CODE_A},2025-01-01,,true".split(","))]
    (tmp_path / POPULATION).write_text(f"{','.join(columns)}\n{','.join(line)}\n")
    delivery = bring(tmp_path)
    record = PopulationRecord.objects.get()
    assert (str(record.death_date), record.non_disclosure) == ("2025-01-01", True)
    assert [n["column"] for n in delivery.notices] == ["given_names", "nobody_knows"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff{header}\n{a}\n{b}\n",
        "{header}\r\n{a}\r\n{b}\r\n",
        "{header}\n{a}\n{b}",
        "{header}\n{a}\n\n{b}\n\n",
    ],
    ids=["bom", "crlf", "no last newline", "blank lines"],
)
def test_forms_of_text(db, tmp_path, text):
    header, a, b = HEADERS[POPULATION], f"{CODE_A},,,false", f"{CODE_B},,,true"
    (tmp_path / POPULATION).write_bytes(text.format(header=header, a=a, b=b).encode())
    assert bring(tmp_path).counts[POPULATION]["accepted"] == 2


def test_quoted_values(deliver):
    name = 'Al "Abu"\r\nRashid, jr'
    quoted = name.replace('"', '""')
    deliver(persons=[f'U1,,"{quoted}","",1990-01-01,"SYR",,,"true",', person("U2")])
    details = PersonDetails.objects.get(person__uma_number="U1")
    assert (details.family_name, details.given_names) == (name, "")
    assert PersonDetails.objects.count() == 2


def test_backslashes_and_null_words_are_text(deliver):
    deliver(persons=[person(r"\.", family_name=r"\N", given_names="NULL"), person("null")])
    assert set(Person.objects.values_list("uma_number", flat=True)) == {r"\.", "null"}
    assert PersonDetails.objects.get(person__uma_number=r"\.").family_name == r"\N"


def test_notices(deliver, tmp_path):
    folder = write(
        tmp_path / "d",
        {
            PERSONS: [
                person("U1", CODE_A, born="1990-01-02"),
                person("U2", CODE_B, "1990-02-02"),
                person("U3", nationality="XXY"),
            ]
        },
    )
    (folder / "readme.txt").write_text("hei")
    (folder / "agreements.csv").write_text("")
    assert bring(folder).notices == [
        {"file": "agreements.csv", "code": "agreements_file"},
        {"file": "readme.txt", "code": "unknown_file"},
        {"file": PERSONS, "line": 4, "code": "unknown_nationality"},
        {"file": PERSONS, "line": 2, "code": "birth_date_differs"},
    ]
    corrected = deliver(persons=[person("U1", CODE_A), person("U2", CODE_B, "1991-02-02")])
    assert corrected.notices == [{"file": PERSONS, "line": 3, "code": "birth_date_differs"}]


def test_a_zip_is_as_good_as_a_folder(deliver, settled, tmp_path):
    folder = write(tmp_path / "z", {PERMITS: [permit("P9", "U2")]})
    path = tmp_path / "delivery.zip"
    with ZipFile(path, "w") as archive:
        archive.write(folder / PERMITS, PERMITS)
    assert bring(path).counts[PERMITS]["new"] == 1
    assert bring(folder).repeated


@pytest.mark.parametrize("case", ["compensation/delivery", "history/deliveries/*"])
def test_golden_deliveries_have_no_bad_row(db, case):
    folders = [f for f in sorted(GOLDEN.glob(case)) if set(HEADERS) & {x.name for x in f.iterdir()}]
    for folder in folders:
        bring(folder)
    assert folders and Delivery.objects.count() == len(folders)
    assert not RejectedRow.objects.exists()


def current_permits():
    rows = Permit.objects.current().values_list("person__uma_number", "permit_number", "valid_from")
    return {(uma, number, str(day)) for uma, number, day in rows}


def holders():
    rows = PersonDetails.objects.current().select_related("person", "identity")
    return {row.person.uma_number: row.identity.code for row in rows}
