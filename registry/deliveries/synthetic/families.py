"""Households: who belongs to one, how old they are, what they are called."""

from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.codes import rgi_number, unhcr_number
from registry.deliveries.synthetic.country import Origin
from registry.deliveries.synthetic.dice import Dice
from registry.deliveries.synthetic.records import Person
from registry.deliveries.synthetic.world import World, years_after

CHILDHOOD = 18 * 36525 // 100  # days


def household_draw(world: World, origin: Origin) -> list[Person]:
    """Draw a household: the head first, then spouse, children, grandparent."""
    births = birth_dates_draw(world.dice, origin, world.as_of)
    nationality = world.dice.weighted(origin.nationalities)
    family_name = world.family_name(nationality)
    return [member_new(world, born, nationality, family_name) for born in births]


def member_new(world: World, born: date, nationality: str, family_name: str) -> Person:
    """Make a person known to UMA, with a name and nothing else yet."""
    return Person(
        uma_number=world.next_uma_number(),
        birth_date=born,
        family_name=family_name,
        given_names=world.given_names(nationality),
        nationality=nationality,
    )


def birth_dates_draw(dice: Dice, origin: Origin, as_of: date) -> list[date]:
    """Draw birth dates of the members in their order, by their ages on the day."""
    adults, children, grandparents = dice.weighted(country.HOUSEHOLDS)
    alone = (adults, children) == (1, 0) and origin is country.ASYLUM
    if alone and dice.chance(country.UNACCOMPANIED_MINOR):
        return [as_of - timedelta(days=dice.number(14 * 366, CHILDHOOD - 1))]
    young = _children(dice, children, as_of)
    head = _parent(dice, min(young), as_of) if young else _adult(dice, as_of)
    births = [head]
    if adults > 1:
        births.append(_spouse(dice, head, min(young) if young else as_of, as_of))
    births += young
    if grandparents:
        births.append(years_after(head, -dice.number(20, 30)))
    return [_recorded(dice, origin, born, as_of) for born in births]


def is_adult(person: Person, day: date) -> bool:
    """Tell whether the person is of age on the day."""
    return person.age(day) >= 18


def quota_numbers_give(person: Person, year: int) -> None:
    """Give a quota refugee the numbers of the resettlement case."""
    person.rgi_number = rgi_number(person.uma_number)
    person.unhcr_number = unhcr_number(person.uma_number, year)


def _children(dice: Dice, number: int, as_of: date) -> list[date]:
    """Spread children evenly over 0-17: siblings at equal steps round the clock of 18 years."""
    step = dice.number(400, min(1500, CHILDHOOD // max(number, 1)))
    age = dice.number(0, CHILDHOOD - 1)
    ages = [(age + step * i) % CHILDHOOD for i in range(number)]
    if number > 1 and dice.chance(country.TWINS):
        ages[1] = ages[0]
    return sorted(as_of - timedelta(days=a) for a in ages)


def _parent(dice: Dice, oldest: date, as_of: date) -> date:
    born = oldest - timedelta(days=365 * dice.number(*country.PARENT_AGE_AT_BIRTH))
    return min(born - timedelta(days=dice.number(0, 364)), as_of - timedelta(days=CHILDHOOD + 1))


def _adult(dice: Dice, as_of: date) -> date:
    youngest, oldest = dice.weighted(country.ADULT_AGES)
    return as_of - timedelta(days=dice.number(youngest * 366, oldest * 365 + 364))


def _spouse(dice: Dice, head: date, oldest_child: date, as_of: date) -> date:
    latest = min(as_of - timedelta(days=19 * 366), oldest_child - timedelta(days=18 * 366))
    return min(head + timedelta(days=dice.number(-2600, 2600)), latest)


def _recorded(dice: Dice, origin: Origin, born: date, as_of: date) -> date:
    """Round some birth dates of grown people to 1 January, as unknown ones are recorded."""
    if origin is country.TEMPORARY_PROTECTION or as_of.year - born.year < 12:
        return born
    return born.replace(month=1, day=1) if dice.chance(country.BORN_ON_NEW_YEAR) else born
