"""What pages show of how a run's total follows from last month's, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Abs
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.lib.money import finnish
from config.lib.waterfall import Waterfall, waterfall
from payments.changes.models import Change, RunChange
from payments.runs.models import Run
from registry.models import Organisation

# What adds up between the totals.
STEPS: tuple[Change, ...] = tuple(
    kind for kind in Change if kind not in {Change.LAST, Change.STAYED}
)
LARGEST = 10

# Steps together, as many columns as a page has room for; the download has every step.
COLUMNS: tuple[tuple[str | Promise, tuple[Change, ...]], ...] = (
    (gettext_lazy("Late facts"), (Change.LATE_IN, Change.LATE_OUT)),
    (gettext_lazy("New and left"), (Change.NEW, Change.LEFT)),
    (gettext_lazy("Moves"), (Change.MOVED_IN, Change.MOVED_AWAY)),
    (gettext_lazy("Age"), (Change.AGE, Change.ADULT_BEGINS, Change.ADULT_ENDS)),
    (gettext_lazy("Rates and agreements"), (Change.RATE, Change.AGREEMENT)),
    (gettext_lazy("Corrections"), (Change.CORRECTION,)),
    (gettext_lazy("To recover"), (Change.RECOVERY,)),
)


@dataclass(frozen=True)
class Step:
    """A step between the totals: its persons, and cents."""

    kind: Change
    persons: int
    cents: int

    @property
    def label(self) -> str | Promise:
        """The step in words."""
        return self.kind.label


@dataclass(frozen=True)
class Steps:
    """From last month's total to what is payable."""

    last: Step
    stayed: Step
    steps: list[Step]

    @property
    def payable_cents(self) -> int:
        """What the steps come to."""
        return self.last.cents + sum(step.cents for step in self.steps)

    def chart(self) -> Waterfall:
        """The steps drawn."""
        return waterfall(
            name="waterfall",
            title=_("From last month's sum to this month's, EUR; the axis does not begin at zero"),
            start=(_("Last month"), self.last.cents),
            steps=[(_capital(step.label), step.cents) for step in self.steps if step.cents],
            end=_("Payable now"),
            write=finnish,
        )


def _capital(label: str | Promise) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


def run_steps(run: Run) -> Steps | None:
    """The steps of the whole run; None for a run with nothing stored. One query."""
    rows = RunChange.objects.filter(run=run, payee=None)
    found = {
        Change(row.kind): Step(Change(row.kind), row.persons, row.cents)
        for row in rows
        if row.persons or row.cents
    }
    if not found:
        return None
    none = {kind: Step(kind, 0, 0) for kind in (Change.LAST, Change.STAYED)}
    last, stayed = (found.get(kind, none[kind]) for kind in none)
    return Steps(last, stayed, [found[kind] for kind in STEPS if kind in found])


@dataclass(frozen=True)
class PayeeSteps:
    """A payee's row in the table of all payees: cents by step, as `STEPS`."""

    payee: Organisation
    last_cents: int
    kinds: Sequence[Change]
    cents: list[int]

    @property
    def payable_cents(self) -> int:
        """What the payee is paid."""
        return self.last_cents + sum(self.cents)

    @property
    def together(self) -> list[int]:
        """The cents by column of `COLUMNS`."""
        by_kind = dict(zip(self.kinds, self.cents, strict=True))
        return [sum(by_kind.get(kind, 0) for kind in kinds) for _label, kinds in COLUMNS]


def payees_steps(run: Run) -> tuple[list[Change], list[PayeeSteps]]:
    """The steps that the run has, and every payee's cents by them; one query."""
    rows = _by_payee(RunChange.objects.filter(run=run).exclude(payee=None))
    kinds = {row.kind for row in rows}
    shown = [kind for kind in STEPS if kind in kinds]
    return shown, [
        _payee_row(list(own), shown) for _payee, own in groupby(rows, key=lambda row: row.payee_id)
    ]


def _by_payee(rows: QuerySet[RunChange]) -> QuerySet[RunChange]:
    return rows.select_related("payee").order_by("payee__kind", "payee__code")


def _payee_row(own: Sequence[RunChange], shown: Sequence[Change]) -> PayeeSteps:
    cents = {row.kind: row.cents for row in own}
    steps = [cents.get(kind, 0) for kind in shown]
    return PayeeSteps(_payee(own), cents.get(Change.LAST, 0), shown, steps)


def _payee(rows: Sequence[RunChange]) -> Organisation:
    payee = rows[0].payee
    if payee is None:
        raise ValueError("These are steps of the whole run.")
    return payee


def step_payees(run: Run, kind: Change) -> QuerySet[RunChange]:
    """A step by payee, the largest sums first; one query."""
    rows = RunChange.objects.filter(run=run, kind=kind).exclude(payee=None)
    return rows.select_related("payee").order_by(Abs("cents").desc(), "payee__kind", "payee__code")


@dataclass(frozen=True)
class PayeeChange:
    """How much a payee's sum has changed, and by which steps, the largest first."""

    payee: Organisation
    rows: list[RunChange]
    cents: int
    last_persons: int
    persons: int


def largest_changes(run: Run, persons: Mapping[int, int]) -> list[PayeeChange]:
    """The payees whose sums changed most, at most ten; two queries.

    `persons` is how many each payee is paid for now.
    """
    changing = [kind for kind in STEPS if kind != Change.RECOVERY]
    rows = RunChange.objects.filter(run=run).exclude(payee=None)
    sums = rows.filter(kind__in=changing).values("payee").annotate(sum=Sum("cents"))
    largest = sums.exclude(sum=0).order_by(Abs(F("sum")).desc(), "payee")[:LARGEST]
    most = dict(largest.values_list("payee", "sum"))
    own: dict[int, list[RunChange]] = {payee: [] for payee in most}
    for row in (
        rows.filter(payee__in=own).select_related("payee").order_by(Abs("cents").desc(), "pk")
    ):
        own[row.payee_id or 0].append(row)
    return [
        _payee_change(own[payee], cents, persons.get(payee, 0)) for payee, cents in most.items()
    ]


def _payee_change(rows: Sequence[RunChange], cents: int, persons: int) -> PayeeChange:
    last = next((row.persons for row in rows if row.kind == Change.LAST), 0)
    shown = [row for row in rows if row.kind in STEPS and row.kind != Change.RECOVERY]
    return PayeeChange(_payee(rows), shown, cents, last, persons)
