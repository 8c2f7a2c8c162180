"""Home municipalities: the first, the moves, time abroad, late registrations."""

from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.country import Origin
from registry.deliveries.synthetic.records import Residence
from registry.deliveries.synthetic.world import ONE_DAY, World


def first_home_day(world: World, origin: Origin, arrival: date) -> date | None:
    """Draw the day a household that arrived on the day gets a home municipality; None = never.

    Under 110 § a year after arrival and from 3/2023 (1083/2022).
    """
    if world.dice.chance(origin.never_home):
        return None
    start = arrival + timedelta(days=world.dice.wait(origin.home_delay) - 1)
    if origin is country.TEMPORARY_PROTECTION:
        start = max(start + timedelta(days=365), country.HOME_UNDER_110_FROM)
        start += timedelta(days=world.dice.number(0, 40))
    return start if start <= world.as_of else None


def residence_path(world: World, start: date) -> list[Residence]:
    """Draw where a household has lived from the day on, as registered by the delivery's day."""
    path: list[Residence] = []
    day, town = start, world.towns.first(world.dice, start)
    while day <= world.as_of:
        entry = residence_enter(world, town, day)
        if entry is None:
            break
        if path and path[-1].moved_out is None:
            path[-1].moved_out = day - ONE_DAY
        path.append(entry)
        day = _move_day(world, path)
        town = world.towns.next(world.dice, town, day)
    return path


def residence_enter(world: World, town: str, day: date) -> Residence | None:
    """Register a move in, late now and then; None if it is not registered yet."""
    delay = world.dice.number(0, country.REGISTERED_WITHIN)
    if world.dice.chance(country.REGISTERED_LATE):
        delay = world.dice.number(*country.LATE_REGISTRATION)
    registered = day + timedelta(days=delay)
    return Residence(town, day, None, registered) if registered <= world.as_of else None


def path_leave(path: list[Residence], day: date) -> list[Residence]:
    """End the path with a departure for good on the day."""
    stayed = [entry for entry in path if entry.moved_in <= day]
    if stayed and (stayed[-1].moved_out is None or stayed[-1].moved_out > day):
        stayed[-1].moved_out = day
    return stayed


def path_join(path: list[Residence], start: date) -> list[Residence]:
    """Copy the household's path for a member who joins it on the day."""
    return [
        Residence(
            entry.municipality,
            max(entry.moved_in, start),
            entry.moved_out,
            max(entry.registered_on, start),
        )
        for entry in path
        if entry.moved_out is None or entry.moved_out >= start
    ]


def path_cut(path: list[Residence], day: date) -> list[Residence]:
    """Drop what begins after the day of a death; the last home stays as it was."""
    kept = [entry for entry in path if entry.moved_in <= day]
    if kept and kept[-1].moved_out is not None and kept[-1].moved_out >= day:
        kept[-1].moved_out = None
    return kept


def _move_day(world: World, path: list[Residence]) -> date:
    """Draw the day of the next move in; a while abroad closes the entry before it."""
    mean = country.STAY_EARLY if len(path) < 3 else country.STAY_LATER
    day = path[-1].moved_in + timedelta(days=country.LONG_STAY + world.dice.wait(mean))
    if day <= world.as_of and world.dice.chance(country.ABROAD):
        path[-1].moved_out = day
        day += timedelta(days=world.dice.number(*country.ABROAD_TIME))
    return day
