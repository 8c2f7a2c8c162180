"""Hypothesis strategies for random registers and random histories.

Every row made here is acceptable to the import: codes are artificial and unique, residences of one
identity do not overlap, intervals are not reversed, permit numbers are unique. Facts are otherwise
as strange as possible, on the days where the rules turn. Simplest choices come first, so that
examples shrink to an ordinary refugee in Lahti.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .law import add_years, next_month
from .register import Delivery, Row

Rows: TypeAlias = list[Row]
Option = TypeVar("Option")

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
MUNICIPALITIES = ["398", "091", "005", "478", "588", "507", "016"]
GROUNDS = [
    "87", "90", "114", "54", "88", "110", "52", "51", "115", "87", "90", "114", "54", "90",
    "47_3", "114", "52a1", "46", "89", "52a2", "54_5", "47_3", "52_4", "93", "73", "88a",
    "45", "50",
]  # fmt: skip
GROUNDS_OF_FIRST = ["87", "90", "110", "52", "90", "51", "89", "88a"]
FAMILY_GROUNDS = {"114", "115", "47_3", "52_4"}
UNKNOWN = "X999"

DAYS = [
    date(2024, 6, 10), date(2025, 1, 1), date(2024, 12, 31), date(2025, 3, 15), date(2025, 2, 1),
    date(2023, 3, 1), date(2023, 1, 16), date(2022, 10, 10), date(2022, 12, 31), date(2023, 1, 1),
    date(2021, 12, 31), date(2022, 1, 1), date(2020, 2, 29), date(2021, 2, 10), date(2023, 2, 28),
    date(2023, 7, 31), date(2023, 8, 1), date(2024, 1, 1), date(2024, 2, 28), date(2024, 2, 29),
    date(2024, 3, 1), date(2024, 11, 30), date(2024, 12, 1), date(2024, 12, 30), date(2025, 1, 2),
    date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 30), date(2025, 7, 1),
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 1), date(2027, 1, 1), date(2028, 2, 29),
]  # fmt: skip
ARRIVALS = [
    date(2024, 6, 10), date(2022, 10, 10), date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 15),
    date(2022, 2, 1), date(2021, 12, 31), date(2022, 1, 1), date(2024, 2, 29), date(2022, 3, 2),
    date(2023, 1, 16), date(2023, 3, 1), date(2020, 2, 29), date(2021, 2, 10), date(2024, 3, 1),
]  # fmt: skip
BIRTHS = [
    date(1990, 1, 10), date(2018, 1, 1), date(2007, 1, 1), date(2017, 12, 31), date(2018, 1, 2),
    date(2006, 12, 31), date(2007, 1, 2), date(2008, 2, 29), date(2004, 2, 29), date(2016, 2, 29),
    date(2020, 2, 29), date(2018, 3, 1), date(2007, 3, 1), date(2005, 1, 1), date(2006, 6, 10),
    date(2016, 1, 1), date(2007, 2, 28), date(2019, 5, 2), date(1950, 1, 1), date(2020, 1, 31),
]  # fmt: skip
EARLIEST = date(2020, 2, 29)
"""No birth in BIRTHS is later than this and no day in DAYS earlier, so age is never negative."""

MONTHS = [
    date(2025, 1, 1), date(2024, 12, 1), date(2025, 4, 1), date(2025, 3, 1), date(2023, 1, 1),
    date(2022, 12, 1), date(2022, 11, 1), date(2023, 2, 1), date(2023, 3, 1), date(2023, 9, 1),
    date(2024, 3, 1), date(2024, 7, 1), date(2025, 2, 1), date(2025, 7, 1), date(2026, 1, 1),
    date(2026, 3, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 6, 1), date(2027, 12, 1),
    date(2028, 1, 1), date(2028, 2, 1), date(2028, 3, 1), date(2028, 4, 1),
]  # fmt: skip
STARTS = [
    date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2023, 7, 1), date(2023, 8, 1),
    date(2023, 8, 1), date(2023, 9, 1), date(2024, 2, 1), date(2022, 11, 1), date(2026, 12, 1),
    date(2027, 5, 1), date(2027, 12, 1),
]  # fmt: skip

Mutation: TypeAlias = Callable[[DrawFn, "World"], None]


@dataclass(frozen=True)
class Pools:
    """The days facts are drawn from, from ordinary to odd; arrivals are likely to be paid for."""

    days: list[date]
    arrivals: list[date]
    births: list[date]


@dataclass
class World:
    """Every row as it now is, by the person (or municipality) its file names it for.

    ``touched`` waits for the next delivery; the files of ``hidden`` persons, and the files in
    ``late``, wait until revealed.
    """

    pools: Pools
    umas: list[str]
    rows: dict[tuple[str, str], Rows] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    late: set[tuple[str, str]] = field(default_factory=set)
    start: dict[tuple[str, str], Rows] = field(default_factory=dict)
    touched: set[tuple[str, str]] = field(default_factory=set)
    codes_at_month_start: set[str] = field(default_factory=set)
    permits_made: int = 0

    def put(self, file: str, key: str, rows: Rows) -> None:
        """Set what a file says of one key, to be delivered next."""
        self.rows[file, key] = rows
        self.touched.add((file, key))
        self.late.discard((file, key))

    def get(self, file: str, key: str) -> Rows:
        """A copy of what a file now says of one key."""
        return [dict(row) for row in self.rows.get((file, key), [])]

    def person(self, uma: str) -> Row:
        """The row of uma_persons.csv of a person."""
        return self.get("uma_persons.csv", uma)[0]

    def codes(self) -> list[str]:
        """Every identity code that VTJ has said something of."""
        return sorted(key for file, key in self.rows if file == "vtj_residences.csv")

    def codes_held(self) -> set[str]:
        """The identity codes that UMA persons have now, the hidden ones too."""
        return {self.person(uma)["personal_identity_code"] for uma in self.umas}

    def deliver(self) -> Delivery:
        """Take what was touched as a delivery; hidden persons' UMA files wait."""
        delivery: Delivery = {}
        waiting = {key for key in self.touched if key[1] in self.hidden}
        for file, key in sorted(self.touched - waiting):
            delivery.setdefault(file, []).extend(self.get(file, key))
        self.touched = waiting
        return {file: rows for file, rows in delivery.items() if rows}


