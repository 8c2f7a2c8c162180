"""What the pages of trials show, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise

from config.lib.paging import Page, page_of
from grants.applications.models import Application
from grants.decisions.models import SupportProposal
from grants.review.checks import BY_NAME
from grants.rounds.models import Round
from grants.trials.models import CheckTrial, CheckTrialQuerySet, TrialCase

CASES_A_PAGE, MOST_TRIALS, MOST_LINES = 50, 50, 20
CHANGED = Q(newly__len__gt=0) | Q(no_longer__len__gt=0)


def decided_in(round_: Round) -> QuerySet[Application]:
    """Applications of a round that have been decided."""
    decided = SupportProposal.objects.decided().filter(application=OuterRef("pk"))
    return Application.objects.filter(Exists(decided), round=round_)


def rounds_past() -> QuerySet[Round]:
    """Rounds in which something has been decided; one query."""
    decided = SupportProposal.objects.decided().filter(application__round=OuterRef("pk"))
    return Round.objects.filter(Exists(decided)).order_by("-code")


@dataclass(frozen=True)
class Counts:
    """A trial in figures: applications, those whose rows differ, rows by difference and decision."""

    applications: int
    changed: int
    newly: int
    newly_granted: int
    no_longer: int
    no_longer_granted: int

    @property
    def newly_refused(self) -> int:
        """Rows newly told that were not granted."""
        return self.newly - self.newly_granted

    @property
    def no_longer_refused(self) -> int:
        """Rows no longer told that were not granted."""
        return self.no_longer - self.no_longer_granted


@dataclass(frozen=True)
class Tried:
    """A trial with what its check is called and its figures."""

    trial: CheckTrial
    counts: Counts

    @property
    def label(self) -> str | Promise:
        """What the check is called."""
        return check_label(self.trial.name)


def check_label(name: str) -> str | Promise:
    """What a check is called; its name, if there is none of it any more."""
    check = BY_NAME.get(name)
    return check.label if check else name


def trials_counted(trials: CheckTrialQuerySet) -> list[Tried]:
    """The latest trials with their figures; one query."""
    latest = trials.select_related("round").order_by("-pk")
    return [_tried(trial) for trial in latest.annotate(**_counted())[:MOST_TRIALS]]


def trial_counted(trial: CheckTrial) -> Tried:
    """One trial with its figures; one query."""
    return _tried(
        CheckTrial.objects.select_related("round").annotate(**_counted()).get(pk=trial.pk)
    )


def _counted() -> dict[str, Any]:
    changed = Q(cases__newly__len__gt=0) | Q(cases__no_longer__len__gt=0)
    sums = {
        "n_newly": F("cases__newly__len"),
        "n_newly_granted": F("cases__newly_granted"),
        "n_no_longer": F("cases__no_longer__len"),
        "n_no_longer_granted": F("cases__no_longer_granted"),
    }
    return {
        "n_applications": Count("cases"),
        "n_changed": Count("cases", filter=changed),
        **{name: Sum(field, default=0) for name, field in sums.items()},
    }


def _tried(trial: Any) -> Tried:
    counts = {name: getattr(trial, f"n_{name}") for name in Counts.__dataclass_fields__}
    return Tried(trial, Counts(**counts))


@dataclass(frozen=True)
class Difference:
    """An application of a trial; of many lines the first."""

    case: TrialCase

    @property
    def newly(self) -> list[int]:
        """Lines newly told, the first of them."""
        return list(self.case.newly[:MOST_LINES])

    @property
    def no_longer(self) -> list[int]:
        """Lines no longer told, the first of them."""
        return list(self.case.no_longer[:MOST_LINES])

    @property
    def newly_more(self) -> int:
        """How many more are newly told."""
        return len(self.case.newly) - len(self.newly)

    @property
    def no_longer_more(self) -> int:
        """How many more are no longer told."""
        return len(self.case.no_longer) - len(self.no_longer)


def differences(trial: CheckTrial, *, show_all: bool, after: int | None) -> Page[Difference]:
    """Applications of a trial, those whose rows differ or all; one query."""
    cases = trial.cases.select_related("application__applicant", "then").order_by("application")
    if not show_all:
        cases = cases.filter(CHANGED)
    if after is not None:
        cases = cases.filter(application__gt=after)
    page = page_of(cases, after=after, key=lambda case: case.application_id, size=CASES_A_PAGE)
    return Page([Difference(case) for case in page.rows], page.next, page.is_first)
