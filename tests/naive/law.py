"""The law of the calculated compensation, read rule by rule from compensation.md (C-02 ... C-28).

Slow and plain on purpose: each rule is one small function, and nothing is remembered between calls.
``day`` is always d, the first day of the benefit month.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .register import (
    Municipality,
    Permit,
    Person,
    Rate,
    Reference,
    Register,
    Residence,
    covers,
)

COUNTIES_FROM = date(2023, 1, 1)
ALAND_HEALTH_FROM = date(2025, 1, 1)
SCOPE_REASONS = (
    "ground_out_of_scope",
    "ground_not_in_force",
    "protection_not_applied_for",
    "tie_not_before_arrival",
    "principal_out_of_scope",
)
WITHOUT_AGREEMENT = "municipality_without_agreement"


class Line(NamedTuple):
    """An amount in cents for one payee and one component."""

    payee_kind: str
    payee_code: str
    component: str
    cents: int


@dataclass(frozen=True)
class Assessment:
    """How one person-month ends (C-28), with the facts it rests on."""

    reason: str | None = None
    lines: tuple[Line, ...] = ()
    municipality_without_agreement: bool = False
    permit_number: str | None = None
    group: str | None = None
    clock_start: date | None = None
    time_ends: date | None = None
    is_by_hand: bool = False

    @property
    def unpaid_reason(self) -> str | None:
        """What the unpaid list says of this person-month, if anything."""
        return WITHOUT_AGREEMENT if self.municipality_without_agreement else self.reason


@dataclass(frozen=True)
class Case:
    """All that is known when one month is assessed."""

    register: Register
    reference: Reference
    day: date


def assessed_persons(register: Register) -> list[str]:
    """C-02: only persons with at least one permit are assessed, each under one number."""
    own = register.persons.keys() - register.joined.keys()
    return sorted(uma for uma in own if register.permits_of(uma))


def assess_month(
    register: Register, reference: Reference, month: date, route: str = "automatic"
) -> dict[str, Assessment]:
    """Assess everybody for a benefit month, by UMA number."""
    return {
        uma: assess(register, reference, uma, month, route) for uma in assessed_persons(register)
    }


def assess(
    register: Register, reference: Reference, uma_number: str, month: date, route: str = "automatic"
) -> Assessment:
    """Assess one person for one benefit month: the first reason that holds ends it (C-03 ... C-09).

    ``month`` is the first of the month; ``route`` chooses the rates (C-32). Amounts are in cents.
    Raises ValueError for a person without permits, who is not assessed at all (C-02).
    """
    if not register.permits_of(uma_number):
        raise ValueError(f"{uma_number} has no permit and is not assessed (C-02)")
    case = Case(register, reference, month.replace(day=1))
    person = register.persons[uma_number]
    reason = (
        reason_of_person(case, person)
        or reason_of_scope(case, person)
        or reason_of_time(case, person)
    )
    if reason:
        return Assessment(reason=reason)
    return paid(case, person, route)


# Reasons, in their order


def reason_of_person(case: Case, person: Person) -> str | None:
    """C-03 ... C-07, in this order."""
    if is_deceased(case, person):
        return "deceased"
    if is_finnish_citizen(case, person):
        return "finnish_citizen"
    if not case.register.codes_of(person) and residence_on_day(case, person) is None:  # C-05, C-39
        return "no_identity_code"
    if residence_on_day(case, person) is None:
        return "no_home_municipality"
    if not permits_on_day(case, person):
        return "no_valid_permit"
    return None


def is_deceased(case: Case, person: Person) -> bool:
    """C-03: dead before d; a death on d itself leaves the month paid."""
    facts = case.register.vtj_person_of(person)
    return facts is not None and facts.death_date is not None and facts.death_date < case.day


def is_finnish_citizen(case: Case, person: Person) -> bool:
    """C-04: a citizen from d or earlier."""
    facts = case.register.vtj_person_of(person)
    since = facts.finnish_citizen_from if facts else None
    return since is not None and since <= case.day


def residence_on_day(case: Case, person: Person) -> Residence | None:
    """C-06: the home-municipality entry that covers d; without one, a decided allocation (C-39)."""
    for residence in (
        *case.register.residences_of(person),
        *case.register.allocations_of(person),
    ):
        if covers(residence.moved_in, residence.moved_out, case.day):
            return residence
    return None


def permits_on_day(case: Case, person: Person) -> list[Permit]:
    """C-07: the permits that cover d."""
    permits = case.register.permits_of(person.uma_number)
    return [permit for permit in permits if covers(permit.valid_from, permit.valid_to, case.day)]


def reason_of_scope(case: Case, person: Person) -> str | None:
    """C-08: no permit covering d is in scope; of several failures the last in the order counts."""
    if in_scope_as_child(case, person):
        return None
    faults = [fault_of_permit(case, permit) for permit in permits_on_day(case, person)]
    if None in faults:
        return None
    return max((fault for fault in faults if fault), key=SCOPE_REASONS.index)


def reason_of_time(case: Case, person: Person) -> str | None:
    """C-09: d is not before the end of the compensation time."""
    end = time_ends(case, person)
    return None if end is not None and case.day < end else "time_used_up"


# Scope of a permit on d: each function gives what is wrong with the permit, or None: in scope


def fault_of_permit(case: Case, permit: Permit) -> str | None:
    """C-10 ... C-14 together."""
    if scope_of(case, permit) == "follows_earlier":
        return fault_of_renewed(case, permit)
    return fault_of_first_permit(case, permit)


def fault_of_first_permit(case: Case, permit: Permit) -> str | None:
    """C-10 ... C-12 or C-14: a permit that renews no earlier one."""
    if scope_of(case, permit) == "family":
        return fault_of_family(case, permit)
    return fault_of_own_ground(case, permit)


def fault_of_own_ground(case: Case, permit: Permit) -> str | None:
    """C-10 ... C-12: scope by the permit's own ground; no other permit is looked at."""
    scope = scope_of(case, permit)
    if not ground_in_force(case, permit):
        return "ground_not_in_force"
    if scope == "always":
        return None
    if scope == "after_protection_claim":
        return None if permit.applied_for_protection else "protection_not_applied_for"
    return "ground_out_of_scope"