# Identity codes


def identity_code(born: date, number: int) -> str:
    """An artificial identity code; the individual number 900-999 marks it as such."""
    sign = "-" if born.year < 2000 else "A"
    digits = f"{born:%d%m%y}{number:03}"
    return f"{digits[:6]}{sign}{digits[6:]}{CHECK_CHARACTERS[int(digits) % 31]}"


# Days


def is_quota(clock_start: date, years: int) -> bool:
    """Whether that many years is the length of the quota groups for the clock start (C-18)."""
    return years == (3 if clock_start >= date(2025, 1, 1) else 4)


@lru_cache
def pools_around(start: date) -> Pools:
    """The usual days, led by those where something turns in a history beginning at ``start``."""
    firsts = [start]
    for _ in range(3):
        firsts.append(next_month(firsts[-1]))
    clocks = [(add_years(first, -years), years) for first in firsts for years in (3, 2, 4)]
    clock_ends = [day for day, years in clocks if years > 2 or day >= date(2025, 1, 1)]
    near = [first - timedelta(days=1) for first in firsts] + firsts
    birthdays = [add_years(first, -years) for first in firsts for years in (7, 18)]
    later = [born + timedelta(days=1) for born in birthdays]
    border = max(EARLIEST, add_years(start, -6))
    quota_only = [add_years(start, -years) + timedelta(days=150) for years in (4, 3)]
    halfway = [day for day, years in zip(quota_only, (4, 3), strict=True) if is_quota(day, years)]
    soon_before = next_month(add_years(start, -1)) + timedelta(days=9)
    return Pools(
        days=[d for d in [DAYS[0], *clock_ends, *near, *DAYS[1:]] if d >= border],
        arrivals=[soon_before] * 10 + [d for d in halfway * 3 + clock_ends + near if d >= border],
        births=[BIRTHS[0], *(d for d in birthdays + later + BIRTHS[1:] if d <= border)],
    )


