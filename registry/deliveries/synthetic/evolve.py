"""The next delivery: what has changed in the country since the one before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.codes import IdentityCodes
from registry.deliveries.synthetic.corrections import person_correct
from registry.deliveries.synthetic.dice import Dice
from registry.deliveries.synthetic.generate import Arrivals
from registry.deliveries.synthetic.household_events import HOUSEHOLD_EVENTS
from registry.deliveries.synthetic.people import Household, household_settle
from registry.deliveries.synthetic.person_events import outsider_lives_on, person_lives_on
from registry.deliveries.synthetic.records import (
    HouseholdRows,
    PersonRows,
    person_parse,
    person_render,
)
from registry.deliveries.synthetic.world import World

MONTH = 30.4  # days
UNKNOWN = PersonRows([], [], [], [])


class Step(NamedTuple):
    """A household after the step: the whole truth, and what of it a delivery must name."""

    state: HouseholdRows
    delta: HouseholdRows


@dataclass(slots=True)
class Census:
    """What a step must know of the country before it begins; filled by counting its rows."""

    persons: int = 0
    serial: int = 0
    newest: str = ""  # the newest fact: the day of the delivery it came from
    codes: IdentityCodes = field(default_factory=IdentityCodes)

    def count(self, household: HouseholdRows) -> None:
        """Count a household in."""
        for person in household:
            if person.person:
                self.persons += 1
                self.serial = max(self.serial, int(person.person[0][1:]))
            if person.vtj:
                self.codes.count(person.vtj[0])
            for permit in person.permits:
                self.newest = max(self.newest, permit[4])
            for residence in person.residences:
                self.newest = max(self.newest, residence[4])

    def as_of(self) -> date:
        """Return the day of the delivery counted."""
        return date.fromisoformat(self.newest)


def evolve(
    state: Iterable[HouseholdRows],
    as_of: date | None = None,
    *,
    seed: int = 1,
    change_percent: float | None = None,
) -> tuple[list[HouseholdRows], list[HouseholdRows]]:
    """Return the country on the next day of delivery, and the delivery: changed persons only.

    Without a day it is the first of the month after the previous delivery's. For countries that
    fit in memory; `steps` does the same for any size.
    """
    households = list(state)
    census = Census()
    for household in households:
        census.count(household)
    day = as_of or next_month(census.as_of())
    done = list(steps(households, census, day, seed=seed, change_percent=change_percent))
    return [step.state for step in done], [step.delta for step in done if step.delta]


def steps(
    households: Iterable[HouseholdRows],
    census: Census,
    as_of: date,
    *,
    seed: int = 1,
    change_percent: float | None = None,
) -> Iterator[Step]:
    """Yield every household after the step from the census' day to the new one.

    With `change_percent`, nothing happens but corrections of the history of so many persons.
    Raises ValueError unless the new day is after the previous delivery's.
    """
    since = census.as_of()
    if as_of <= since:
        raise ValueError(f"the delivery before is of {since}: the next must be later")
    world = World(
        Dice(f"step {seed} {since} {as_of} {change_percent}"),
        as_of,
        since,
        codes=census.codes,
        serial=census.serial,
    )
    change = _Corrections(change_percent) if change_percent is not None else _Life(world)
    outsiders = []  # kept last, as in the files of a new country
    for before in households:
        if before[0].person:
            yield _step(world, before, change)
        else:
            outsiders.append(before)
    for household in _arrivals(world, change.arriving(census.persons)):
        rows = [person_render(person) for person in household]
        yield Step(rows, rows)
    stepped = [_step(world, before, change) for before in outsiders]
    yield from sorted(stepped, key=lambda step: not step.state[0].person)


def next_month(day: date) -> date:
    """Return the first day of the month after the day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


class _Life:
    """What happens in an ordinary month, with a few late facts and corrections."""

    def __init__(self, world: World) -> None:
        self.months = (world.as_of - (world.since or world.as_of)).days / MONTH

    def arriving(self, persons: int) -> int:
        """Return how many persons arrive."""
        return max(1, round(persons * country.ARRIVALS_MONTHLY * self.months))

    def __call__(self, world: World, household: Household) -> None:
        if not household[0].uma_number:
            outsider_lives_on(world, household[0], self.months)
            return
        for event, share in HOUSEHOLD_EVENTS:
            if world.dice.chance(share * self.months):
                event(world, household)
        for person in household:
            if world.dice.chance(country.LATE_FACTS * self.months):
                person_correct(world, person)
            else:
                person_lives_on(world, household, person, self.months)


class _Corrections:
    """Corrects every nth person so that the share of persons comes out exactly."""

    def __init__(self, percent: float) -> None:
        self._share = percent / 100
        self._due = 0.0

    def arriving(self, persons: int) -> int:
        """Return how many persons arrive: one, whose permit tells the day of the delivery."""
        return 1

    def __call__(self, world: World, household: Household) -> None:
        for person in household:
            if person.uma_number:
                self._due += self._share
                if self._due >= 1 and person_correct(world, person):
                    self._due -= 1


def _step(world: World, before: HouseholdRows, change: _Life | _Corrections) -> Step:
    household = [person_parse(rows) for rows in before]
    if household[0].uma_number:
        world.last_family_name = household[0].family_name
    change(world, household)
    after = [person_render(person) for person in household]
    return Step(after, [d for d in map(_changed, _padded(before, len(after)), after) if any(d)])


def _padded(before: HouseholdRows, length: int) -> HouseholdRows:
    return before + [UNKNOWN] * (length - len(before))


def _changed(before: PersonRows, after: PersonRows) -> PersonRows:
    """Return the parts of a person that differ: what a delivery names."""
    if before == after:
        return UNKNOWN
    return PersonRows(
        after.person if after.person != before.person else [],
        after.permits if after.permits != before.permits else [],
        after.vtj if after.vtj != before.vtj else [],
        after.residences if after.residences != before.residences else [],
    )


def _arrivals(world: World, number: int) -> Iterator[Household]:
    """Yield households of so many persons; the last came on the day of the delivery."""
    origins = Arrivals(world.as_of).origins
    while number > 1:
        origin = world.dice.weighted(origins)
        household = household_settle(world, origin, world.newly())[: number - 1]
        number -= len(household)
        yield household
    yield household_settle(world, world.dice.weighted(origins), world.as_of)[:1]
