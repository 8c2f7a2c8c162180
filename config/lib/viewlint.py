"""Views reach objects only through `visible_to(user)`: a check that says how (`make lint`).

`python -m config.lib.viewlint` prints each line that goes around the door, and exits 1 if any.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "registry", "grants", "payments")
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}

MESSAGE = (
    "{file}:{line}: {what} reaches the rows of every organisation. In a view, one object comes "
    "from visible_or_404(request, Model, pk=…) and many from "
    "Model.objects.visible_to(request.user) (CONTRIBUTING.md, Rules)."
)


def faults(source: str, file: str) -> Iterator[str]:
    """Sentences for what in a view's source goes around `visible_to`."""
    for node in ast.walk(ast.parse(source)):
        if _goes_around(node):
            line = getattr(node, "lineno", 0)
            yield MESSAGE.format(file=file, line=line, what=ast.unparse(node))


def _goes_around(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) if name in SHORTCUTS:
            return True
        case ast.Attribute(value=ast.Attribute(attr="objects" | "_default_manager"), attr=method):
            return method != "visible_to"
    return False


def main() -> None:
    """Check every `views.py` of the apps, and every module of a `views` package."""
    paths = [
        path
        for app in APPS
        for pattern in ("views.py", "views/*.py")
        for path in sorted((ROOT / app).rglob(pattern))
    ]
    sentences = [
        sentence
        for path in paths
        for sentence in faults(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
    ]
    sys.exit("\n".join(sentences) or None)


if __name__ == "__main__":
    main()