USUAL = Pools(DAYS, ARRIVALS, BIRTHS)


@lru_cache
def below(limit: int) -> SearchStrategy[int]:
    """The integers 0 ... limit - 1; kept, since building a strategy costs more than a draw."""
    return st.integers(0, limit - 1)


def chance(draw: DrawFn, one_in: int) -> bool:
    """True about once in ``one_in``; shrinks to False."""
    return draw(below(one_in)) == one_in - 1


def pick(draw: DrawFn, options: Sequence[Option]) -> Option:
    """One of the options; shrinks to the first."""
    return options[draw(below(len(options)))]


def draw_arrival(draw: DrawFn, world: "World") -> date:
    """A day somebody arrived, mostly one of the usual arrivals."""
    return pick(draw, world.pools.days if chance(draw, 4) else world.pools.arrivals)


def pick_day(draw: DrawFn, days: list[date], since: date = date.min) -> date:
    """A day of the pool not before ``since``, which itself is the choice when none is left."""
    later = [day for day in days if day >= since] or [since]
    return pick(draw, later)


# Rows


def draw_person(draw: DrawFn, world: World, slot: int) -> str:
    """Put one person with permits and VTJ facts; give the identity code its VTJ facts are under."""
    uma = world.umas[slot]
    born = pick_day(draw, world.pools.births)
    code = identity_code(born, 900 + slot)
    held = "" if chance(draw, 8) else code
    world.put("uma_persons.csv", uma, [person_row(draw, world, uma, held, born)])
    arrival = draw_arrival(draw, world)
    world.put("uma_permits.csv", uma, draw_permits(draw, world, uma, arrival))
    put_vtj(draw, world, code, arrival)
    return code


def person_row(draw: DrawFn, world: World, uma: str, code: str, born: date) -> Row:
    """A row of uma_persons.csv; now and then a child born in Finland, or one with odd parents."""
    native = chance(draw, 20 if uma == world.umas[0] else 4)
    parents = draw_parents(draw, world) if native or chance(draw, 12) else ""
    return {
        "uma_number": uma,
        "personal_identity_code": code,
        "family_name": f"Satunnainen {uma}",
        "given_names": "Testi",
        "birth_date": born.isoformat(),
        "nationality": "SYR",
        "rgi_number": "",
        "unhcr_number": "",
        "born_in_finland": "true" if native else "false",
        "parent_uma_numbers": parents,
    }


def draw_parents(draw: DrawFn, world: World) -> str:
    """Up to two parents: others of the register, the person itself, or somebody unknown."""
    options = [*world.umas, *world.umas[:2], UNKNOWN]
    count = pick(draw, [1, 2, 2, 0])
    return " ".join(dict.fromkeys(pick(draw, options) for _ in range(count)))


def draw_permits(draw: DrawFn, world: World, uma: str, arrival: date) -> Rows:
    """One to three permits: mostly open ones from the arrival, some renewed, some odd."""
    permits = [draw_permit(draw, world, uma, arrival)]
    if chance(draw, 4):
        permits.append(draw_renewal(draw, world, permits[0]))
    for _ in range(pick(draw, [0, 0, 0, 1, 1, 2])):
        since = pick_day(draw, world.pools.days, arrival)
        permits.append(draw_permit(draw, world, uma, since))
    return permits


def draw_renewal(draw: DrawFn, world: World, renewed: Row) -> Row:
    """A permit, mostly under 54 §, that follows an ended one: at once, late, or from the same day.

    The renewed permit gets an end.
    """
    began = date.fromisoformat(renewed["valid_from"])
    drawn = pick_day(draw, world.pools.days, began)
    end = date.fromisoformat(renewed["valid_to"] or drawn.isoformat())
    renewed["valid_to"] = end.isoformat()
    since = pick(draw, [end + timedelta(days=1), began, pick_day(draw, world.pools.days, began)])
    renewal = draw_permit(draw, world, renewed["uma_number"], since)
    if not chance(draw, 4):
        renewal |= {"ground": "54", "valid_from": since.isoformat(), "valid_to": ""}
    return renewal


