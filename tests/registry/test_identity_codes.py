"""Personal identity codes: checked, held against python-stdnum, sealed, rotated."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.fi import hetu

from config.lib import sealing
from registry.models import IdentityCode, RejectedRow
from registry.people.codes import BadIdentityCode, CodeFault, birth_date_in
from tests.deliveries import CODE_A, person

DATA = Path(__file__).parent / "data" / "hetu_test_vectors.csv"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference" / DATA.name
TODAY = date(2026, 11, 1)


def vectors():
    with DATA.open(encoding="utf-8", newline="") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("code", "expected", "birth_date", "note"), vectors())
def test_test_vectors(code, expected, birth_date, note):
    if expected == "invalid":
        with pytest.raises(BadIdentityCode):
            birth_date_in(code, today=TODAY, allow_artificial=True)
    else:
        born = birth_date_in(code, today=TODAY, allow_artificial=True)
        assert born.isoformat() == birth_date
        with pytest.raises(BadIdentityCode, match="artificial_identity_code"):
            birth_date_in(code, today=TODAY, allow_artificial=False)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_test_vectors_are_those_shared():
    assert DATA.read_bytes() == SHARED.read_bytes()


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("131052-308T", None),
        ("131052-308U", CodeFault.CHECK_CHARACTER),
        ("310252-308Y", CodeFault.FORM),
        ("131052-001X", CodeFault.FORM),
        ("131052a308T", CodeFault.FORM),
        (" 131052-308T", CodeFault.FORM),
        ("131052-308T\n", CodeFault.FORM),
        ("131052-308t", CodeFault.FORM),
        ("١٣١٠٥٢-308T", CodeFault.FORM),
        ("131052-٣٠٨T", CodeFault.FORM),
        ("311226A002E", CodeFault.FUTURE),
        ("131052-9096", CodeFault.ARTIFICIAL),
        ("", CodeFault.FORM),
        ("1" * 10_000, CodeFault.FORM),
    ],
)
def test_fault(code, fault):
    if fault is None:
        assert birth_date_in(code, today=TODAY, allow_artificial=False)
        return
    with pytest.raises(BadIdentityCode) as refused:
        birth_date_in(code, today=TODAY, allow_artificial=False)
    assert refused.value.fault is fault
    assert not code or code not in str(refused.value)


def test_a_birth_date_of_today_is_not_in_the_future():
    code = "011126A002" + "0123456789ABCDEFHJKLMNPRSTUVWXY"[11126002 % 31]
    assert birth_date_in(code, today=TODAY, allow_artificial=False) == TODAY


code_like = st.one_of(
    st.from_regex(
        r"(0[1-9]|[12]\d|3[01])(0\d|1[0-2])\d\d[-+ABCDEFYXWVU]\d{3}[0-9A-Y]", fullmatch=True
    ),
    st.from_regex(r"\d{6}[-+A-Za-z]\d{3}[0-9A-Za-z]", fullmatch=True),
    st.text(max_size=14),
)


@given(code_like, st.booleans())
@example("131052-308T", False)
def test_agrees_with_stdnum(code, allow_artificial):
    right_character = code[:10] + _right_check_character(code)
    for written in (code, right_character):
        assert _accepted(written, allow_artificial) == _accepted_by_stdnum(
            written, allow_artificial
        )


def _right_check_character(code):
    number = code[:6] + code[7:10]
    if len(number) != 9 or not (number.isascii() and number.isdecimal()):
        return ""
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number) % 31]


def _accepted(code, allow_artificial):
    try:
        birth_date_in(code, today=date.max, allow_artificial=allow_artificial)
    except BadIdentityCode:
        return False
    return True


def _accepted_by_stdnum(code, allow_artificial):
    exact = code.isascii() and hetu.compact(code) == code
    return exact and hetu.is_valid(code, allow_temporary=allow_artificial)


@pytest.fixture
def sealed_under_old_key(deliver, settings):
    """A code and a refused value sealed under key 1, when key 2 has come."""
    settings.IDENTITY_CODE_KEYS = {1: b"1" * 32}
    deliver(persons=[person("U1", CODE_A), person("U2", born="x")])
    settings.IDENTITY_CODE_KEYS = {1: b"1" * 32, 2: b"2" * 32}


def test_rotation_makes_the_old_key_dispensable(sealed_under_old_key, settings):
    call_command("rotate_identity_codes")
    settings.IDENTITY_CODE_KEYS = {2: b"2" * 32}
    assert IdentityCode.objects.get().code == CODE_A
    assert RejectedRow.objects.get().value == "x"


def test_without_the_old_key_rotation_is_refused(sealed_under_old_key, settings):
    settings.IDENTITY_CODE_KEYS = {2: b"2" * 32}
    with pytest.raises(CommandError):
        call_command("rotate_identity_codes")


def test_a_new_hash_key_finds_the_codes_again(sealed_under_old_key, deliver, settings):
    settings.IDENTITY_HASH_KEY = b"n" * 32
    call_command("rotate_identity_codes", "--rehash")
    assert IdentityCode.objects.get().code_hash == sealing.keyed_hash(CODE_A)
    deliver(vtj=[f"{CODE_A},,,"])
    assert IdentityCode.objects.count() == 1
