"""No rule of the calculated compensation is forgotten: each number stands in code and in tests."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve()
NUMBER = re.compile(r"\bC-(\d\d)\b")
SPAN = re.compile(r"\bC-(\d\d) (?:…|to) C-(\d\d)\b")


def cited_in(folder: str, *patterns: str) -> set[int]:
    """Numbers of the rules that the files of a folder cite one by one."""
    paths = [path for pattern in patterns for path in (ROOT / folder).rglob(pattern)]
    texts = [path.read_text(encoding="utf-8") for path in paths if path != HERE]
    return {int(number) for text in texts for number in NUMBER.findall(SPAN.sub("", text))}


@pytest.mark.parametrize("rule", range(1, 39))
def test_every_rule_is_cited(rule):
    assert rule in CITED_IN_CODE | CITED_IN_TESTS


@pytest.mark.parametrize("rule", range(1, 29))
def test_every_rule_of_the_law_has_a_test(rule):
    """C-01 … C-28: a span such as this one does not count."""
    assert rule in CITED_IN_TESTS


CITED_IN_CODE = cited_in("payments", "*.py", "*.sql") | cited_in("registry", "*.py", "*.sql")
CITED_IN_TESTS = cited_in("tests/payments", "test_*.py")
