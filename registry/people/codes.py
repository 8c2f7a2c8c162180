"""Checking a Finnish personal identity code (henkilötunnus): Government Decree 128/2010 § 2–3.

python-stdnum judges each birth date once; separator, individual number and check character are
looked at here, for stdnum takes 9 µs a code and an import has millions (tests hold the two
against each other).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache

from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
FIRST_INDIVIDUAL = 2
FIRST_ARTIFICIAL = 900
LENGTH = 11
# The thirteen separators, by the one of their century that has always been in use.
CENTURIES = {"+": "+", **dict.fromkeys("-YXWVU", "-"), **dict.fromkeys("ABCDEF", "A")}
FIRST_YEARS = {"+": 1800, "-": 1900, "A": 2000}


class CodeFault(StrEnum):
    """Why a code is refused; the values are reasons of refusal of a delivery's row."""

    FORM = "bad_identity_code"
    CHECK_CHARACTER = "wrong_check_character"
    FUTURE = "identity_code_in_future"
    ARTIFICIAL = "artificial_identity_code"


class BadIdentityCode(ValueError):
    """The text is not a personal identity code; the message does not repeat it."""

    def __init__(self, fault: CodeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def birth_date_in(code: str, *, today: date, allow_artificial: bool) -> date:
    """Check a code and return the birth date it tells. Raises BadIdentityCode.

    Codes are written exactly, in capitals and without blanks. Individual numbers 900–999 are
    artificial and belong to no person.
    """
    individual = code[7:10]
    born = _birth_date(code[:6], CENTURIES.get(code[6:7], ""))
    if born is None or len(code) != LENGTH or not (individual.isascii() and individual.isdigit()):
        raise BadIdentityCode(CodeFault.FORM)
    if int(individual) < FIRST_INDIVIDUAL or code[10] not in CHECK_CHARACTERS:
        raise BadIdentityCode(CodeFault.FORM)
    if code[10] != _check_character(code[:6] + individual):
        raise BadIdentityCode(CodeFault.CHECK_CHARACTER)
    if int(individual) >= FIRST_ARTIFICIAL and not allow_artificial:
        raise BadIdentityCode(CodeFault.ARTIFICIAL)
    if born > today:
        raise BadIdentityCode(CodeFault.FUTURE)
    return born


def _check_character(digits: str) -> str:
    return CHECK_CHARACTERS[int(digits) % 31]


@lru_cache(maxsize=1 << 16)
def _birth_date(written: str, century: str) -> date | None:
    """The date of `ddmmyy` in a century, if stdnum accepts a code that begins so."""
    if not (century and written.isascii() and written.isdecimal() and len(written) == 6):
        return None
    individual = f"{FIRST_INDIVIDUAL:03}"
    try:
        hetu.validate(written + century + individual + _check_character(written + individual))
    except ValidationError:
        return None
    return date(FIRST_YEARS[century] + int(written[4:]), int(written[2:4]), int(written[:2]))
