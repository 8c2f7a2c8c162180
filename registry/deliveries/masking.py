"""Refused values as pages show them: no names, and of identity codes the birth part alone."""

from __future__ import annotations

import re

IDENTITY_COLUMN = "personal_identity_code"
NAME_COLUMNS = frozenset(("family_name", "given_names"))
BIRTH_PART = 7  # 040590-
HIDDEN = "****"

# What reads as an identity code, right or broken, wherever it stands.
LIKE_A_CODE = re.compile(r"(\d{6}[-+ A-FU-Y])[0-9A-Z]{3,}", re.ASCII | re.IGNORECASE)


def masked(column: str, value: str) -> str:
    """The value as it may be shown: `040590-****`; nothing of a row refused as a whole.

    Whoever mends the row reads it in full in the file that `import_delivery --rejects` writes.
    """
    if not column or not value:
        return ""
    if column == IDENTITY_COLUMN:
        return value[:BIRTH_PART] + HIDDEN
    return HIDDEN if column in NAME_COLUMNS else LIKE_A_CODE.sub(rf"\1{HIDDEN}", value)
