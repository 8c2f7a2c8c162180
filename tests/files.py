"""Attachments for tests: the smallest files of each kind."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20 + b"\xff\xd9"


def office(main: str, *, types: bytes = b"<Types/>", **more: bytes) -> bytes:
    """An office file with this main part; `more` are other parts, `__` for a slash, `_` for a dot."""
    parts = {name.replace("__", "/").replace("_", "."): part for name, part in more.items()}
    return zipped({"[Content_Types].xml": types, main: b"<x/>", **parts})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def workbook(**more: bytes) -> bytes:
    return office("xl/workbook.xml", **more)


def text(**more: bytes) -> bytes:
    return office("word/document.xml", **more)