def draw_permit(draw: DrawFn, world: World, uma: str, since: date) -> Row:
    """A permit of any ground, beginning mostly on ``since``, mostly until further notice."""
    valid_from = pick_day(draw, world.pools.days) if chance(draw, 6) else since
    valid_to = pick_day(draw, world.pools.days, valid_from) if chance(draw, 4) else None
    is_first = uma == world.umas[0] and not chance(draw, 3)
    ground = pick(draw, GROUNDS_OF_FIRST if is_first else GROUNDS)
    has_tie = ground in FAMILY_GROUNDS or chance(draw, 10)
    principals = [*world.umas[:1] * 3, *world.umas, UNKNOWN, ""]
    world.permits_made += 1
    return {
        "permit_number": f"{uma}P{world.permits_made:03}",
        "uma_number": uma,
        "ground": ground,
        "applied_for_protection": pick(draw, ["true", "true", "false", ""]),
        "granted_on": valid_from.isoformat(),
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat() if valid_to else "",
        "quota_year": str(valid_from.year) if ground == "90" else "",
        "principal_uma_number": pick(draw, principals) if has_tie else "",
        "tie_before_arrival": pick(draw, ["true", "true", "true", "false", ""]) if has_tie else "",
    }


def put_vtj(draw: DrawFn, world: World, code: str, arrival: date) -> None:
    """Put the VTJ facts of an identity code; some have no person row, some no residence."""
    if not chance(draw, 8):
        world.put("vtj_persons.csv", code, [draw_vtj_person(draw, world, code)])
    if not chance(draw, 10):
        world.put("vtj_residences.csv", code, draw_residences(draw, world, code, arrival))


def draw_vtj_person(draw: DrawFn, world: World, code: str) -> Row:
    """A VTJ person, seldom dead, seldom a Finnish citizen."""
    died = pick_day(draw, world.pools.days).isoformat() if chance(draw, 12) else ""
    citizen = pick_day(draw, world.pools.days).isoformat() if chance(draw, 12) else ""
    return {
        "personal_identity_code": code,
        "death_date": died,
        "finnish_citizen_from": citizen,
        "non_disclosure": "false",
    }


def draw_residences(draw: DrawFn, world: World, code: str, arrival: date) -> Rows:
    """One to three entries in order, with or without gaps, never overlapping."""
    moved_in = pick_day(draw, world.pools.days) if chance(draw, 5) else arrival
    residences = []
    for left in range(pick(draw, [0, 0, 0, 0, 1, 1, 2]), -1, -1):
        moves = left > 0 or chance(draw, 8)
        moved_out = pick_day(draw, world.pools.days, moved_in) if moves else None
        residences.append(residence_row(draw, code, moved_in, moved_out))
        if moved_out:
            next_day = moved_out + timedelta(days=1)
            moved_in = pick_day(draw, world.pools.days, next_day) if chance(draw, 2) else next_day
    return residences


def residence_row(draw: DrawFn, code: str, moved_in: date, moved_out: date | None) -> Row:
    """A row of vtj_residences.csv."""
    return {
        "personal_identity_code": code,
        "municipality_code": pick(draw, MUNICIPALITIES),
        "moved_in": moved_in.isoformat(),
        "moved_out": moved_out.isoformat() if moved_out else "",
        "registered_on": moved_in.isoformat(),
    }


def draw_agreements(draw: DrawFn, world: World, code: str) -> Rows:
    """One or two agreements of a municipality, with or without an end or a gap."""
    agreements: Rows = []
    since = pick_day(draw, world.pools.days) if chance(draw, 4) else date(2011, 9, 1)
    for number in range(pick(draw, [1, 1, 2])):
        until = None if chance(draw, 3) else pick_day(draw, world.pools.days, since)
        agreements.append(
            {
                "municipality_code": code,
                "valid_from": since.isoformat(),
                "valid_to": until.isoformat() if until else "",
                "reference": f"SOP-{code}-{number + 1}",
            }
        )
        if until is None:
            break
        since = pick_day(draw, world.pools.days, until + timedelta(days=1))
    return agreements


