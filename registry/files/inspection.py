"""What a file is by its bytes, and why it is not taken; one sentence each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.lib.workbooks import OLE, TEXT, WORKBOOK, ZIP, Reason, WorkbookRefused, refuse_hostile
from registry.files.models import MAX_FILE_BYTES, FileKind

BEGINNINGS: Mapping[bytes, FileKind] = {
    b"%PDF-": FileKind.PDF,
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": FileKind.PNG,
    b"\xff\xd8\xff": FileKind.JPEG,
}
# Without its end a file is cut off; after it many a scanner writes something of its own.
ENDS = {FileKind.PDF: b"%%EOF", FileKind.PNG: b"IEND\xaeB`\x82", FileKind.JPEG: b"\xff\xd9"}
MAIN_PARTS = {FileKind.WORKBOOK: WORKBOOK, FileKind.TEXT: TEXT}
SUFFIXES = {".jpeg": FileKind.JPEG} | {f".{kind}": kind for kind in FileKind}
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

ACCEPTED = _("Accepted are PDF, PNG, JPEG, Excel (.xlsx) and Word (.docx) files.")
BROKEN = _("The file is cut off or broken. Open it; if it opens, save it again and send that.")
ACTIVE = _("The file has macros or other programs in it. Save it as a PDF and send that.")
OUTSIDE = _(
    "The file takes content from other files or from the network. Save it as a PDF and send that."
)
OTHERWISE = _(
    "The file is not built as office programs build them. Save it as a PDF and send that."
)
OLD = _("The file is an office file of the old kind. Save it as .xlsx, .docx or PDF and send that.")
EMPTY = _("The file is empty.")
TOO_LARGE = _("The file is over 10 MB. Make it smaller, or send it in parts.")
MISNAMED = _(
    "The file is not what its name says. Open it in the program it was made in, save it again and "
    "send that."
)
PASSWORD = _("The file is protected by a password. Take the password off and send it again.")

SENTENCES: Mapping[Reason, str | Promise] = {
    Reason.EMPTY: EMPTY,
    Reason.TOO_LARGE: TOO_LARGE,
    Reason.OLD_EXCEL: OLD,
    Reason.PASSWORD: PASSWORD,
    Reason.OTHER_FORMAT: ACCEPTED,
    Reason.BROKEN: BROKEN,
    Reason.UNPACKS_TOO_LARGE: OTHERWISE,
    Reason.UNSAFE: OTHERWISE,
    Reason.MACROS: ACTIVE,
    Reason.EXTERNAL: OUTSIDE,
}


class FileRefused(ValueError):
    """The file is not kept; the message says why, and what can be sent instead."""


def kind_of(content: bytes, name: str) -> FileKind:
    """What a file is that may be kept under the name. Raises FileRefused."""
    if not content:
        raise FileRefused(EMPTY)
    if len(content) > MAX_FILE_BYTES:
        raise FileRefused(TOO_LARGE)
    kind = _kind_of_bytes(content)
    if SUFFIXES.get(Path(name).suffix.lower()) != kind:
        raise FileRefused(MISNAMED)
    return kind


def clean_name(name: str) -> str:
    """The name without folders and without characters that do not show."""
    return CONTROLS.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()


def _kind_of_bytes(content: bytes) -> FileKind:
    if content.startswith((ZIP, OLE)):
        return _kind_of_office_file(content)
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            if ENDS[kind] not in content:
                raise FileRefused(BROKEN)
            return kind
    raise FileRefused(ACCEPTED)


def _kind_of_office_file(content: bytes) -> FileKind:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        for kind, main in MAIN_PARTS.items():
            try:
                refuse_hostile(path, main, max_bytes=MAX_FILE_BYTES)
            except WorkbookRefused as refused:
                if refused.reason != Reason.OTHER_FORMAT:
                    raise FileRefused(SENTENCES[refused.reason]) from refused
            else:
                return kind
    raise FileRefused(ACCEPTED)
