"""Identifiers of synthetic persons: artificial identity codes, UMA, permit, RGI, UNHCR numbers."""

from datetime import date, timedelta

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
SEPARATORS = {"18": "+", "19": "-YXWVU", "20": "ABCDEF"}
CODES_PER_SEPARATOR = 100  # individual numbers 900-999, never given to real people


def check_character(digits: str) -> str:
    """Return the check character of ddmmyy and the individual number (nine digits)."""
    return CHECK_CHARACTERS[int(digits) % 31]


def code_key(code: str) -> str:
    """Return what identity codes of one birth date share: ddmmyy and the century."""
    century = next(c for c, separators in SEPARATORS.items() if code[6] in separators)
    return code[:6] + century


def code_date(code: str) -> date:
    """Return the birth date an identity code tells."""
    century = next(c for c, separators in SEPARATORS.items() if code[6] in separators)
    return date(int(century + code[4:6]), int(code[2:4]), int(code[:2]))


class IdentityCodes:
    """Hands out artificial identity codes, each once: 600 for every birth date.

    `used` counts the codes given for each `code_key`; the next one follows from the count alone,
    so the count is all that the next delivery needs to know.
    """

    def __init__(self, used: dict[str, int] | None = None) -> None:
        self.used = {} if used is None else used

    def count(self, code: str) -> None:
        """Note a code that is already in use."""
        key = code_key(code)
        self.used[key] = self.used.get(key, 0) + 1

    def issue(self, birth_date: date) -> str:
        """Give the next code of the birth date, or of the first later date with one left."""
        day = birth_date
        while True:
            key = f"{day.day:02}{day.month:02}{day.year % 100:02}{day.year // 100}"
            index = self.used.get(key, 0)
            if index < len(SEPARATORS[key[6:]]) * CODES_PER_SEPARATOR:
                break
            day += timedelta(days=1)
        self.used[key] = index + 1
        return _code(key, index)


def _code(key: str, index: int) -> str:
    """Return the code number `index` (from 0) of the birth date.

    Every ninth individual number begins with another separator than the usual one, so that all
    separators are seen long before a date runs out of codes.
    """
    separators = SEPARATORS[key[6:]]
    start = int(key[:2]) * 11 + int(key[2:4]) * 17 + int(key[4:6]) * 29
    last_digits = (start + index * 37) % CODES_PER_SEPARATOR
    skip = 1 + last_digits % 5 if last_digits % 9 == 0 else 0
    separator = separators[(index // CODES_PER_SEPARATOR + skip) % len(separators)]
    individual = f"9{last_digits:02}"
    return f"{key[:6]}{separator}{individual}{check_character(key[:6] + individual)}"


def uma_number(serial: int) -> str:
    """Return the UMA customer number of a serial: U00000123."""
    return f"U{serial:08}"


def permit_number(uma: str, ordinal: int) -> str:
    """Return the number of a person's nth permit (from 1): L00000123-1."""
    return f"L{uma[1:]}-{ordinal}"


def unhcr_number(uma: str, year: int) -> str:
    """Return a UNHCR number of the usual form, unique to the person: 100-25C00123."""
    serial = int(uma[1:])
    return f"{100 + serial // 100_000}-{year % 100:02}C{serial % 100_000:05}"


def rgi_number(uma: str) -> str:
    """Return an RGI number, unique to the person: RGI00974050."""
    return f"RGI{(int(uma[1:]) * 7919 + 13) % 100_000_000:08}"
