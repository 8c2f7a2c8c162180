"""Artificial bank details: valid in every check, and nobody's."""

from __future__ import annotations

from datetime import date

from stdnum import iban, luhn
from stdnum.fi import ytunnus

from payments.bank.services.details import Account

# No bank in Finland has account numbers that begin with these digits.
NO_BANK = "999999"


def artificial_account(number: int, *, valid_from: date) -> Account:
    """The artificial bank details of a number."""
    return Account(
        business_id=artificial_business_id(number),
        iban=artificial_iban(number),
        bic="NDEAFIHH",
        valid_from=valid_from,
        source="Demo",
    )


def artificial_iban(number: int) -> str:
    """A Finnish IBAN of no bank, right in both its checks."""
    digits = f"{NO_BANK}{number % 10**7:07}"
    account = f"{digits}{luhn.calc_check_digit(digits)}"
    return f"FI{iban.calc_check_digits(f'FI00{account}')}{account}"


def artificial_business_id(number: int) -> str:
    """A business ID with a right check digit; one number in eleven has none and gives its place."""
    digits = f"{number % 10**6 + 9 * 10**6}"
    right = (f"{digits}-{check}" for check in range(10) if ytunnus.is_valid(f"{digits}{check}"))
    return next(right, "") or artificial_business_id(number + 500_003)
