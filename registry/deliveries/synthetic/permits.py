"""Residence permits: the first, its renewals, those of the family."""

from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.country import Origin
from registry.deliveries.synthetic.families import is_adult
from registry.deliveries.synthetic.records import Permit, Person
from registry.deliveries.synthetic.world import ONE_DAY, World, years_after


def permit_grant(
    world: World, person: Person, ground: str, start: date, *, applied: str = "false"
) -> Permit:
    """Add a permit that begins on the day, as long as its ground usually gives."""
    permit = Permit(
        number=person.next_permit_number(),
        ground=ground,
        granted_on=start,
        valid_from=start,
        valid_to=_usual_end(world, ground, start),
        applied=applied,
        quota_year=str(start.year) if ground == "90" else "",
    )
    person.permits.append(permit)
    return permit


def head_permits(world: World, origin: Origin, head: Person, start: date) -> None:
    """Give the head of a household the permits of the way it came, renewed to this day."""
    ground = world.dice.weighted(origin.grounds)
    if origin is country.ASYLUM and start <= country.HUMANITARIAN_UNTIL:
        ground = "88a" if world.dice.chance(country.HUMANITARIAN_SHARE) else ground
    permit_grant(world, head, ground, start, applied=_applied(world, origin, ground))
    _turning_point(world, origin, head)
    permits_renew(world, head)
    if is_adult(head, start) and world.dice.chance(country.WORK_PERMIT_BESIDE):
        permit_grant(world, head, "73", start)
        head.permits.insert(0, head.permits.pop())


def permits_copy(world: World, head: Person, member: Person) -> None:
    """Give a member who came with the head the same permits under numbers of their own."""
    shared = [p for p in head.permits if p.ground != "73" or is_adult(member, p.valid_from)]
    for permit in shared:
        member.permits.append(
            Permit(
                number=member.next_permit_number(),
                ground=permit.ground,
                granted_on=permit.granted_on,
                valid_from=permit.valid_from,
                valid_to=permit.valid_to,
                applied=permit.applied,
                quota_year=permit.quota_year,
            )
        )
    if len(shared) < len(head.permits):
        permits_renew(world, member)


def family_permit(
    world: World, origin: Origin, head: Person, member: Person, start: date, *, tie: str = ""
) -> None:
    """Give a member a permit on the family tie to the head, renewed to this day."""
    ground = origin.family_ground or world.dice.weighted(country.FAMILY_GROUNDS)
    older = member.birth_date < years_after(head.birth_date, -16)
    if older and world.dice.chance(country.OTHER_RELATIVE):
        ground = "115"
    permit = permit_grant(world, member, ground, start)
    permit.granted_on = start - timedelta(days=world.dice.number(0, 25))
    permit.principal = head.uma_number
    permit.tie_before = tie
    permits_renew(world, member)


def permit_of_one_born_here(world: World, parent: Person, child: Person, start: date) -> None:
    """Give a child born in Finland its first permit: the parent's ground or a family tie."""
    grounds = [p.ground for p in parent.permits if p.ground not in ("54", "73", "54_5")]
    ground = grounds[-1] if grounds else "114"
    if ground not in ("110", "46", "50", "45"):
        own = ground in ("87", "88") and world.dice.chance(country.BORN_HERE_OWN_PROTECTION)
        ground = ground if own else "114"
    permit = permit_grant(world, child, ground, start, applied="true" if ground != "114" else "")
    if ground == "114":
        permit.principal, permit.tie_before = parent.uma_number, "false"
    if world.dice.chance(0.2):
        permit.valid_from = child.birth_date


def permits_renew(world: World, person: Person) -> None:
    """Renew the last permit again and again until it reaches the day of the delivery."""
    while permit_has_run_out(person, world.as_of):
        if world.dice.chance(country.NOT_RENEWED) or not permit_renew(world, person):
            break


def permit_has_run_out(person: Person, day: date) -> bool:
    """Tell whether the person's last permit ended before the day."""
    end = person.permits[-1].valid_to if person.permits else None
    return end is not None and end < day


def permit_renew(world: World, person: Person, *, from_day: date | None = None) -> bool:
    """Renew the last permit: 110 § again or prolonged, others under 54 § or 54.5 §.

    Tell whether the renewal is known by the day of the delivery.
    """
    last = person.permits[-1]
    if last.valid_to is None:
        return False
    if last.ground == "110" and from_day is None and not world.dice.chance(country.NEW_PERMIT_110):
        last.valid_to = years_after(last.valid_to, 1)
        return True
    start = from_day or last.valid_to + ONE_DAY
    if from_day is None and world.dice.chance(country.RENEWED_LATE):
        start += timedelta(days=world.dice.number(*country.LATE_RENEWAL))
    if start > world.as_of:
        return False
    ground = country.RENEWED_AS.get(last.ground, "54")
    permit_grant(world, person, ground, start, applied=last.applied)
    return True


def permits_end(person: Person, day: date) -> None:
    """Drop permits granted after the day: a leaver, a new citizen, someone dead gets none."""
    person.permits = [p for p in person.permits if p.granted_on <= day] or person.permits[:1]


def _turning_point(world: World, origin: Origin, head: Person) -> None:
    """Let a few change course: asylum after work or study, work instead of 110 §."""
    first = head.permits[0]
    earliest = first.valid_from + timedelta(days=200)
    if earliest >= world.as_of or not is_adult(head, first.valid_from):
        return
    day = world.dice.day(earliest, min(world.as_of, earliest + timedelta(days=900)))
    if origin is country.WORK_AND_STUDY:
        if world.dice.chance(country.ASYLUM_AFTER_WORK_OR_STUDY):
            permit_grant(world, head, "87", day, applied="true")
    elif first.ground == "110" and world.dice.chance(country.WORK_INSTEAD_OF_110):
        first.valid_to = day - ONE_DAY
        permit_grant(world, head, "73", day)


def _usual_end(world: World, ground: str, start: date) -> date | None:
    if world.dice.chance(country.UNTIL_FURTHER_NOTICE.get(ground, 0.0)):
        return None
    return years_after(start, country.PERMIT_YEARS[ground]) - ONE_DAY


def _applied(world: World, origin: Origin, ground: str) -> str:
    """Tell whether international protection had been applied for (C-12), sometimes unknown."""
    if not origin.asks_protection:
        return "false"
    if world.dice.chance(country.PROTECTION_APPLIED.get(ground, 1.0)):
        return "true"
    return "" if world.dice.chance(country.APPLIED_UNKNOWN) else "false"