def draw_world(draw: DrawFn, pools: Pools, max_persons: int) -> World:
    """A whole register: persons, their facts, facts of nobody, agreements of a few towns."""
    count = 1 + draw(below(max_persons))
    world = World(pools, umas=[f"N{slot}" for slot in range(count)])
    for slot in range(count):
        draw_person(draw, world, slot)
    if chance(draw, 4):
        nobody = identity_code(pick_day(draw, pools.births), 990)
        put_vtj(draw, world, nobody, pick_day(draw, pools.days))
    for code in ("005", "507", "588", "478", "091"):
        if chance(draw, 2 if code == "005" else 6):
            world.put("agreements.csv", code, draw_agreements(draw, world, code))
    return world


# Changes from month to month


def change_residence_end(draw: DrawFn, world: World) -> None:
    """The last entry of somebody ends, or goes on after all."""
    code = pick(draw, world.codes()) if world.codes() else ""
    rows = world.get("vtj_residences.csv", code)
    if rows:
        moved_in = date.fromisoformat(rows[-1]["moved_in"])
        ends = rows[-1]["moved_out"] == "" or chance(draw, 2)
        day = pick_day(draw, world.pools.days, moved_in).isoformat() if ends else ""
        rows[-1]["moved_out"] = day
        world.put("vtj_residences.csv", code, rows)


def change_municipality(draw: DrawFn, world: World) -> None:
    """An entry was of another municipality all along."""
    code = pick(draw, world.codes()) if world.codes() else ""
    rows = world.get("vtj_residences.csv", code)
    if rows:
        row = pick(draw, rows)
        row["municipality_code"] = pick(draw, MUNICIPALITIES)
        world.put("vtj_residences.csv", code, rows)


def change_residences(draw: DrawFn, world: World) -> None:
    """Somebody's whole history of residence is another one, or comes late."""
    codes = sorted({*world.codes(), *world.codes_held()} - {""})
    if codes:
        code = pick(draw, codes)
        arrival = draw_arrival(draw, world)
        world.put("vtj_residences.csv", code, draw_residences(draw, world, code, arrival))


def restore_something(draw: DrawFn, world: World) -> None:
    """What a file says of somebody is again as it was at the start (permits, residences, facts)."""
    mutable = {"uma_permits.csv", "vtj_persons.csv", "vtj_residences.csv", "agreements.csv"}
    changed = sorted(k for k, v in world.start.items() if k[0] in mutable and world.rows[k] != v)
    if changed:
        file, key = pick(draw, changed)
        world.put(file, key, [dict(row) for row in world.start[file, key]])


def end_permit(draw: DrawFn, world: World) -> None:
    """A permit ends on another day, or is withdrawn, or goes on after all."""
    uma = pick(draw, world.umas)
    rows = world.get("uma_permits.csv", uma)
    row = pick(draw, rows)
    since = date.fromisoformat(row["valid_from"])
    ends = row["valid_to"] == "" or chance(draw, 2)
    row["valid_to"] = pick_day(draw, world.pools.days, since).isoformat() if ends else ""
    world.put("uma_permits.csv", uma, rows)


def drop_permit(draw: DrawFn, world: World) -> None:
    """One of several permits was never granted."""
    uma = pick(draw, world.umas)
    rows = world.get("uma_permits.csv", uma)
    if len(rows) > 1:
        rows.remove(pick(draw, rows))
        world.put("uma_permits.csv", uma, rows)


def add_permit(draw: DrawFn, world: World) -> None:
    """A permit more, old or new."""
    uma = pick(draw, world.umas)
    permit = draw_permit(draw, world, uma, pick_day(draw, world.pools.days))
    world.put("uma_permits.csv", uma, [*world.get("uma_permits.csv", uma), permit])


def change_permits(draw: DrawFn, world: World) -> None:
    """All permits of a person are other ones."""
    uma = pick(draw, world.umas)
    arrival = draw_arrival(draw, world)
    world.put("uma_permits.csv", uma, draw_permits(draw, world, uma, arrival))