def ground_in_force(case: Case, permit: Permit) -> bool:
    """C-10: d lies in in_scope_from ... in_scope_to of the ground."""
    ground = case.reference.grounds[permit.ground]
    return covers(ground.in_scope_from, ground.in_scope_to, case.day)


def fault_of_renewed(case: Case, permit: Permit) -> str | None:
    """C-13: a 54 § permit follows any earlier permit of the same person that is in scope on d."""
    if not ground_in_force(case, permit):
        return "ground_not_in_force"
    for earlier in case.register.permits_of(permit.uma_number):
        if earlier.valid_from >= permit.valid_from:
            continue
        if scope_of(case, earlier) == "follows_earlier":
            continue
        if fault_of_first_permit(case, earlier) is None:
            return None
    return "ground_out_of_scope"


def fault_of_family(case: Case, permit: Permit) -> str | None:
    """C-14: first the ground (C-10), then the tie, then the principal."""
    if not ground_in_force(case, permit):
        return "ground_not_in_force"
    if not permit.tie_before_arrival:
        return "tie_not_before_arrival"
    if not principal_in_scope(case, permit.principal):
        return "principal_out_of_scope"
    return None


def principal_in_scope(case: Case, principal: str | None) -> bool:
    """C-14: the principal has held, begun on d or before, a permit in scope under C-10 ... C-12.

    The permit need not be valid on d any more. An unknown principal is not in scope.
    """
    for permit in case.register.permits_of(principal or ""):
        if permit.valid_from <= case.day and fault_of_own_ground(case, permit) is None:
            return True
    return False


def scope_of(case: Case, permit: Permit) -> str:
    """The scope column of the permit's ground."""
    return case.reference.grounds[permit.ground].scope


def cited_permit(case: Case, person: Person) -> str:
    """C-15: of the permits in scope the one that began first, then the smallest number.

    A child in scope through a parent (C-20) may have none in scope; then any permit covering d.
    """
    covering = permits_on_day(case, person)
    in_scope = [permit for permit in covering if fault_of_permit(case, permit) is None]
    first = min(in_scope or covering, key=lambda p: (p.valid_from, p.permit_number))
    return first.permit_number


# Compensation time


def clock_start(case: Case, person: Person) -> date | None:
    """C-16: the first ever home-municipality entry, or allocation (C-39), whatever permit was held."""
    homes = (*case.register.residences_of(person), *case.register.allocations_of(person))
    return min((home.moved_in for home in homes), default=None)


def has_had_quota_permit(case: Case, uma_number: str | None) -> bool:
    """Whether the person has ever had a 90 § permit (C-17)."""
    return any(permit.ground == "90" for permit in case.register.permits_of(uma_number or ""))


def group_of(case: Case, person: Person) -> str:
    """C-17: quota, quota family or ordinary; "ever" is not tied to d."""
    if has_had_quota_permit(case, person.uma_number):
        return "quota"
    for permit in case.register.permits_of(person.uma_number):
        is_family = scope_of(case, permit) == "family" and permit.tie_before_arrival
        if is_family and has_had_quota_permit(case, permit.principal):
            return "quota_family"
    return "ordinary"


def years_of_time(case: Case, group: str, start: date) -> int | None:
    """C-18: years by group and by the day the clock started; None when no table row covers it."""
    for duration in case.reference.durations:
        if duration.group == group and covers(duration.clock_from, duration.clock_to, start):
            return duration.years
    return None


def own_time_ends(case: Case, person: Person) -> date | None:
    """C-19: start + years, the first day no longer payable; None without a clock or a length."""
    start = clock_start(case, person)
    years = start and years_of_time(case, group_of(case, person), start)
    return add_years(start, years) if start and years else None


def time_ends(case: Case, person: Person) -> date | None:
    """C-19, or for a child in scope through its parents the latest of the parents' ends (C-20)."""
    if not in_scope_as_child(case, person):
        return own_time_ends(case, person)
    ends = [own_time_ends(case, parent) for parent in parents_in_scope(case, person)]
    return max((end for end in ends if end), default=None)


