"""What happens to households from one delivery to the next, known without delay."""

from collections.abc import Callable
from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.families import is_adult, member_new
from registry.deliveries.synthetic.people import Household, parents_of
from registry.deliveries.synthetic.permits import family_permit
from registry.deliveries.synthetic.records import Person, Residence
from registry.deliveries.synthetic.world import ONE_DAY, World


def home_enter(world: World, person: Person, town: str, day: date) -> None:
    """Enter a home municipality from the day, registered since the previous delivery."""
    home = person.home()
    if home:
        home.moved_out = day - ONE_DAY
    person.residences.append(Residence(town, day, None, max(day, world.newly())))


def household_moves(world: World, household: Household) -> None:
    """Move those who live together, or one grown member alone, to another town."""
    homes = [person for person in household if person.home()]
    if not homes:
        return
    here = homes[0].residences[-1].municipality
    together = [person for person in homes if person.residences[-1].municipality == here]
    grown = [person for person in together if is_adult(person, world.as_of)]
    if len(grown) > 1 and world.dice.chance(country.ONE_ADULT_MOVES):
        together = grown[-1:]
    day = world.newly()
    town = world.towns.next(world.dice, here, day)
    for person in together:
        if person.residences[-1].moved_in < day:
            home_enter(world, person, town, day)


def household_leaves(world: World, household: Household) -> None:
    """Let the household move abroad."""
    day = world.newly()
    for person in household:
        home = person.home()
        if home and home.moved_in <= day:
            home.moved_out = day


def child_is_born(world: World, household: Household) -> None:
    """Add a child born in Finland (C-20) to a household with someone of 18-44 at home."""
    day = world.newly()
    parents = [p for p in household[:2] if p.home() and 18 <= p.age(day) < 45]
    if not parents or parents[0].residences[-1].moved_in > day:
        return
    parent = parents[0]
    child = member_new(world, day, parent.nationality, parent.family_name)
    child.born_here = True
    child.parents = " ".join(p.uma_number for p in parents_of(household, child, day))
    household.append(child)
    if not world.dice.chance(country.NO_CODE_RECENT):
        world.code_issue(child)
        home_enter(world, child, parent.residences[-1].municipality, day)


def relative_arrives(world: World, household: Household) -> None:
    """Let a spouse or a child of someone under protection arrive on the family tie."""
    head = household[0]
    if not head.home() or not any(p.ground in country.BRINGS_FAMILY for p in head.permits):
        return
    born = world.as_of - timedelta(days=world.dice.number(300, 50 * 365))
    relative = member_new(world, born, head.nationality, head.family_name)
    household.append(relative)
    tie = world.dice.weighted(country.TIE_BEFORE_ARRIVAL)
    family_permit(world, country.ASYLUM, head, relative, world.newly(), tie=tie)


HOUSEHOLD_EVENTS: tuple[tuple[Callable[[World, Household], None], float], ...] = (
    (household_moves, country.HOUSEHOLD_MOVES),
    (household_leaves, country.HOUSEHOLD_LEAVES),
    (child_is_born, country.BIRTHS),
    (relative_arrives, country.RELATIVE_ARRIVES),
)
