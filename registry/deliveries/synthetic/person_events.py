"""What happens to single persons from one delivery to the next, known without delay."""

from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.household_events import home_enter
from registry.deliveries.synthetic.people import Household, parents_of
from registry.deliveries.synthetic.permits import (
    permit_grant,
    permit_has_run_out,
    permit_of_one_born_here,
    permit_renew,
    permits_renew,
)
from registry.deliveries.synthetic.records import Person
from registry.deliveries.synthetic.world import World, years_after

EARLIEST_RENEWAL = timedelta(days=200)  # permits that ended longer ago stay ended


def person_lives_on(world: World, household: Household, person: Person, months: float) -> None:
    """Let a person live so many months on, to the day of the delivery."""
    if person.death_date:
        return
    if person.citizen_from is None:
        _permits(world, household, person, months)
    if not person.code:
        if world.dice.chance(country.CODE_GIVEN * months):
            world.code_issue(person)
        return
    _homes(world, household, person, months)
    age = person.age(world.as_of)
    if world.dice.chance(months * next(share for limit, share in country.DIES if age < limit)):
        _dies(world, person)
    elif _may_become_citizen(world, person) and world.dice.chance(country.BECOMES_CITIZEN * months):
        person.citizen_from = world.newly()


def outsider_lives_on(world: World, person: Person, months: float) -> None:
    """Let UMA learn now and then of someone only the population register knows."""
    if not world.dice.chance(country.APPEARS_IN_UMA * months):
        return
    origin = country.ASYLUM
    person.uma_number = world.next_uma_number()
    person.nationality = world.dice.weighted(origin.nationalities)
    person.family_name = world.family_name(person.nationality)
    person.given_names = world.given_names(person.nationality)
    permit_grant(world, person, "87", world.newly(), applied="true")


def _permits(world: World, household: Household, person: Person, months: float) -> None:
    """Renew what has run out; grant the first permit of a child born in Finland."""
    if not person.permits:
        if world.dice.chance(country.PERMIT_GRANTED * months):
            _first_permit(world, household, person)
    elif permit_has_run_out(person, world.as_of) and not _gone(person):
        ended = person.permits[-1].valid_to or world.as_of
        if world.since is None or ended >= world.since:
            permits_renew(world, person)
        elif ended > world.as_of - EARLIEST_RENEWAL and world.dice.chance(
            country.LATE_RENEWALS_MONTHLY * months
        ):
            permit_renew(world, person, from_day=world.newly())


def _first_permit(world: World, household: Household, person: Person) -> None:
    parents = parents_of(household, person, world.as_of)
    day = world.newly()
    if parents and parents[0].permits and day >= person.birth_date:
        permit_of_one_born_here(world, parents[0], person, day)


def _homes(world: World, household: Household, person: Person, months: float) -> None:
    """Let a person find the first home municipality, or come back from abroad."""
    if _gone(person):
        if world.dice.chance(country.RETURNS * months):
            last = person.residences[-1]
            day = world.newly()
            if last.moved_out and last.moved_out < day:
                home_enter(world, person, world.towns.next(world.dice, "", day), day)
    elif not person.residences and person.permits:
        arrival = person.permits[0].valid_from
        under_110 = person.permits[0].ground == "110"
        if under_110 and years_after(arrival, 1) > world.as_of:
            return
        share = country.HOME_FOUND_110 if under_110 else country.HOME_FOUND
        if world.dice.chance(share * months):
            _first_home(world, household, person, arrival)


def _first_home(world: World, household: Household, person: Person, arrival: date) -> None:
    """Enter the town where the household lives, or one of its own."""
    homes = [p.residences[-1] for p in household if p.home()]
    day = max(world.newly(), arrival)
    town = homes[0].municipality if homes else world.towns.first(world.dice, day)
    home_enter(world, person, town, day)


def _dies(world: World, person: Person) -> None:
    day = world.newly()
    if not person.residences or person.residences[-1].moved_in <= day:
        person.death_date = day


def _may_become_citizen(world: World, person: Person) -> bool:
    if person.citizen_from or not person.home():
        return False
    return years_after(person.residences[0].moved_in, country.CITIZEN_AFTER_YEARS) <= world.as_of


def _gone(person: Person) -> bool:
    return bool(person.residences) and person.residences[-1].moved_out is not None
