"""Money: integer cents inside, EUR with two decimals at the edges; never a float.

Rounding happens once, in the database: `Rate.monthly_cents` (C-26).
"""

from __future__ import annotations

from decimal import Decimal


def euros(cents: int) -> Decimal:
    """EUR with two decimals of an amount in cents."""
    return Decimal(cents).scaleb(-2)


def finnish(cents: int) -> str:
    """An amount in cents as people read it: `1 234,56 €`, blanks that do not break."""
    whole, part = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}")
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    return f"{sign}{grouped},{part:02}\N{NO-BREAK SPACE}€"
