"""Whatever comes in: imported, refused row by row, or refused as a whole. Nothing else, no halves."""

from __future__ import annotations

import io
import random
import tempfile
from collections import Counter
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.deliveries.layout import PERMITS, PERSONS, POPULATION, REGISTRY_FILES, RESIDENCES
from registry.deliveries.refusals import DeliveryRefused
from registry.models import Delivery, Permit, PersonDetails, PopulationRecord, Residence
from tests.deliveries import CODE_A, CODE_B, CODE_C, HEADERS, bring, permit, person, write

DELIVERY = {
    PERSONS: [
        person("U1", CODE_A, parent_uma_numbers="U2 U3"),
        person("U2", CODE_B, family_name='"Å, b ""c"""'),
        person("U3"),
    ],
    PERMITS: [
        permit("P1", "U1", valid_to="2025-01-01", quota_year="2024"),
        permit("P2", "U1", valid_from="2025-01-02", tie_before_arrival="true"),
        permit("P3", "U2", ground="110"),
    ],
    POPULATION: [f"{CODE_A},,,false", f"{CODE_B},2025-01-01,2024-01-01,true"],
    RESIDENCES: [f"{CODE_A},091,2024-01-01,2024-06-30,", f"{CODE_A},049,2024-07-01,,2024-07-02"],
}
GOOD = {name: "\n".join([HEADERS[name], *lines, ""]).encode() for name, lines in DELIVERY.items()}
TOKENS = [
    b"", b"\0", b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\\.",
    b"\\N", b"0001-01-01", b"9999-12-31", b"2024-02-30", b"infinity", b"true", b"x" * 10_000,
    b"\xed\xa0\x80", "\u2028\x85\x0b\x1c".encode(), "İıß\U0001f600".encode(), b"198", b"88a",
    CODE_A.encode(), CODE_B.encode(), CODE_C.encode(), b"U1", b"U2", b"P1", b"-1", b"1e5", b" ",
    HEADERS[PERSONS].encode(),
]  # fmt: skip
FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def mutated(draw):
    """A good file with bytes cut out, put in or repeated at a few places."""
    files = dict(GOOD)
    for _change in range(draw(st.integers(1, 5))):
        name = draw(st.sampled_from(REGISTRY_FILES))
        content = files[name]
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 60)))
        token = draw(st.sampled_from([*TOKENS, content[start:end] * 2]))
        files[name] = content[:start] + token + content[end:]
    return files


@given(mutated())
@FUZZ
def test_mutations_of_a_good_delivery(db, files):
    survives(files)


@given(st.dictionaries(st.sampled_from(REGISTRY_FILES), st.binary(max_size=300), min_size=1))
@FUZZ
def test_random_bytes(db, files):
    survives(files)


@given(st.sampled_from(REGISTRY_FILES), st.lists(st.lists(st.text(max_size=12), max_size=11)))
@FUZZ
def test_random_fields(db, name, rows):
    lines = [",".join(row) for row in rows]
    content = "\n".join([HEADERS[name], *lines]).encode("utf-8", "surrogatepass")
    survives({name: content})


@given(st.sampled_from(REGISTRY_FILES), st.data())
@FUZZ
def test_every_field_of_a_row_replaced(db, name, data):
    row = data.draw(st.lists(st.sampled_from(TOKENS), min_size=4, max_size=10))
    survives(GOOD | {name: GOOD[name] + b",".join(row) + b"\n"})


@given(st.integers(0, 2**32), st.integers(1, 40))
@FUZZ
def test_a_damaged_zip(db, seed, changes):
    content = bytearray(_zip(GOOD))
    dice = random.Random(seed)
    for _change in range(changes):
        content[dice.randrange(len(content))] = dice.randrange(256)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.zip"
        path.write_bytes(
            bytes(content[: dice.choice([len(content), dice.randrange(len(content))])])
        )
        survives_path(path)


