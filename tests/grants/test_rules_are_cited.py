"""No rule of supports or procedure is forgotten: `docs/rules.md` points to each, and rightly so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = [f"G-{n:02}" for n in range(1, 14)] + [f"P-{n:02}" for n in range(1, 16)]
ROW = re.compile(r"^\| ([GP]-\d\d) \| [^|]+ \| `([^`]+)`(?: `([^`]+)`)? \| `([^`]+)` `([^`]+)` \|$")


def table() -> dict[str, tuple[str, ...]]:
    """By rule: file and name of what keeps it, file and name of its test."""
    lines = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").splitlines()
    rows = [found.groups() for found in map(ROW.match, lines) if found]
    return {rule: tuple(name or "" for name in names) for rule, *names in rows}


def source_of(path: str, name: str) -> str:
    """The text of a class, function or constant with its comment, or of the whole file."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if not name:
        return text
    found: ast.AST = ast.parse(text)
    for part in name.split("."):
        found = next(one for one in ast.iter_child_nodes(found) if part in names_of(one))
    assert isinstance(found, ast.stmt)
    first, lines = found.lineno - 1, text.splitlines()
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return "\n".join(lines[first : found.end_lineno])


def names_of(node: ast.AST) -> set[str]:
    """What a statement defines."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_the_table_has_every_rule_once():
    assert list(table()) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_cited_by_what_keeps_it_and_by_its_test(rule):
    path, name, test_path, test_name = table()[rule]
    assert rule in source_of(path, name)
    assert rule in source_of(test_path, test_name)
