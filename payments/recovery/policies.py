"""Two laws, two policies, one ledger: until when one may decide, and which interest runs (P-07).

Pure: days in, days and percentages out. Percentages are of a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from payments.recovery.models import Regime

YEARS_TO_DECIDE = 5  # 681/2023 § 71
YEARS_FROM_KNOWING, YEARS_FROM_PAYING = 2, 10  # 688/2001


@dataclass(frozen=True)
class Policy:
    """What differs between the regimes once a case is open.

    After the due day both bear late-payment interest by the Interest Act § 4.1.
    """

    # Over the reference rate, from the payment to the due day (Interest Act § 3.2); None: none.
    points_before_due: Decimal | None
    may_be_left_cents: int  # so little need not be recovered


# 681/2023 § 71; 688/2001 §§ 21, 22.
COMPENSATION = Policy(points_before_due=None, may_be_left_cents=0)
SUPPLEMENT = Policy(points_before_due=Decimal(3), may_be_left_cents=100_00)
POLICIES: Mapping[str, Policy] = {
    Regime.COMPENSATION: COMPENSATION,
    Regime.SUPPLEMENT: SUPPLEMENT,
}


def compensation_decide_by(benefit_month: date) -> date:
    """The end of the fifth calendar year after the year the compensation was for (§ 71)."""
    return date(benefit_month.year + YEARS_TO_DECIDE, 12, 31)


def supplement_decide_by(*, known_on: date, last_instalment_on: date) -> date:
    """The end of the second calendar year after knowing, never ten years after the last instalment."""
    knowing = date(known_on.year + YEARS_FROM_KNOWING, 12, 31)
    return min(knowing, _years_after(last_instalment_on, YEARS_FROM_PAYING))


def _years_after(day: date, years: int) -> date:
    """The same day years later; of 29 February, the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
