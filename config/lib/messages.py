"""Translations without gettext on the machine: texts collected and compiled by Babel.

Texts in code and templates are English; `locale/fi` and `locale/sv` hold the translations.
`python -m config.lib.messages update|compile`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locale"
FOLDERS = ("config", "registry", "grants", "payments", "templates")
KEYWORDS = {
    **extract.DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Found = tuple[int, str | tuple[str, ...], list[str], str | None]


def update() -> None:
    """Collect the texts of code and templates into every catalogue, then compile."""
    collected = collect()
    for path in catalogues():
        catalogue = read(path)
        catalogue.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=99, sort_output=True, omit_header=False)
    compile_all()


def compile_all() -> None:
    """Compile every catalogue that is newer than its compiled form."""
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            content = io.BytesIO()
            write_mo(content, read(path))
            compiled.write_bytes(content.getvalue())


def catalogues() -> list[Path]:
    """The catalogues of the repository."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def collect() -> Catalog:
    """Every text marked for translation, with the files it stands in."""
    catalogue = Catalog(charset="utf-8")
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        for _line, text, comments, context in _texts(path):
            catalogue.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalogue


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def _texts(path: Path) -> Iterator[Found]:
    """Texts of one file; a template is first turned into calls that Python's extractor reads."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    lines = io.BytesIO(source.encode())
    yield from extract.extract("python", lines, KEYWORDS, ("Translators:",))


def main() -> None:
    """`python -m config.lib.messages update|compile`."""
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case _:
            sys.exit("usage: python -m config.lib.messages update|compile")


if __name__ == "__main__":
    main()
