"""Sealed values: keys by version, rotation, hashes to find by."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from config.lib import sealing

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


def written(version: object, key: bytes) -> str:
    return f"{version}:{base64.b64encode(key).decode()}"


@given(st.text())
def test_a_sealed_value_comes_back_and_is_never_the_same_twice(value):
    sealed = sealing.seal(value)
    assert sealing.unseal(sealed) == value
    assert sealing.unseal(memoryview(sealed)) == value
    assert sealing.seal(value) != sealed


@given(st.text(), st.data())
def test_an_altered_value_is_refused(value, data):
    sealed = bytearray(sealing.seal(value))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(bytes(sealed))


@given(st.binary(max_size=60))
def test_anything_else_is_refused_without_a_crash(noise):
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(noise)


def test_the_newest_key_seals_and_older_ones_still_unseal(settings):
    settings.IDENTITY_CODE_KEYS = {1: OLD}
    sealed = sealing.seal("131052-308T")
    settings.IDENTITY_CODE_KEYS = {1: OLD, 2: NEW}
    assert sealing.unseal(sealed) == "131052-308T"
    assert (sealed[0], sealing.seal("131052-308T")[0]) == (1, 2)
    settings.IDENTITY_CODE_KEYS = {2: NEW}
    with pytest.raises(sealing.CannotUnseal, match="key version"):
        sealing.unseal(sealed)


@given(st.text(), st.text())
def test_hashes_are_equal_when_values_are(one, other):
    assert (sealing.keyed_hash(one) == sealing.keyed_hash(other)) == (one == other)


def test_a_hash_depends_on_its_key(settings):
    before = sealing.keyed_hash("131052-308T")
    settings.IDENTITY_HASH_KEY = b"another"
    assert sealing.keyed_hash("131052-308T") != before


def test_keys_are_read_by_version():
    assert sealing.parse_keys(f"{written(1, OLD)}, {written(7, NEW)}") == {1: OLD, 7: NEW}


@pytest.mark.parametrize(
    "text",
    ["", "1", "1:", "1:short", written(0, OLD), written(256, OLD), written("one", OLD),
     written(1, OLD[:16]), written(1, OLD) + ",", written(1, OLD) + "!"],
)  # fmt: skip
def test_malformed_keys_are_refused_without_being_repeated(text):
    with pytest.raises(ImproperlyConfigured, match="IDENTITY_CODE_KEYS is malformed") as refused:
        sealing.parse_keys(text)
    assert len(text) < 5 or text not in str(refused.value)
