"""The synthetic registry: repeatable, plausible, acceptable to the importer, able to live on.

`refusals` is an independent reading of formats.md: it shares nothing with the generator but the
municipality reference.
"""

import csv
import filecmp
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.deliveries.synthetic import (
    delivery_make,
    delivery_make_next,
    evolve,
    households_read,
    state_folder,
)
from registry.deliveries.synthetic.codes import IdentityCodes
from registry.management.commands.make_delivery import Command

PERSONS = 6000
AS_OF = date(2026, 11, 1)
KEYS = {  # the column that says whose row it is
    "uma_persons.csv": "uma_number",
    "uma_permits.csv": "uma_number",
    "vtj_persons.csv": "personal_identity_code",
    "vtj_residences.csv": "personal_identity_code",
}
GROUNDS = {
    *("87", "88", "88a", "90", "93", "51", "52", "89", "52a1", "52a2", "54", "54_5", "110"),
    *("114", "115", "47_3", "52_4", "45", "46", "50", "73"),
}
REFERENCE = Path(__file__).resolve().parents[2] / "registry" / "data" / "municipalities.csv"
MUNICIPALITIES = {line[:3] for line in REFERENCE.read_text(encoding="utf-8").splitlines()[1:]}
DATES = (
    *("birth_date", "granted_on", "valid_from", "valid_to", "moved_in", "moved_out"),
    *("registered_on", "death_date", "finnish_citizen_from"),
)
REQUIRED = {"uma_number", "permit_number", "birth_date", "valid_from", "moved_in", "registered_on"}
BOOLEANS = ("born_in_finland", "applied_for_protection", "tie_before_arrival", "non_disclosure")

Row = dict[str, str]
Delivery = dict[str, list[Row]]


def read(folder: Path) -> Delivery:
    """Read a delivery; a row of a wrong length gets the key `wrong`."""
    delivery: Delivery = {}
    for name in KEYS:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        delivery[name] = [
            dict(zip(header, row, strict=True)) if len(row) == len(header) else {"wrong": ""}
            for row in rows
        ]
    return delivery


def refusals(delivery: Delivery) -> list[tuple[str, int, str]]:
    """List the rows an importer must refuse: file, index, reason."""
    found = []
    known: set[str] = set()
    for name, rows in delivery.items():
        seen: set[tuple[str, ...]] = set()
        lived: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for index, row in enumerate(rows):
            reason = fault(row) or clash(name, row, seen, lived) or unknown_person(name, row, known)
            if reason:
                found.append((name, index, reason))
            elif name == "uma_persons.csv":
                known.add(row["uma_number"])
    return found


def birth_date_differs(row: Row) -> bool:
    code, (year, month, day) = row["personal_identity_code"], row["birth_date"].split("-")
    return bool(code) and code[:6] != day + month + year[2:]


def fault(row: Row) -> str:
    """Say what is wrong with a row by itself."""
    if "wrong" in row:
        return "number of fields"
    try:
        for column in DATES:
            if row.get(column) or column in REQUIRED & row.keys():
                date.fromisoformat(row[column])
    except ValueError:
        return "date"
    for first, last in (("valid_from", "valid_to"), ("moved_in", "moved_out")):
        if row.get(last) and row[last] < row[first]:
            return f"{last} before {first}"
    if any(row.get(column, "") not in ("", "true", "false") for column in BOOLEANS):
        return "boolean"
    if row.get("ground", "87") not in GROUNDS:
        return "ground"
    if row.get("municipality_code", "091") not in MUNICIPALITIES:
        return "municipality"
    return "" if code_is_right(row.get("personal_identity_code", "")) else "identity code"


def code_is_right(code: str) -> bool:
    if not code:
        return True
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(code[:6] + code[7:10]) % 31]
    return len(code) == 11 and code[6] in "+-YXWVUABCDEF" and code[10] == check


def clash(
    name: str,
    row: Row,
    seen: set[tuple[str, ...]],
    lived: dict[str, list[tuple[str, str]]],
) -> str:
    """Say whether the row repeats a key or overlaps a residence before it in the file."""
    code = row.get("personal_identity_code", "")
    if name == "vtj_residences.csv":
        stay = (row["moved_in"], row["moved_out"] or "9999-12-31")
        if any(stay[0] <= out and moved_in <= stay[1] for moved_in, out in lived[code]):
            return "overlap"
        lived[code].append(stay)
        return ""
    keys = {(c, row[c]) for c in ("permit_number",) if c in row}
    if name != "uma_permits.csv":
        keys = {(c, row[c]) for c in ("uma_number", "personal_identity_code") if row.get(c)}
    if keys & seen:
        return "duplicate key"
    seen |= keys
    return ""


