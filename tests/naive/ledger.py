"""The ledger in naive form (C-29 ... C-38): every run recomputes everybody for every month."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .law import assess_month, municipality_on_day, next_month
from .register import Reference, Register

CLAIMS_FROM_RUN = date(2023, 9, 1)
REDUCED_IF_APPLIED_FROM = date(2025, 1, 1)


class PayeeMonth(NamedTuple):
    """One person, one benefit month, one payee."""

    benefit_month: date
    uma_number: str
    payee_kind: str
    payee_code: str


class Key(NamedTuple):
    """What an amount is for: a person-month-payee and a component."""

    payee_month: PayeeMonth
    component: str


class LedgerLine(NamedTuple):
    """One line of a run; fields in the order of export_lines, the amount in cents."""

    run_month: date
    benefit_month: date
    uma_number: str
    payee_kind: str
    payee_code: str
    component: str
    kind: str
    route: str
    cents: int

    @property
    def payee_month(self) -> PayeeMonth:
        """The person-month-payee of the line."""
        return PayeeMonth(self.benefit_month, self.uma_number, self.payee_kind, self.payee_code)

    @property
    def key(self) -> Key:
        """What the line is for."""
        return Key(self.payee_month, self.component)


class Claimable(NamedTuple):
    """An amount a payee may apply for; fields in the order of export_claimable, cents."""

    benefit_month: date
    uma_number: str
    payee_kind: str
    payee_code: str
    component: str
    cents: int
    last_day_to_apply: date


class Proposal(NamedTuple):
    """What a payee gets in a run; fields in the order of export_proposals, cents."""

    run_month: date
    payee_kind: str
    payee_code: str
    persons: int
    cents: int
    payable_cents: int
    recovery_cents: int


@dataclass(frozen=True)
class Run:
    """The outcome of a run, each part sorted as its export is."""

    month: date
    lines: tuple[LedgerLine, ...]
    claimable: tuple[Claimable, ...]
    proposals: tuple[Proposal, ...]


@dataclass
class Ledger:
    """Lines booked so far, the draft of the open run, and the routes of claims granted or paid."""

    booked: list[LedgerLine] = field(default_factory=list)
    first_month: date | None = None
    last_month: date | None = None
    draft: Run | None = None
    routes: dict[PayeeMonth, str] = field(default_factory=dict)
    granted: set[PayeeMonth] = field(default_factory=set)
    reduced_by_hand: set[PayeeMonth] = field(default_factory=set)
    normal_by_hand: set[PayeeMonth] = field(default_factory=set)
    by_hand: set[PayeeMonth] = field(default_factory=set)  # as the draft found it (C-39)
    joined: dict[str, str] = field(default_factory=dict)  # as the draft found it

    def run(self, month: date, register: Register, reference: Reference) -> Run:
        """Compute the run of a month as a draft; a second run of it replaces the draft (C-37).

        Raises ValueError, naming the next month, when the month is not the one that follows.
        """
        if self.last_month and month != next_month(self.last_month):
            raise ValueError(f"the next month is {next_month(self.last_month):%Y-%m} (C-37)")
        self.joined = dict(register.joined)
        expected = self.expected(month, register, reference)
        lines, claimable = [], []
        for key, difference in self.differences(month, expected):
            match self.fate(month, key, difference):
                case "booked":
                    lines.append(self.line(month, key, difference, is_expected=key in expected))
                case "claimable":
                    claimable.append(claimable_from(key, difference))
        proposals = proposals_of(month, lines, reference)
        self.draft = Run(month, tuple(sorted(lines)), tuple(sorted(claimable)), proposals)
        return self.draft

    def book(self) -> None:
        """Approve the open run: its lines join the ledger for good (C-29)."""
        if self.draft is None:
            raise ValueError("there is no open run to book")
        self.booked += self.draft.lines
        self.first_month = self.first_month or self.draft.month
        self.last_month = self.draft.month
        self.draft = None
        for payee_month in self.granted:  # of which nothing was due: claimable anew
            if not self.was_booked(payee_month):
                self.routes.pop(payee_month, None)
                self.reduced_by_hand.discard(payee_month)
        self.granted.clear()

    def months_compared(self, month: date) -> list[date]:
        """C-29, C-38: from January of the fifth year before, but not before the ledger begins."""
        benefit_month = max(date(month.year - 5, 1, 1), self.first_month or month)
        months = []
        while benefit_month <= month:
            months.append(benefit_month)
            benefit_month = next_month(benefit_month)
        return months

    def expected(self, month: date, register: Register, reference: Reference) -> dict[Key, int]:
        """What should have been paid, as known now, for every month compared (C-29), in cents.

        A person-month-payee once paid through a reduced claim is expected at those rates (C-32).
        """
        amounts: dict[Key, int] = {}
        self.by_hand.clear()
        for benefit_month in self.months_compared(month):
            self.by_hand |= allocated(register, reference, benefit_month)
            for rates in self.rates_in_use():
                found = amounts_of(register, reference, benefit_month, rates)
                amounts |= {key: found[key] for key in found if rates == self.rates_of(key)}
        return amounts

    def own(self, payee_month: PayeeMonth) -> PayeeMonth:
        """The person-month-payee under the number that the person goes on under."""
        number = payee_month.uma_number
        return payee_month._replace(uma_number=self.joined.get(number, number))

    def booked_as_own(self) -> list[LedgerLine]:
        """The lines of the ledger, each under the number that its person goes on under."""
        return [
            line._replace(uma_number=self.own(line.payee_month).uma_number) for line in self.booked
        ]

    def numbers_at_normal_rates(self, payee_month: PayeeMonth) -> set[str]:
        """The person's numbers under which the payee has had the month at the normal rates."""
        sums: dict[str, int] = defaultdict(int)
        for line in self.booked:
            if self.own(line.payee_month) == payee_month and self.is_normal(line):
                sums[line.uma_number] += line.cents
        return {number for number, cents in sums.items() if cents > 0}

    def is_normal(self, line: LedgerLine) -> bool:
        """Whether a line was booked at the normal rates, by no claim."""
        if line.route != "manual":
            return line.route == "automatic"
        month = self.own(line.payee_month)
        reduced, normal = (
            any(self.own(key) == month for key in granted)
            for granted in (self.reduced_by_hand, self.normal_by_hand)
        )
        return normal or not reduced

    def stays_normal(self, payee_month: PayeeMonth) -> bool:
        """A month paid at the normal rates under one of several numbers stays so."""
        is_joined = payee_month.uma_number in self.joined.values()
        return is_joined and bool(self.numbers_at_normal_rates(payee_month))

    def route_granted(self, payee_month: PayeeMonth) -> str | None:
        """The route of a claim that was granted or paid (C-32), under whichever number."""
        found = [route for key, route in self.routes.items() if self.own(key) == payee_month]
        return None if self.stays_normal(payee_month) else max(found, default=None)

    def is_reduced_by_hand(self, payee_month: PayeeMonth) -> bool:
        """Whether it was allocated at the reduced rates (C-32), under whichever number."""
        found = [key for key in self.reduced_by_hand if self.own(key) == payee_month]
        if self.stays_normal(payee_month):
            return False
        return any(key in self.granted or self.was_booked(key) for key in found)

    def rates_of(self, key: Key) -> str:
        """The rate table of the route the payee's month goes by (C-32)."""
        if self.is_reduced_by_hand(key.payee_month):
            return "reduced"
        return rates_of_route(self.route_granted(key.payee_month) or "automatic")

    def rates_in_use(self) -> set[str]:
        """The rate tables that the routes of this ledger need (C-32)."""
        by_hand = {"reduced"} if self.reduced_by_hand else set()
        return {"automatic"} | by_hand | {rates_of_route(route) for route in self.routes.values()}

    def booked_amounts(self) -> dict[Key, int]:
        """What the ledger has booked for each person-month-payee-component, in cents."""
        amounts: dict[Key, int] = defaultdict(int)
        for line in self.booked_as_own():
            amounts[line.key] += line.cents
        return amounts

    def differences(self, month: date, expected: dict[Key, int]) -> list[tuple[Key, int]]:
        """C-29: expected less booked, where they differ, in the months compared."""
        booked = self.booked_amounts()
        months = self.months_compared(month)
        keys = {key for key in expected.keys() | booked if key.payee_month.benefit_month in months}
        found = [(key, expected.get(key, 0) - booked.get(key, 0)) for key in sorted(keys)]
        return [(key, difference) for key, difference in found if difference != 0]

    def fate(self, month: date, key: Key, difference: int) -> str:
        """C-31: whether a difference is booked, becomes claimable, or has lapsed."""
        benefit_month = key.payee_month.benefit_month
        if benefit_month == month:  # C-30: regular
            return "booked"
        if difference < 0 or self.was_booked(key.payee_month):
            return "booked"
        if any(self.own(granted) == key.payee_month for granted in self.granted):  # C-32
            return "booked"
        if month < CLAIMS_FROM_RUN:
            return "booked"
        return "claimable" if last_day_to_apply(benefit_month) >= month else "lapsed"

    def was_booked(self, payee_month: PayeeMonth) -> bool:
        """C-31: any line ever booked, even when the lines sum to zero now."""
        return any(self.own(line.payee_month) == self.own(payee_month) for line in self.booked)

    def line(self, month: date, key: Key, cents: int, *, is_expected: bool) -> LedgerLine:
        """C-30, C-32, C-39: a line of the run, with the route of its person-month-payee."""
        kind = "regular" if key.payee_month.benefit_month == month else "correction"
        route = self.route_granted(key.payee_month) or self.route_of_fact(
            key, is_expected=is_expected
        )
        return LedgerLine(month, *key.payee_month, key.component, kind, route, cents)

    def route_of_fact(self, key: Key, *, is_expected: bool) -> str:
        """C-39: manual where it rests on an allocation; what is no more expected, as it was booked."""
        if self.is_reduced_by_hand(key.payee_month):
            return "manual"
        if not is_expected:
            return self.last_route(key)
        return "manual" if key.payee_month in self.by_hand else "automatic"

    def last_route(self, key: Key) -> str:
        """The route by which it was booked last; of several numbers in one run, the own one's."""
        order = ["", *self.joined]
        lines = [line for line in self.booked if self.own(line.payee_month) == key.payee_month]
        own = [line for line in lines if line.component == key.component]
        last = max(line.run_month for line in own)
        latest = [line for line in own if line.run_month == last]
        is_own = key.payee_month.uma_number
        return min(
            latest, key=lambda ln: order.index("" if ln.uma_number == is_own else ln.uma_number)
        ).route

    def grant_by_hand(self, payee_month: PayeeMonth, *, is_reduced: bool) -> None:
        """P-08, C-32: the next run books what is due, at the reduced rates where they apply."""
        self.granted.add(payee_month)
        (self.reduced_by_hand if is_reduced else self.normal_by_hand).add(payee_month)

    def grant_claim(self, payee_month: PayeeMonth, applied_on: date) -> None:
        """C-32: the next run books what is due at the rates of the claim's route.

        Raises ValueError when it is too late, or the person-month-payee was booked.
        """
        if self.was_booked(payee_month):
            raise ValueError("not claimable: booked before (C-31)")
        if applied_on > last_day_to_apply(payee_month.benefit_month):
            raise ValueError("the claim has lapsed (C-31)")
        self.routes[payee_month] = route_of_claim(payee_month.benefit_month, applied_on)
        self.granted.add(payee_month)

    def check(self, run: Run, register: Register, reference: Reference) -> list[str]:
        """C-35, to be called after book() of the run: what does not add up; empty when all does."""
        expected = self.expected(run.month, register, reference)
        gaps = dict(self.differences(run.month, expected))
        claimable = {Key(PayeeMonth(*c[:4]), c.component): c.cents for c in run.claimable}
        faults = []
        for key in sorted(gaps.keys() | claimable.keys()):
            fate = self.fate_left(run.month, key.payee_month)
            shown = gaps.get(key, 0) if fate == "claimable" else 0
            if fate == "paid" or claimable.get(key, 0) != shown or gaps.get(key, 0) <= 0:
                faults.append(f"{key}: {gaps.get(key, 0)} cents are left, but {fate}")
        return faults + faults_of_sums(run)

    def fate_left(self, month: date, payee_month: PayeeMonth) -> str:
        """What must be true of a person-month-payee after the run of a month is booked (C-31)."""
        if month < CLAIMS_FROM_RUN or payee_month.benefit_month == month:
            return "paid"
        if self.was_booked(payee_month):
            return "paid"
        return "claimable" if last_day_to_apply(payee_month.benefit_month) >= month else "lapsed"