def change_ground(draw: DrawFn, world: World) -> None:
    """A permit is of another ground, with or without a tie, under the same number."""
    uma = pick(draw, world.umas)
    rows = world.get("uma_permits.csv", uma)
    at = draw(below(len(rows)))
    fresh = draw_permit(draw, world, uma, date.fromisoformat(rows[at]["valid_from"]))
    rows[at] = {**fresh, "permit_number": rows[at]["permit_number"]}
    world.put("uma_permits.csv", uma, rows)


def change_birth_date(draw: DrawFn, world: World) -> None:
    """A birth date is corrected; the identity code stays (a notice, not a refusal)."""
    uma = pick(draw, world.umas)
    row = world.person(uma)
    row["birth_date"] = pick_day(draw, world.pools.births).isoformat()
    world.put("uma_persons.csv", uma, [row])


def change_parents(draw: DrawFn, world: World) -> None:
    """Somebody was born in Finland after all, or not, or to other parents."""
    uma = pick(draw, world.umas)
    row = world.person(uma)
    row["born_in_finland"] = pick(draw, ["true", "false"])
    row["parent_uma_numbers"] = draw_parents(draw, world)
    world.put("uma_persons.csv", uma, [row])


def change_vtj_person(draw: DrawFn, world: World) -> None:
    """A death or a citizenship is learned of, or was a mistake."""
    codes = sorted({*world.codes(), *world.codes_held()} - {""})
    if codes:
        code = pick(draw, codes)
        row = draw_vtj_person(draw, world, code)
        what = pick(draw, ["death_date", "finnish_citizen_from"])
        row[what] = pick_day(draw, world.pools.days).isoformat() if not chance(draw, 3) else ""
        world.put("vtj_persons.csv", code, [row])


def change_identity_code(draw: DrawFn, world: World) -> None:
    """A code appears, disappears, or turns out to be another free one, with its kept-aside facts.

    A code is free when nobody held it at the start of the month either, so that the order of rows
    in a delivery cannot matter.
    """
    uma = pick(draw, world.umas)
    row = world.person(uma)
    number = 900 + world.umas.index(uma)
    own = [identity_code(date.fromisoformat(row["birth_date"]), n) for n in (number, number + 50)]
    taken = world.codes_held() | world.codes_at_month_start
    free = [code for code in [*world.codes(), *own] if code not in taken]
    row["personal_identity_code"] = pick(draw, [*dict.fromkeys(free), ""])
    world.put("uma_persons.csv", uma, [row])


def change_agreements(draw: DrawFn, world: World) -> None:
    """The agreements of a municipality are other ones."""
    code = pick(draw, ["005", "398", "507", "588", "091"])
    world.put("agreements.csv", code, draw_agreements(draw, world, code))


def reveal_person(draw: DrawFn, world: World) -> None:
    """UMA delivers somebody it had kept quiet about; VTJ may have known all along."""
    if world.hidden:
        world.hidden.discard(pick(draw, sorted(world.hidden)))


def reveal_late(draw: DrawFn, world: World) -> None:
    """VTJ delivers facts it should have delivered at the start."""
    if world.late:
        key = pick(draw, sorted(world.late))
        world.late.discard(key)
        world.touched.add(key)


def deliver_again(draw: DrawFn, world: World) -> None:
    """What a file says of somebody is delivered again unchanged."""
    world.touched.add(pick(draw, sorted(world.rows.keys() - world.late)))


MUTATIONS: list[Mutation] = [
    change_residence_end,
    restore_something,
    change_municipality,
    end_permit,
    restore_something,
    change_identity_code,
    change_birth_date,
    reveal_person,
    change_agreements,
    change_vtj_person,
    change_residences,
    add_permit,
    drop_permit,
    change_ground,
    change_permits,
    change_parents,
    change_identity_code,
    reveal_person,
    reveal_late,
    reveal_late,
    deliver_again,
]