def unknown_person(name: str, row: Row, known: set[str]) -> str:
    return "unknown person" if name == "uma_permits.csv" and row["uma_number"] not in known else ""


def by_person(delivery: Delivery) -> dict[tuple[str, str], list[Row]]:
    """Group rows by file and person: what a delivery says as a whole about each."""
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for name, rows in delivery.items():
        for row in rows:
            grouped[name, row[KEYS[name]]].append(row)
    return grouped


def same_files(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    return not any(filecmp.cmpfiles(one, other, names, shallow=False)[1:])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three deliveries in a row: 11, 12 (2026) and 01 (2027)."""
    folder = tmp_path_factory.mktemp("deliveries")
    delivery_make(folder / "11", persons=PERSONS, as_of=AS_OF, seed=7)
    delivery_make_next(folder / "12", folder / "11", seed=7)
    delivery_make_next(folder / "01", folder / "12", seed=7)
    return folder


@pytest.fixture(scope="module")
def first(home: Path) -> Delivery:
    return read(home / "11")


def test_same_arguments_give_the_same_bytes(home: Path, tmp_path: Path) -> None:
    delivery_make(tmp_path / "a", persons=PERSONS, as_of=AS_OF, seed=7)
    delivery_make_next(tmp_path / "b", tmp_path / "a", seed=7)
    assert same_files(tmp_path / "a", home / "11")
    assert same_files(tmp_path / "b", home / "12")
    assert same_files(state_folder(tmp_path / "b"), state_folder(home / "12"))


def test_another_seed_gives_another_country(home: Path, tmp_path: Path) -> None:
    delivery_make(tmp_path / "a", persons=PERSONS, as_of=AS_OF, seed=8)
    assert not same_files(tmp_path / "a", home / "11")


@pytest.mark.parametrize("persons", [1, 2, 3, 100])
def test_the_number_of_persons_is_exact(tmp_path: Path, persons: int) -> None:
    counts = delivery_make(tmp_path, persons=persons, as_of=AS_OF)
    assert counts["uma_persons.csv"] == len(read(tmp_path)["uma_persons.csv"]) == persons


@pytest.mark.parametrize("folder", ["11", "12.state", "01.state"])
def test_an_importer_would_refuse_nothing(home: Path, folder: str) -> None:
    assert refusals(read(home / folder)) == []


@pytest.mark.parametrize(
    ("folder", "as_of"), [("11", "2026-11-01"), ("12.state", "2026-12-01"), ("01", "2027-01-01")]
)
def test_nothing_is_known_before_it_happens(home: Path, folder: str, as_of: str) -> None:
    later = {
        column: row[column]
        for rows in read(home / folder).values()
        for row in rows
        for column in row.keys() & set(DATES) - {"valid_to"}
        if row[column] > as_of
    }
    assert later == {}


def test_names_point_to_known_people(home: Path) -> None:
    country = read(state_folder(home / "01"))
    known = {row["uma_number"] for row in country["uma_persons.csv"]}
    parents = {p for r in country["uma_persons.csv"] for p in r["parent_uma_numbers"].split()}
    principals = {r["principal_uma_number"] for r in country["uma_permits.csv"]} - {""}
    assert parents and principals and parents | principals <= known


def age(row: Row) -> int:
    born = date.fromisoformat(row["birth_date"])
    return AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))


@pytest.mark.parametrize(
    ("what", "low", "high", "holds"),
    [
        ("under 7", 0.115, 0.145, lambda r: age(r) < 7),
        ("7-17", 0.18, 0.22, lambda r: 7 <= age(r) < 18),
        ("no identity code", 0.03, 0.05, lambda r: not r["personal_identity_code"]),
        ("quota refugees", 0.08, 0.14, lambda r: bool(r["unhcr_number"] and r["rgi_number"])),
        ("born here, parents named", 0.03, 0.08, lambda r: bool(r["parent_uma_numbers"])),
        ("born here", 0.03, 0.08, lambda r: r["born_in_finland"] == "true"),
        ("other birth date", 0.0003, 0.005, birth_date_differs),
    ],
)
def test_shares_of_persons(
    first: Delivery, what: str, low: float, high: float, holds: Callable[[Row], bool]
) -> None:
    persons = first["uma_persons.csv"]
    assert low <= sum(map(holds, persons)) / len(persons) <= high, what


def test_half_are_under_temporary_protection(first: Delivery) -> None:
    protected = {r["uma_number"] for r in first["uma_permits.csv"] if r["ground"] == "110"}
    assert 0.47 <= len(protected) / PERSONS <= 0.53


def test_about_half_are_within_compensation_time(first: Delivery) -> None:
    """Roughly C-06, C-16 and C-18: at home on the day, and the clock not run out."""
    within = 0
    for rows in by_person({"vtj_residences.csv": first["vtj_residences.csv"]}).values():
        start = min(row["moved_in"] for row in rows)
        years = 3 if start < "2025" else 2
        at_home = any(not row["moved_out"] for row in rows)
        within += at_home and f"{int(start[:4]) + years}{start[4:]}" > AS_OF.isoformat()
    assert 0.4 <= within / PERSONS <= 0.6


def test_the_country_is_spread_but_strongest_in_the_large_cities(first: Delivery) -> None:
    towns = Counter(row["municipality_code"] for row in first["vtj_residences.csv"])
    assert 200 <= len(towns) <= 290
    assert {"091", "092", "049", "837", "853"} == {code for code, _ in towns.most_common(5)}
    assert towns["478"] and towns["545"]  # Maarianhamina, Närpiö


@pytest.mark.parametrize(
    ("file", "column", "values"),
    [
        ("uma_permits.csv", "tie_before_arrival", ("true", "false", "")),
        ("uma_permits.csv", "ground", ("110", "87", "90", "54", "114", "46", "73", "50")),
        ("vtj_persons.csv", "non_disclosure", ("true", "false")),
    ],
)
def test_every_kind_occurs(first: Delivery, file: str, column: str, values: list[str]) -> None:
    assert set(values) <= {row[column] for row in first[file]}


def test_lives_are_varied(first: Delivery) -> None:
    stays = first["vtj_residences.csv"]
    codes = {row["personal_identity_code"] for row in first["uma_persons.csv"]}
    assert any(row["death_date"] for row in first["vtj_persons.csv"])
    assert any(row["finnish_citizen_from"] for row in first["vtj_persons.csv"])
    assert any(row["personal_identity_code"] not in codes for row in first["vtj_persons.csv"])
    late = [r for r in stays if days(r["moved_in"], r["registered_on"]) > 40]
    assert 0.01 <= len(late) / len(stays) <= 0.08
    assert any(
        days(one["moved_out"], other["moved_in"]) > 30
        for one, other in pairwise(stays)
        if one["moved_out"] and one["personal_identity_code"] == other["personal_identity_code"]
    )


def days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def test_identity_codes_are_artificial_and_use_every_separator(first: Delivery) -> None:
    codes = [row["personal_identity_code"] for row in first["vtj_persons.csv"]]
    assert all("900" <= code[7:10] <= "999" for code in codes)
    assert {code[6] for code in codes} == set("-YXWVUABCDEF")


def test_a_birth_date_has_six_hundred_codes() -> None:
    codes = IdentityCodes()
    issued = [codes.issue(date(1990, 1, 10)) for _ in range(601)]
    assert len(set(issued)) == 601
    assert all(code_is_right(code) for code in issued)
    assert {code[:6] for code in issued[:600]} == {"100190"} and issued[600][:6] == "110190"


def test_agreements_come_with_the_first_delivery_only(home: Path) -> None:
    with (home / "11" / "agreements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lapsed = [row for row in rows if row["valid_to"] and row["reference"].endswith("-1")]
    assert 280 <= len({row["municipality_code"] for row in rows}) < 308
    assert lapsed and all(row["valid_from"] <= (row["valid_to"] or "9999") for row in rows)
    assert not (home / "12" / "agreements.csv").exists()


@pytest.mark.parametrize(("before", "after"), [("11", "12"), ("12.state", "01")])
def test_a_step_names_changed_persons_only_and_all_of_them(
    home: Path, before: str, after: str
) -> None:
    old, delta = by_person(read(home / before)), by_person(read(home / after))
    assert all(old.get(key) != rows for key, rows in delta.items())
    assert {**old, **delta} == by_person(read(state_folder(home / after)))


def test_a_month_brings_about_the_planned_changes(home: Path, first: Delivery) -> None:
    delta = read(home / "12")
    known = {row["uma_number"] for row in first["uma_persons.csv"]}
    new = [row for row in delta["uma_persons.csv"] if row["uma_number"] not in known]
    persons = {row["personal_identity_code"] for row in delta["vtj_residences.csv"]}
    assert 55 <= len(new) <= 110
    assert 40 <= len(persons) <= 400
    assert any(row["born_in_finland"] == "true" for row in new)
    assert sum(map(len, by_person(delta).values())) < 0.1 * sum(map(len, first.values()))


def test_a_month_brings_late_facts(home: Path) -> None:
    old, delta = by_person(read(home / "11")), by_person(read(home / "12"))
    changed = [
        key
        for key, rows in delta.items()
        if key[0] == "vtj_residences.csv" and key in old
        for row in rows
        if row not in old[key] and row["moved_in"] < "2026-10-01" and not row["moved_out"]
    ]
    assert 3 <= len(changed) <= 40


def test_evolving_in_memory_gives_the_same_country(home: Path) -> None:
    state, delta = evolve(households_read(home / "11"), date(2026, 12, 1), seed=7)
    assert state == list(households_read(state_folder(home / "12")))
    named = {person.person[0] for household in delta for person in household if person.person}
    assert named == {row["uma_number"] for row in read(home / "12")["uma_persons.csv"]}


@pytest.mark.parametrize("percent", [0.0, 0.5, 5.0, 40.0])
def test_change_percent_corrects_so_many_histories(
    home: Path, tmp_path: Path, percent: float
) -> None:
    delivery_make_next(tmp_path / "b", home / "11", change_percent=percent)
    codes = {r["personal_identity_code"]: r["uma_number"] for r in read(home / "11")[
        "uma_persons.csv"]}  # fmt: skip
    named = {codes.get(key, key) for _, key in by_person(read(tmp_path / "b"))}
    assert len(named) == pytest.approx(PERSONS * percent / 100, abs=3)
    assert refusals(read(state_folder(tmp_path / "b"))) == []


@pytest.mark.parametrize("number", [1, 7, 23])
def test_bad_rows_are_refused_one_by_one(home: Path, tmp_path: Path, number: int) -> None:
    delivery_make(tmp_path / "a", persons=PERSONS, as_of=AS_OF, seed=7, bad_rows=number)
    refused = Counter(name for name, _, _ in refusals(read(tmp_path / "a")))
    assert refused == dict.fromkeys(KEYS, number)
    for name in KEYS:
        good = (home / "11" / name).read_bytes()
        assert (tmp_path / "a" / name).read_bytes().startswith(good)


def test_bad_rows_are_bad_in_many_ways_and_do_not_stop_the_next_step(
    home: Path, tmp_path: Path
) -> None:
    delivery_make(tmp_path / "a", persons=PERSONS, as_of=AS_OF, seed=7, bad_rows=12)
    reasons = {reason for _, _, reason in refusals(read(tmp_path / "a"))}
    assert len(reasons) >= 9
    delivery_make_next(tmp_path / "b", tmp_path / "a", seed=7)
    assert same_files(tmp_path / "b", home / "12")


def test_the_command_writes_and_evolves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    call_command(Command(), one, "--persons", "50", "--as-of", "2026-11-01")
    call_command(Command(), two, "--evolve", one)
    assert "uma_persons.csv 50" in capsys.readouterr().out.splitlines()[0]
    granted = max(row["granted_on"] for row in read(tmp_path / "two")["uma_permits.csv"])
    assert granted == "2026-12-01"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--change-percent", "1"], 2),
        (["--persons", "0"], 2),
        (["--as-of", "2012-12-31"], 1),
        (["--evolve", "nowhere", "--persons", "5"], 2),
        (["--evolve", "nowhere"], 1),
    ],
)
def test_the_command_refuses(tmp_path: Path, arguments: list[str], code: int) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(Command(), str(tmp_path / "x"), *arguments)
    assert refused.value.returncode == code
    assert not (tmp_path / "x").exists()
