"""A household's life in Finland up to the day of the delivery."""

from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.country import Origin
from registry.deliveries.synthetic.families import (
    birth_dates_draw,
    household_draw,
    is_adult,
    quota_numbers_give,
)
from registry.deliveries.synthetic.homes import (
    first_home_day,
    path_cut,
    path_join,
    path_leave,
    residence_path,
)
from registry.deliveries.synthetic.permits import (
    family_permit,
    head_permits,
    permit_of_one_born_here,
    permits_copy,
    permits_end,
)
from registry.deliveries.synthetic.records import Person, Residence
from registry.deliveries.synthetic.world import World, years_after

Household = list[Person]


def household_settle(world: World, origin: Origin, arrival: date) -> Household:
    """Draw a household that came to Finland on the day, with all that has happened since."""
    household = household_draw(world, origin)
    head = household[0]
    head_permits(world, origin, head, arrival)
    reunited = _reunited_on(world, origin, arrival)
    starts = [arrival]
    starts += [
        _member_permits(world, origin, household, member, reunited) for member in household[1:]
    ]
    _homes(world, origin, household, starts)
    _fates(world, household, arrival)
    return household


def outsider_settle(world: World, arrival: date) -> Household:
    """Draw someone whom the population register knows and UMA does not."""
    born = birth_dates_draw(world.dice, country.TEMPORARY_PROTECTION, world.as_of)[0]
    outsider = Person(uma_number="", birth_date=born)
    outsider.code = world.codes.issue(outsider.birth_date)
    outsider.residences = residence_path(world, arrival)
    return [outsider]


def parents_of(household: Household, child: Person, day: date) -> list[Person]:
    """Return the child's parents: the adults of the household who come first, at most two."""
    grown = [p for p in household[:2] if p is not child and is_adult(p, child.birth_date)]
    return [p for p in grown if p.uma_number and (p.death_date is None or p.death_date > day)]


def _reunited_on(world: World, origin: Origin, arrival: date) -> date:
    """Return the day the rest of the family arrives: the head's own, or later."""
    if world.dice.chance(origin.reunited):
        later = arrival + timedelta(days=world.dice.number(*country.REUNITED_AFTER))
        return later if later <= world.as_of else arrival
    return arrival


def _member_permits(
    world: World, origin: Origin, household: Household, member: Person, reunited: date
) -> date:
    """Give a member of the household permits; return the day of arrival, or of birth."""
    head = household[0]
    if member.birth_date > reunited and parents_of(household, member, member.birth_date):
        _born_here(world, household, member)
        return member.birth_date
    start = max(reunited, member.birth_date)
    if reunited > head.permits[0].valid_from:
        tie = world.dice.weighted(country.TIE_BEFORE_ARRIVAL)
        family_permit(world, origin, head, member, start, tie=tie)
    elif origin.family_ground:
        family_permit(world, origin, head, member, start, tie="true")
    else:
        permits_copy(world, head, member)
    return start


def _born_here(world: World, household: Household, child: Person) -> None:
    """Note a birth in Finland with its parents (C-20); the permit follows some months later."""
    parents = parents_of(household, child, child.birth_date)
    child.born_here = True
    child.parents = " ".join(p.uma_number for p in parents)
    delay = world.dice.number(*country.BORN_HERE_PERMIT_AFTER)
    start = child.birth_date + timedelta(days=delay)
    if start <= world.as_of:
        permit_of_one_born_here(world, parents[0], child, start)


def _homes(world: World, origin: Origin, household: Household, starts: list[date]) -> None:
    """Give the household identity codes and home municipalities, if it has them by now."""
    recent = (world.as_of - starts[0]).days <= country.RECENT
    if world.dice.chance(country.NO_CODE_RECENT if recent else country.NO_CODE):
        return
    day = first_home_day(world, origin, starts[0])
    path = residence_path(world, day) if day else []
    if path and world.dice.chance(origin.leaving):
        path = path_leave(path, world.dice.day(path[0].moved_in, world.as_of))
    for member, start in zip(household, starts, strict=True):
        newborn = member.born_here and (world.as_of - start).days < 30
        if newborn and world.dice.chance(country.NO_CODE_RECENT):
            continue
        world.code_issue(member)
        member.residences = path_join(path, start)
        member.non_disclosure = world.dice.chance(country.NON_DISCLOSURE)


def _fates(world: World, household: Household, arrival: date) -> None:
    """Let some become citizens, some die; permits and homes after that fall away."""
    eligible = years_after(arrival, country.CITIZEN_AFTER_YEARS)
    if eligible <= world.as_of and world.dice.chance(country.CITIZEN):
        _citizens(world, household, eligible)
    for person in household:
        if not person.code:
            continue
        age = person.age(world.as_of)
        if world.dice.chance(next(share for limit, share in country.DEATHS if age < limit)):
            _dies(world, person)
    for person in household:
        if person.permits and person.permits[0].ground == "90":
            quota_numbers_give(person, person.permits[0].valid_from.year)


def _citizens(world: World, household: Household, earliest: date) -> None:
    day = world.dice.day(earliest, world.as_of)
    for person in household:
        if person.code and person.birth_date < day:
            person.citizen_from = day
            permits_end(person, day)


def _dies(world: World, person: Person) -> None:
    """Let the person die between the first home, or permit, and the day of the delivery."""
    known: list[Residence] = person.residences
    first = known[0].moved_in if known else max(person.birth_date, _first_permit(person))
    if first > world.as_of:
        return
    person.death_date = world.dice.day(first, world.as_of)
    person.residences = path_cut(known, person.death_date)
    permits_end(person, person.death_date)


def _first_permit(person: Person) -> date:
    return person.permits[0].valid_from if person.permits else person.birth_date
