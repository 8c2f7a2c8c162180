"""A person's permits, residences and months on one line of time, ready to be drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from config.lib.months import Month
from config.templatetags.finnish import day as written
from config.templatetags.finnish import month as written_month
from payments.models import Outcome
from registry.models import Residence
from registry.people.selectors import PersonFacts

WIDTH, LEFT = 960, 150  # of the drawing and of its column of labels, in its own units
TOP, LANE = 26, 30  # the years above; a lane
HEIGHTS = {"permit": 20, "residence": 20, "paid": 20, "due": 12, "unpaid": 5}
LETTER = 8  # a letter's width, about
MOST_YEARS = 25
Kind = Literal["permit", "residence", "paid", "due", "unpaid"]


@dataclass(frozen=True)
class MonthPaid:
    """A benefit month: what the ledger holds for it in cents, what the last run found."""

    month: date
    cents: int
    outcome: str

    @property
    def kind(self) -> Kind:
        """Paid; due, if a run found so and nothing is booked; or not paid."""
        if self.cents > 0:
            return "paid"
        return "due" if self.outcome == Outcome.PAID else "unpaid"


@dataclass(frozen=True)
class Period:
    """What a bar stands for: from … to (inclusive; None: goes on)."""

    kind: Kind
    first: date
    last: date | None
    text: str = ""


@dataclass(frozen=True)
class Bar:
    """A period as it is drawn."""

    kind: Kind
    text: str
    x: int
    y: int
    width: int
    height: int

    @property
    def label(self) -> str:
        """Its text, where there is room for it."""
        return self.text if len(self.text) * LETTER < self.width else ""


@dataclass(frozen=True)
class Lane:
    """A row of bars; only the first lane of its kind has a label."""

    label: str
    baseline: int
    bars: list[Bar]


@dataclass(frozen=True)
class Timeline:
    """What is drawn, and the sentences that say the same; `ticks` are places and years."""

    lanes: list[Lane]
    ticks: list[tuple[int, int]]
    today: int
    sentences: list[str]

    @property
    def view(self) -> str:
        """The drawing's size, as `viewBox` has it."""
        return f"0 0 {WIDTH} {self.height}"

    @property
    def height(self) -> int:
        return TOP + len(self.lanes) * LANE


def timeline(facts: PersonFacts, months: Sequence[MonthPaid], *, today: date) -> Timeline | None:
    """Draw what is known of a person; None when there is nothing to draw."""
    lanes = _lanes(facts, months)
    if not lanes:
        return None
    scale = _Scale.over([period for _label, lane in lanes for period in lane], today)
    drawn = [
        _lane(scale, label, periods, top=TOP + number * LANE)
        for number, (label, periods) in enumerate(lanes)
    ]
    return Timeline(drawn, scale.ticks(), scale.x(today), _sentences(facts, months))


def _lanes(facts: PersonFacts, months: Sequence[MonthPaid]) -> list[tuple[str, list[Period]]]:
    """A lane for each permit, for they may overlap; one for homes, one for months."""
    lanes = [
        ("", [Period("permit", p.valid_from, p.valid_to, f"{p.permit_number} ({p.ground_id})")])
        for p in facts.permits
    ]
    if lanes:
        lanes[0] = (_("Permits"), lanes[0][1])
    homes = [
        Period("residence", home.moved_in, home.moved_out, home.municipality.name)
        for home in facts.residences
    ]
    paid = [Period(month.kind, month.month, _last_day(month.month)) for month in months]
    lanes += [(_("Home municipality"), homes)] if homes else []
    return lanes + ([(_("Months"), paid)] if paid else [])


def _last_day(month: date) -> date:
    return (Month.of(month) + 1).first_day - timedelta(days=1)


def _lane(scale: _Scale, label: str, periods: list[Period], *, top: int) -> Lane:
    bottom = top + HEIGHTS["permit"]
    return Lane(label, bottom - 6, [scale.drawn(period, bottom) for period in periods])


@dataclass(frozen=True)
class _Scale:
    """Days to places between the labels and the right edge."""

    first: date
    last: date

    @classmethod
    def over(cls, periods: list[Period], today: date) -> _Scale:
        """From the first beginning to the last end, a year from today at most."""
        year_on = today + timedelta(days=366)
        last = max([today, *(min(period.last, year_on) for period in periods if period.last)])
        begins = min([today, *(period.first for period in periods)])
        first = max(begins, date(last.year - MOST_YEARS, 1, 1)).replace(day=1)
        return cls(first, max(last, first + timedelta(days=60)))

    def x(self, day: date) -> int:
        part = (day - self.first).days / (self.last - self.first).days
        return LEFT + round(min(max(part, 0), 1) * (WIDTH - LEFT))

    def drawn(self, period: Period, bottom: int) -> Bar:
        height = HEIGHTS[period.kind]
        x = min(self.x(period.first), WIDTH - 3)
        last = min(period.last or self.last, self.last)
        end = self.x(last + timedelta(days=1))
        return Bar(period.kind, period.text, x, bottom - height, max(end - x - 1, 2), height)

    def ticks(self) -> list[tuple[int, int]]:
        years = range(self.first.year + 1, self.last.year + 1)
        step = 1 + len(years) // 14
        return [(self.x(date(year, 1, 1)), year) for year in years if year % step == 0]


def _sentences(facts: PersonFacts, months: Sequence[MonthPaid]) -> list[str]:
    """What the drawing shows, for those who do not see it."""
    return [
        _("Permits: {count}.").format(count=len(facts.permits)),
        *map(_home_sentence, facts.residences),
        *_month_sentences(months),
    ]


def _home_sentence(home: Residence) -> str:
    return _("Home municipality {name} from {first} to {last}.").format(
        name=home.municipality.name,
        first=written(home.moved_in),
        last=written(home.moved_out) or _("now"),
    )


def _month_sentences(months: Sequence[MonthPaid]) -> list[str]:
    """How many months are paid, due and not paid, and between which."""
    texts = {
        "paid": _("Months paid: {count} ({first}–{last})."),
        "due": _("Months due, nothing booked: {count} ({first}–{last})."),
        "unpaid": _("Months not paid: {count} ({first}–{last})."),
    }
    found = {kind: [month for month in months if month.kind == kind] for kind in texts}
    return [
        texts[kind].format(
            count=len(some),
            first=written_month(some[0].month),
            last=written_month(some[-1].month),
        )
        for kind, some in found.items()
        if some
    ]
