"""Documents: a plain context and a Typst template give a tagged, archivable PDF.

PDF/UA-1 and PDF/A-2a together (P-02). The context reaches the template as data, never as source,
so that no text can be markup; the fonts are those inside the `typst` wheel, no others are looked
for. The same context, template, language and time give the same bytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
FONTS = typst.Fonts(include_system_fonts=False)

# What the fonts have, and Typst sets without failing: Latin, Greek, Cyrillic, Armenian, Hebrew,
# Arabic, Georgian; punctuation, arrows, mathematics. Not marks that combine, for a font may lack
# the letter with its mark, nor those that turn the direction of what follows, for they make a
# text read as another.
_HIDDEN = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0386-\u038a\u038c\u038e-\u03a1\u03a3-\u03ff"
    "\u0400-\u0482\u048a-\u04ff\u0531-\u0556\u0561-\u0586\u05d0-\u05ea"
    "\u060c\u061b\u061f\u0621-\u063a\u0640-\u064a\u0660-\u0669"
    "\u067e\u0686\u0698\u06a9\u06af\u06cc\u06f0-\u06f9"
    "\u10d0-\u10f0\u1e00-\u1eff\u2010-\u2027\u202f-\u203a\u20ac\u2116"
    "\u2190-\u2193\u2212\u2260\u2264\u2265]"
)
_LONGEST = 40  # characters of a word that a line can hold; PDF/A has a limit too
_LONG_WORD = re.compile(rf"(\S{{{_LONGEST}}})(?=\S)")
_MAY_BREAK = r"\1" + "\N{ZERO WIDTH SPACE}"


def pdf_document(
    template: str, context: Mapping[str, Any], *, language: str, at: datetime
) -> bytes:
    """Set a template of `templates/` with the context, in `fi`, `sv` or `en`; `at` is its date.

    The context is texts, whole numbers, booleans, None, and lists and mappings of them; lazy
    translations are made in the document's language. A character the fonts do not have is written
    by its number, `[U+674E]`.
    """
    root = Path(settings.BASE_DIR) / "templates"
    with translation.override(language):
        data = json.dumps(_plain(context))
    return typst.compile(
        root / template,
        root=root,
        format="pdf",
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"data": data, "language": language},
        pdf_standards=STANDARDS,
        timestamp=int(at.timestamp()),
    )


def _plain(value: Any) -> Any:
    """The context as JSON has it, its texts as they can be set. Raises TypeError."""
    if isinstance(value, str | Promise):
        return shown(str(value))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_plain(inner) for inner in value]
    raise TypeError(f"A document has no way to show a {type(value).__name__}.")


def shown(text: str) -> str:
    """The text with every character one can see, and words that a line can hold."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    return _LONG_WORD.sub(_MAY_BREAK, _HIDDEN.sub(_numbered, composed))


def _numbered(character: re.Match[str]) -> str:
    return f"[U+{ord(character[0]):04X}]"
