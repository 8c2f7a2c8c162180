"""A new country: households drawn one after another, so that any number fits in memory."""

from collections.abc import Iterator
from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.country import Origin
from registry.deliveries.synthetic.dice import Dice, Table
from registry.deliveries.synthetic.people import Household, household_settle, outsider_settle
from registry.deliveries.synthetic.records import HouseholdRows, person_render
from registry.deliveries.synthetic.world import World


def generate(*, persons: int, as_of: date, seed: int = 1) -> Iterator[HouseholdRows]:
    """Yield the households of a new country, in all so many persons known to UMA.

    The last of them came on the day of the delivery, so that the files tell which day that was;
    after it come people whom only the population register knows.
    """
    world = World(Dice(f"country {seed} {as_of}"), as_of)
    arrivals = Arrivals(as_of)
    outsiders: list[Household] = []
    left = persons
    while left > 0:
        household = _next_household(world, arrivals, room=left)
        left -= len(household)
        yield [person_render(person) for person in household]
        if world.dice.chance(country.VTJ_ONLY):
            arrival = arrivals.draw(world.dice, country.WORK_AND_STUDY)
            outsiders.append(outsider_settle(world, arrival))
    for household in outsiders:
        yield [person_render(person) for person in household]


class Arrivals:
    """When households came, by origin, up to the day of the delivery."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.origins = country.ORIGINS
        periods = list(_periods_110(as_of))
        if periods:
            self._periods = Table({(first, last): weight for first, last, weight in periods})
        else:
            self.origins = country.ORIGINS_BEFORE_110

    def draw(self, dice: Dice, origin: Origin) -> date:
        """Draw the day a household of the origin came."""
        if origin is country.TEMPORARY_PROTECTION:
            return dice.day(*dice.weighted(self._periods))
        back = dice.number(*dice.weighted(country.ARRIVALS_BACK))
        return max(self.as_of - timedelta(days=back), country.FIRST_DAY)


def _next_household(world: World, arrivals: Arrivals, *, room: int) -> Household:
    """Draw a household that leaves room for the last person, who comes alone on the day."""
    origin = world.dice.weighted(arrivals.origins)
    arrival = world.as_of if room == 1 else arrivals.draw(world.dice, origin)
    return household_settle(world, origin, arrival)[: max(1, room - 1)]


def _periods_110(as_of: date) -> Iterator[tuple[date, date, float]]:
    """Yield the periods of arrival under 110 § up to the day, weighted by rate and length."""
    starts = country.ARRIVALS_110
    ends = [start - timedelta(days=1) for start, _ in starts[1:]] + [as_of]
    for (start, per_day), end in zip(starts, ends, strict=True):
        last = min(end, as_of)
        if start <= last:
            yield start, last, per_day * ((last - start).days + 1)
