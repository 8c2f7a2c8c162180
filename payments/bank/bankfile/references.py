"""References of payments: what the payee sees, and what the bank answers by."""

from __future__ import annotations

from itertools import cycle

from stdnum.iso7064 import mod_97_10

from config.lib.months import Month
from registry.models import Organisation, OrganisationKind

# The payer's letters in front of every identifier it gives to a bank.
PREFIX = "KK"
KINDS = {
    OrganisationKind.MUNICIPALITY: ("M", "1"),
    OrganisationKind.COUNTY: ("C", "2"),
    OrganisationKind.ALAND_HEALTH: ("A", "3"),
}


def message_id(month: Month, number: int) -> str:
    """The id of a batch's file: `KK202611-1`; equal batches, equal ids."""
    return f"{PREFIX}{_digits(month)}-{number}"


def end_to_end_id(month: Month, payee: Organisation, attempt: int) -> str:
    """The id by which a transfer is found in every answer: `KK202611M398-1`."""
    letter, _digit = KINDS[OrganisationKind(payee.kind)]
    return f"{PREFIX}{_digits(month)}{letter}{payee.code}-{attempt}"


def reference(month: Month, payee: Organisation) -> str:
    """The structured reference (ISO 11649) of a payee's month: RF over a Finnish reference."""
    _letter, digit = KINDS[OrganisationKind(payee.kind)]
    code = payee.code if payee.code.isdecimal() else "0"
    return international(national(f"{_digits(month)}{digit}{code:0>3}"))


def recovery_reference(case_id: int) -> str:
    """The reference by which a payee pays a recovery back; no month's begins with a 9."""
    return international(national(f"9{case_id:09}"))


def recovery_of(reference: str) -> int | None:
    """The id of the case that a reference names, written as RF or as in Finland; None if none."""
    digits = reference.replace(" ", "").upper()
    digits = digits[4:] if digits.startswith("RF") else digits.lstrip("0")
    if len(digits) != 11 or not digits.isascii() or not digits.isdecimal() or digits[0] != "9":
        return None
    return int(digits[1:-1]) if national(digits[:-1]) == digits else None


def decision_end_to_end_id(year: int, serial: int, attempt: int) -> str:
    """The id of a transfer by which a decision on a support is paid: `KKD2026-1234-1`."""
    return f"{PREFIX}D{year}-{serial}-{attempt}"


def decision_reference(year: int, serial: int) -> str:
    """The structured reference of a decision: longer than a month's, so that they never meet."""
    return international(national(f"{year:04}{serial:09}"))


def national(base: str) -> str:
    """A Finnish reference number: the digits and their check digit, weights 7, 3, 1 from the right."""
    weighed = sum(int(n) * w for n, w in zip(reversed(base), cycle((7, 3, 1)), strict=False))
    return f"{base}{-weighed % 10}"


def international(reference: str) -> str:
    """The same as an ISO 11649 creditor reference: `RF` and two check digits in front."""
    return f"RF{mod_97_10.calc_check_digits(f'{reference}RF')}{reference}"


def _digits(month: Month) -> str:
    return f"{month.year:04}{month.number:02}"