def amounts_of(
    register: Register, reference: Reference, benefit_month: date, route: str
) -> dict[Key, int]:
    """What is due to everybody for one benefit month at the rates of a route, in cents."""
    return {
        Key(PayeeMonth(benefit_month, uma, line.payee_kind, line.payee_code), line.component): (
            line.cents
        )
        for uma, assessment in assess_month(register, reference, benefit_month, route).items()
        for line in assessment.lines
    }


def allocated(register: Register, reference: Reference, benefit_month: date) -> set[PayeeMonth]:
    """The person-month-payees of a month that rest on a decided allocation (C-39)."""
    return {
        PayeeMonth(benefit_month, uma, line.payee_kind, line.payee_code)
        for uma, assessment in assess_month(register, reference, benefit_month).items()
        if assessment.is_by_hand
        for line in assessment.lines
    }


def last_day_to_apply(benefit_month: date) -> date:
    """C-31: the end of the second calendar year after the benefit month's year."""
    return date(benefit_month.year + 2, 12, 31)


def route_of_claim(benefit_month: date, applied_on: date) -> str:
    """C-32: reduced when applied for from 2025 on, for a month up to 12/2024."""
    is_old_month = benefit_month < REDUCED_IF_APPLIED_FROM
    return "reduced" if is_old_month and applied_on >= REDUCED_IF_APPLIED_FROM else "claim"


