"""Reading PDFs and workbooks in tests: what they claim and keep, what they say."""

from __future__ import annotations

import io
import re

import page
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

STREAM = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\n", re.DOTALL)


def faults(pdf: bytes) -> list[str]:
    """What a PDF has against PDF/UA-1 and PDF/A-2a, both of which it claims.

    The validator takes a stream whose last byte is a carriage return for one byte too long;
    lengths are therefore looked at here.
    """
    found = [
        f"{profile}: {failure.message}"
        for profile in ("ua1", "2a")
        for failure in page.validate_pdf_bytes(pdf, profile=profile).failures
        if failure.rule_id != "PDFA2A-STREAM-LENGTH-001"
    ]
    for stream in STREAM.finditer(pdf):
        end = stream.end() + int(stream[1])
        if pdf[end : end + 10] != b"\nendstream":
            found.append(f"stream at {stream.start()}: wrong length")
    return found


def workbook(content: bytes) -> Workbook:
    """The workbook as Excel would read it."""
    return load_workbook(io.BytesIO(content))


def said(pdf: bytes) -> str:
    """The text of a PDF, page after page, words that were broken over lines made whole again."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return text.replace("\N{ZERO WIDTH SPACE}", "")
