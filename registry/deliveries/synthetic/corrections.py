"""Late facts and corrections: what changes months the register already had an answer for."""

from collections.abc import Callable
from datetime import timedelta

from registry.deliveries.synthetic.codes import code_date
from registry.deliveries.synthetic.records import Person, Residence
from registry.deliveries.synthetic.world import ONE_DAY, World

Correction = Callable[[World, Person], bool]  # tells whether it applied to the person


def person_correct(world: World, person: Person) -> bool:
    """Deliver one late fact or correction about the person; tell whether one applied.

    Kinds are tried in turn from a drawn one on.
    """
    first = world.dice.number(0, len(CORRECTIONS) - 1)
    order = CORRECTIONS[first:] + CORRECTIONS[:first]
    return any(correction(world, person) for correction in order)


def moved_months_ago(world: World, person: Person) -> bool:
    """Deliver a move of two to four months ago."""
    home = person.home()
    day = world.as_of - timedelta(days=world.dice.number(60, 120))
    if home is None or home.moved_in >= day:
        return False
    town = world.towns.next(world.dice, home.municipality, day)
    home.moved_out = day - ONE_DAY
    person.residences.append(Residence(town, day, None, world.newly()))
    return True


def left_months_ago(world: World, person: Person) -> bool:
    """Deliver a departure of one to four months ago."""
    home = person.home()
    day = world.as_of - timedelta(days=world.dice.number(30, 120))
    if home is None or home.moved_in > day:
        return False
    home.moved_out = day
    return True


def died_months_ago(world: World, person: Person) -> bool:
    """Deliver a death of one to five months ago; only of people over 40."""
    home = person.home()
    day = world.as_of - timedelta(days=world.dice.number(35, 150))
    if home is None or home.moved_in > day or person.age(world.as_of) < 40:
        return False
    person.death_date = day
    return True


def permit_withdrawn(world: World, person: Person) -> bool:
    """Withdraw the last permit from a day one to six months ago."""
    if not person.permits or person.citizen_from:
        return False
    last = person.permits[-1]
    day = max(last.valid_from, world.as_of - timedelta(days=world.dice.number(30, 180)))
    if day >= world.as_of or (last.valid_to is not None and last.valid_to <= day):
        return False
    last.valid_to = day
    return True


def residence_back_dated(world: World, person: Person) -> bool:
    """Let the last home have begun some weeks or months earlier than registered."""
    if not person.residences:
        return False
    entry = person.residences[-1]
    before = person.residences[-2] if len(person.residences) > 1 else None
    day = entry.moved_in - timedelta(days=world.dice.number(10, 120))
    if day <= (before.moved_in if before else person.birth_date):
        return False
    if before and (before.moved_out is None or before.moved_out >= day):
        before.moved_out = day - ONE_DAY
    entry.moved_in = day
    entry.registered_on = max(world.newly(), entry.registered_on)
    return True


def birth_date_corrected(world: World, person: Person) -> bool:
    """Correct UMA's birth date: to the identity code's, or off it by a day, a month, a year."""
    if not person.uma_number:
        return False
    day = code_date(person.code) if person.code else person.birth_date
    if day == person.birth_date:
        day += timedelta(days=world.dice.pick((-366, -365, -30, -1, 1, 30, 365)))
        starts = [p.valid_from for p in person.permits] + [r.moved_in for r in person.residences]
        if day > min(starts, default=world.as_of):
            day = person.birth_date - ONE_DAY
    person.birth_date = day
    return True


def departure_annulled(world: World, person: Person) -> bool:
    """Annul a departure: the person never left the last home."""
    if not person.residences or person.death_date or person.residences[-1].moved_out is None:
        return False
    person.residences[-1].moved_out = None
    return True


def tie_clarified(world: World, person: Person) -> bool:
    """Settle whether a family tie existed before arrival (C-14), or correct what was settled."""
    ties = [permit for permit in person.permits if permit.principal]
    if not ties or person.born_here:
        return False
    ties[0].tie_before = "false" if ties[0].tie_before == "true" else "true"
    return True


CORRECTIONS: tuple[Correction, ...] = (
    departure_annulled,
    moved_months_ago,
    moved_months_ago,
    died_months_ago,
    permit_withdrawn,
    residence_back_dated,
    tie_clarified,
    left_months_ago,
    birth_date_corrected,
)
