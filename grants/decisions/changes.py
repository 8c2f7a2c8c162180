"""What an approver reads of changes: against the proposal returned before, and since this one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.decisions.models import ProposalStatus, ProposedRow, SupportProposal
from grants.review.checks import BY_NAME
from grants.review.marking import rows_to_check
from grants.review.models import CheckResult
from registry.access.hands import hands_in
from registry.models import Hand

MOST_ROWS = 100


@dataclass(frozen=True)
class RowChange:
    """A row that two proposals say different things of, in words."""

    line: int
    before: str | Promise
    now: str | Promise


@dataclass(frozen=True)
class Changes:
    """What differs from the proposal that was returned before: its rows (the first ones) and all."""

    before: SupportProposal
    rows: list[RowChange]
    count: int

    @property
    def more(self) -> int:
        """Rows that are not shown."""
        return self.count - len(self.rows)


def changes_of(proposal: SupportProposal) -> Changes | None:
    """What a proposal changes against the last one that was returned, if one was; three queries."""
    returned = SupportProposal.objects.filter(
        application=proposal.application_id,
        claim=proposal.claim_id,
        status=ProposalStatus.RETURNED,
        pk__lt=proposal.pk,
    )
    before = returned.select_related("proposed_by", "returned_by").first()
    if before is None:
        return None
    was, now = _rows(before), _rows(proposal)
    missing: tuple[int, str | Promise] = (0, _("not in the list"))
    changed = [
        RowChange(
            line=(now.get(row) or was[row])[0],
            before=was.get(row, missing)[1],
            now=now.get(row, missing)[1],
        )
        for row in was.keys() | now.keys()
        if was.get(row, missing)[1] != now.get(row, missing)[1]
    ]
    changed.sort(key=lambda one: one.line)
    return Changes(before, changed[:MOST_ROWS], len(changed))


def _rows(proposal: SupportProposal) -> dict[int, tuple[int, str | Promise]]:
    """Of each row its line, and what the proposal says of it."""
    rows = ProposedRow.objects.filter(proposal=proposal).select_related("row", "phrase")
    return {
        row.row_id: (row.row.line, row.phrase.text if row.phrase else _("accepted")) for row in rows
    }


@dataclass(frozen=True)
class CheckChange:
    """A check that found something else when it was done after the proposal."""

    label: str | Promise
    before: CheckResult
    now: CheckResult


def checks_since(proposal: SupportProposal) -> list[CheckChange]:
    """Checks that find something else now than when the proposal was made; two queries."""
    results = CheckResult.objects.filter(application=proposal.application_id)
    before = results.filter(made_at__lte=proposal.proposed_at).newest()
    earlier = {result.name: result for result in before}
    return [
        CheckChange(BY_NAME[now.name].label if now.name in BY_NAME else now.name, was, now)
        for now in results.filter(made_at__gt=proposal.proposed_at).newest()
        if (was := earlier.get(now.name)) and (was.outcome, was.rows) != (now.outcome, now.rows)
    ]


@dataclass(frozen=True)
class Part:
    """Somebody's part in an application, and how many of its rows they marked last."""

    hand: Hand
    marks: int


def parts_in(application: Application) -> list[Part]:
    """Who has had a part in an application, the first first (P-01); two queries."""
    marks = dict(
        rows_to_check(application)
        .exclude(mark=None)
        .order_by()
        .values_list("mark__by")
        .annotate(rows=Count("pk"))
    )
    hands = hands_in(application).select_related("user").order_by("at")
    return [Part(hand, marks.get(hand.user_id, 0)) for hand in hands]