def mutate(draw: DrawFn, world: World) -> None:
    """Make one change of some kind, possibly without effect."""
    pick(draw, MUTATIONS)(draw, world)


def hide_some(draw: DrawFn, world: World) -> None:
    """Some persons are unknown to UMA at the start, or VTJ's facts on them come late."""
    for uma in world.umas[1:]:
        if chance(draw, 5):
            world.hidden.add(uma)
    for file, key in sorted(world.rows):
        if file.startswith("vtj_") and chance(draw, 12):
            world.touched.discard((file, key))
            world.late.add((file, key))


def deliveries_of_month(draw: DrawFn, world: World, most: int) -> list[Delivery]:
    """The deliveries of one month after the first: none, one or two, of a few changes each."""
    world.codes_at_month_start = world.codes_held()
    deliveries = []
    for _ in range(pick(draw, [1, 1, 1, 0, 2])):
        for _ in range(1 + draw(below(most))):
            mutate(draw, world)
        delivery = world.deliver()
        if delivery:
            deliveries.append(delivery)
    return deliveries


def mark_repeats(history: list[tuple[list[Delivery], date]]) -> None:
    """Give a delivery equal to an earlier one a fact of nobody, so that it is a new delivery.

    The same content again changes nothing (formats.md), but here it may restore an older state.
    """
    seen: list[Delivery] = []
    for deliveries, _ in history:
        for delivery in deliveries:
            while delivery in seen:
                add_fact_of_nobody(delivery, len(seen))
            seen.append(delivery)


def add_fact_of_nobody(delivery: Delivery, number: int) -> None:
    """Add a VTJ person that no UMA person ever is, told apart by the day of death."""
    day = date(2000, 1, 1) + timedelta(days=number)
    code = identity_code(date(1940, 1, 1), 999)
    row = {
        "personal_identity_code": code,
        "death_date": day.isoformat(),
        "finnish_citizen_from": "",
        "non_disclosure": "false",
    }
    others = [r for r in delivery.get("vtj_persons.csv", []) if r["personal_identity_code"] != code]
    delivery["vtj_persons.csv"] = [*others, row]


def draw_history(
    draw: DrawFn, start: date, length: int, max_persons: int, most_changes: int
) -> list[tuple[list[Delivery], date]]:
    """A start register and the changes of the months after it."""
    world = draw_world(draw, pools_around(start), max_persons)
    hide_some(draw, world)
    world.start = dict(world.rows)
    history = [([world.deliver()], start)]
    for _ in range(length - 1):
        deliveries = deliveries_of_month(draw, world, most_changes)
        history.append((deliveries, next_month(history[-1][1])))
    mark_repeats(history)
    return history


# The strategies


@st.composite
def registers(draw: DrawFn, max_persons: int = 8) -> Delivery:
    """A delivery with agreements.csv, of 1 ... ``max_persons`` persons rich in edge cases."""
    return draw_world(draw, USUAL, max_persons).deliver()


@st.composite
def cases(draw: DrawFn, max_persons: int = 8) -> tuple[Delivery, date]:
    """A register and a benefit month, with the days of the facts gathered around that month."""
    month = draw(months())
    return draw_world(draw, pools_around(month), max_persons).deliver(), month


def months() -> SearchStrategy[date]:
    """A benefit month where something turns, 11/2022 ... 4/2028, as its first day."""
    return st.sampled_from(MONTHS)


@st.composite
def histories(draw: DrawFn, max_persons: int = 5) -> list[tuple[list[Delivery], date]]:
    """Three to six consecutive months, each with the deliveries to import before its run."""
    start = draw(st.sampled_from(STARTS))
    return draw_history(draw, start, draw(st.integers(3, 6)), max_persons, most_changes=4)


@st.composite
def long_histories(draw: DrawFn, max_persons: int = 2) -> list[tuple[list[Delivery], date]]:
    """Some 27 months, so that claimable entries lapse (C-31); few changes in most of them."""
    start = draw(st.sampled_from([date(2023, 11, 1), date(2022, 11, 1), date(2024, 11, 1)]))
    return draw_history(draw, start, 27, max_persons, most_changes=1)
