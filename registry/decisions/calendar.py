"""Days of service and of remedies by the Finnish calendar (P-04).

Act 150/1930 § 5: a last day that is a Saturday, Sunday, holiday, Independence Day, May Day,
Christmas Eve or Midsummer Eve moves to the next working day. 434/2003 §§ 49 b … 60.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays

from registry.decisions.models import Service

REMEDY_DAYS = 30  # from the day after the service
SATURDAY = 5
FINNISH = holidays.country_holidays("FI")  # the eves of Midsummer and Christmas are among them


def served_on(service: Service, day: date) -> date:
    """Day of service of a decision fetched, sent as a message, or arrived on the day."""
    return day + timedelta(days=3) if service == Service.MESSAGE else day


def remedy_until(served: date) -> date:
    """Last day, inclusive, for a remedy against a decision served on the day (P-04)."""
    return next_working_day(served + timedelta(days=REMEDY_DAYS))


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while day.weekday() >= SATURDAY or day in FINNISH:
        day += timedelta(days=1)
    return day