def in_scope_as_child(case: Case, person: Person) -> bool:
    """C-20: born in Finland, any permit covering d, and a parent in scope."""
    return bool(permits_on_day(case, person) and parents_in_scope(case, person))


def parents_in_scope(case: Case, person: Person) -> list[Person]:
    """C-20: the parents, not themselves born in Finland, with a permit begun and in scope on d."""
    if not person.born_in_finland:
        return []
    named = [case.register.numbers_of(uma)[0] for uma in person.parents]
    known = [case.register.persons[uma] for uma in named if uma in case.register.persons]
    return [p for p in known if not p.born_in_finland and has_begun_permit_in_scope(case, p)]


def has_begun_permit_in_scope(case: Case, person: Person) -> bool:
    """C-20: a permit that began on d or before and is in scope on d under C-10 ... C-14."""
    for permit in case.register.permits_of(person.uma_number):
        if permit.valid_from <= case.day and fault_of_permit(case, permit) is None:
            return True
    return False


# Payees and rates


def paid(case: Case, person: Person, route: str) -> Assessment:
    """C-22, C-27, C-28: the lines of every payee, apart from a municipality without agreement."""
    residence = residence_on_day(case, person)
    assert residence is not None
    town = municipality_on_day(case.reference, residence.municipality_code, case.day)
    without_agreement = not has_agreement(case, town)
    lines: list[Line] = []
    for kind, code in payees(case, town):
        if kind == "municipality" and without_agreement:
            continue
        lines += lines_of_payee(case, person, town, route, kind, code)
    return Assessment(
        lines=tuple(sorted(lines)),
        municipality_without_agreement=without_agreement,
        permit_number=cited_permit(case, person),
        group=group_of(case, person),
        clock_start=clock_start(case, person),
        time_ends=time_ends(case, person),
        is_by_hand=residence in case.register.allocations_of(person),
    )


def municipality_on_day(reference: Reference, code: str, day: date) -> Municipality:
    """C-21: the municipality, or the one it has merged into by the day, and so on."""
    town = reference.municipalities[code]
    while town.valid_to is not None and town.valid_to < day and town.merged_into:
        town = reference.municipalities[town.merged_into]
    return town


def payees(case: Case, town: Municipality) -> list[tuple[str, str]]:
    """C-22: the municipality; from 2023 its county; in Åland the health authority from 2025."""
    found = [("municipality", town.code)]
    if town.in_aland and case.day >= ALAND_HEALTH_FROM:
        found.append(("aland_health", "AHS"))
    if not town.in_aland and town.county and case.day >= COUNTIES_FROM:
        found.append(("county", town.county))
    return found


def has_agreement(case: Case, town: Municipality) -> bool:
    """C-27: an agreement in force on d; a municipality with no record at all has one."""
    records = case.register.agreements.get(town.code, ())
    return not records or any(covers(a.valid_from, a.valid_to, case.day) for a in records)


def lines_of_payee(
    case: Case, person: Person, town: Municipality, route: str, kind: str, code: str
) -> list[Line]:
    """C-23, C-25: a line for every rate that exists for this payee, person and day."""
    region = "aland" if town.in_aland else "mainland"
    return [
        Line(kind, code, rate.component, monthly_cents(rate.annual_eur))
        for rate in case.reference.rates
        if (rate.route, rate.payee_kind) == (route, kind)
        and rate.region in (region, "any")
        and rate_applies(case, person, rate)
    ]


def rate_applies(case: Case, person: Person, rate: Rate) -> bool:
    """C-23, C-25: in force on d, for the person's age, and in the right window when for adults."""
    if not covers(rate.valid_from, rate.valid_to, case.day):
        return False
    if not age_in_band(age_on(person.birth_date, case.day), rate):
        return False
    return rate.component != "adult" or in_adult_window(case, person)


def age_in_band(age: int, rate: Rate) -> bool:
    """Whether the age is in the rate's band, both ends included (C-23)."""
    return rate.min_age <= age and (rate.max_age is None or age <= rate.max_age)


def in_adult_window(case: Case, person: Person) -> bool:
    """C-25: the 12 consecutive months from the first first-of-month at adulthood with a clock."""
    start = clock_start(case, person)
    if start is None:
        return False
    first = first_of_month_from(max(start, add_years(person.birth_date, 18)))
    return first <= case.day < add_years(first, 1)


def monthly_cents(annual_eur: Decimal) -> int:
    """C-26: a twelfth of the yearly amount, half up to the cent."""
    return int((annual_eur * 100 / 12).quantize(Decimal(1), ROUND_HALF_UP))


# Days


def age_on(born: date, day: date) -> int:
    """C-24: completed years; a birthday on the day itself counts."""
    years = day.year - born.year
    return years if add_years(born, years) <= day else years - 1


def add_years(day: date, years: int) -> date:
    """The same day years later; 29 February becomes 1 March in common years (C-19, C-24)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def first_of_month_from(day: date) -> date:
    """The first first-of-month on the day or after it (C-25)."""
    return day if day.day == 1 else next_month(day)


def next_month(day: date) -> date:
    """The first of the following month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