def survives(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        survives_path(Path(folder))


def survives_path(path: Path) -> None:
    """Import, then look that nothing is half done, and undo it."""
    with transaction.atomic():
        try:
            delivery = bring(path)
        except DeliveryRefused:
            assert not Delivery.objects.exists()
        else:
            _is_whole(delivery)
        transaction.set_rollback(True)


def _is_whole(delivery: Delivery) -> None:
    by_file = Counter(delivery.rejected_rows.values_list("file", flat=True))
    new = {
        PERSONS: PersonDetails,
        PERMITS: Permit,
        POPULATION: PopulationRecord,
        RESIDENCES: Residence,
    }
    for name, counts in delivery.counts.items():
        assert counts["rows"] == counts["accepted"] + counts["refused"]
        assert counts["refused"] == by_file[name]
        assert counts["accepted"] == counts["new"] == new[name].objects.current().count()
        assert counts["closed"] == counts["unchanged"] == 0
    for row in delivery.rejected_rows.all():
        assert row.value is not None and row.line > 1


def _zip(files: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


CODES = {"U1": CODE_A, "U2": CODE_B, "U3": CODE_C, "U4": ""}
days = st.dates().filter(lambda day: 2000 <= day.year <= 2030).map(str)


@st.composite
def lives(draw):
    """What one delivery would say of each of four persons, person by person and file by file."""
    return {uma: _life(draw, uma, code) for uma, code in CODES.items()}


def _life(draw, uma, code):
    starts = sorted(draw(st.sets(st.integers(2000, 2020), max_size=4)))
    ends = [f"{end}-01-01" for end in starts[1:]] + [""]
    permits = draw(st.lists(st.sampled_from(["87", "88", "90", "110"]), max_size=3))
    files = {
        PERSONS: [person(uma, code, draw(days))],
        PERMITS: [permit(f"{uma}-{n}", uma, ground=g) for n, g in enumerate(permits)],
        POPULATION: [f"{code},{draw(days)},,{draw(st.sampled_from(['true', 'false']))}"],
        RESIDENCES: [f"{code},091,{year}-01-02,{end}," for year, end in zip(starts, ends, strict=False)],
    }  # fmt: skip
    return files if code else {name: files[name] for name in (PERSONS, PERMITS)}


@given(
    lives(), lives(), st.lists(st.permutations(list(CODES)), min_size=2, max_size=2), st.randoms()
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_split_by_person_in_any_order_ends_in_the_same_register(db, first, second, orders, dice):
    whole = [[first], [second]]
    split = [
        [{uma: life[uma]} for uma in order]
        for life, order in zip((first, second), orders, strict=True)
    ]
    assert _register_after(whole, dice) == _register_after(split, dice)


def _register_after(deliveries, dice):
    """The current register after deliveries, each a choice of persons; then undone."""
    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        numbered = [part for parts in deliveries for part in parts]
        for number, part in enumerate(numbered):
            files = {}
            for life in part.values():
                for name, lines in life.items():
                    files.setdefault(name, []).extend(lines)
            shuffled = {name: dice.sample(lines, len(lines)) for name, lines in files.items()}
            assert not bring(write(Path(folder) / str(number), shuffled)).rejected_rows.exists()
        register = _current()
        transaction.set_rollback(True)
    return register


def _current():
    columns = {
        PersonDetails: ("person__uma_number", "identity__code_hash", "birth_date"),
        Permit: ("person__uma_number", "permit_number", "ground"),
        PopulationRecord: ("identity__code_hash", "death_date", "non_disclosure"),
        Residence: ("identity__code_hash", "moved_in", "moved_out"),
    }
    return {
        model: sorted(model.objects.current().values_list(*names), key=str)
        for model, names in columns.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_thousand_rows_one_in_ten_bad(db, seed, tmp_path):
    dice = random.Random(seed)
    rows = [person(f"U{n}", born=dice.choice(["1990-01-01"] * 9 + ["x"])) for n in range(3000)]
    bad = [line for line, row in enumerate(rows, start=2) if ",x," in row]
    delivery = bring(write(tmp_path, {PERSONS: rows}))
    assert list(delivery.rejected_rows.values_list("line", flat=True)) == bad
    assert PersonDetails.objects.count() == len(rows) - len(bad)