def rates_of_route(route: str) -> str:
    """C-32: the reduced route has rates of its own, every other route the normal ones."""
    return "reduced" if route == "reduced" else "automatic"


def claimable_from(key: Key, cents: int) -> Claimable:
    """The claimable entry of a positive difference (C-31)."""
    last_day = last_day_to_apply(key.payee_month.benefit_month)
    return Claimable(*key.payee_month, key.component, cents, last_day)


def todays_payee(month: date, line: LedgerLine, reference: Reference) -> tuple[str, str]:
    """C-33: the payee's successor on the run month's first day."""
    if line.payee_kind != "municipality":
        return line.payee_kind, line.payee_code
    return line.payee_kind, municipality_on_day(reference, line.payee_code, month).code


def proposals_of(
    month: date, lines: Iterable[LedgerLine], reference: Reference
) -> tuple[Proposal, ...]:
    """C-34: the sum of each payee's lines; below zero it pays nothing and is to be recovered."""
    by_payee: dict[tuple[str, str], list[LedgerLine]] = defaultdict(list)
    for line in lines:
        by_payee[todays_payee(month, line, reference)].append(line)
    proposals = []
    for (kind, code), own in sorted(by_payee.items()):
        persons = {line.uma_number for line in own if line.kind == "regular"}
        total = sum(line.cents for line in own)
        proposals.append(
            Proposal(month, kind, code, len(persons), total, max(total, 0), max(-total, 0))
        )
    return tuple(proposals)


def faults_of_sums(run: Run) -> list[str]:
    """C-35: the proposals sum to the lines, and each is its payment less its recovery."""
    faults = []
    if sum(p.cents for p in run.proposals) != sum(line.cents for line in run.lines):
        faults.append("the proposals do not sum to the lines")
    return faults + [
        f"{proposal}: payable and recovery do not make the amount"
        for proposal in run.proposals
        if proposal.payable_cents - proposal.recovery_cents != proposal.cents
    ]
