"""What letters, appendices and pages say of decisions, each in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.decisions.models import ProposedRow, RectificationClaim, Ruling, SupportProposal
from grants.hearings.models import Hearing
from registry.models import OrganisationKind
from registry.people.secrecy import non_disclosed


@dataclass(frozen=True)
class AmountGroup:
    """Persons accepted at one of the round's amounts; amount of each in cents."""

    kind: str
    min_age: int
    max_age: int | None
    each_cents: int
    persons: int

    @property
    def kind_label(self) -> str:
        """The kind of recipient the amount is of."""
        return str(OrganisationKind(self.kind).label)

    @property
    def age_label(self) -> str:
        """The ages, as people say them."""
        if self.max_age is None:
            return _("from {least} years").format(least=self.min_age)
        return _("{least}–{most} years").format(least=self.min_age, most=self.max_age)


def amounts_granted(decided: SupportProposal) -> list[AmountGroup]:
    """Persons that a decision accepts, by the amount of each; one query."""
    accepted = ProposedRow.objects.filter(proposal=decided, accepted=True)
    keys = ("recipient_kind", "amount__min_age", "amount__max_age", "amount_cents")
    counted = accepted.order_by("-recipient_kind", "amount__min_age").values_list(*keys)
    return [AmountGroup(*row) for row in counted.annotate(persons=Count("pk"))]


def refusals_by_reason(decided: SupportProposal) -> list[tuple[str, int]]:
    """Reasons of refused rows and how many persons each has, the most frequent first.

    Of persons under non-disclosure a reason that tells of homes is not written (P-11). Two queries.
    """
    reasons = Counter(row.reason for row in decision_rows(decided) if not row.accepted)
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True)
class DecidedRow:
    """A row of the list as it was decided, in all kinds of amounts together; in cents."""

    line: int
    identifier: str
    name: str
    birth_date: date | None
    accepted: bool
    cents: int
    reason: str


def decision_rows(decided: SupportProposal) -> Iterator[DecidedRow]:
    """Every row of a decision, by line; two queries."""
    rows = list(
        ProposedRow.objects.filter(proposal=decided)
        .select_related("row", "phrase")
        .order_by("row__line", "recipient_kind")
    )
    secret = non_disclosed(row.person_id for row in rows if row.person_id)
    sums = Counter[int]()
    for row in rows:
        sums[row.row_id] += row.amount_cents
    for row in {row.row_id: row for row in rows}.values():
        yield DecidedRow(
            line=row.row.line,
            identifier=row.uma_number or row.unhcr_number,
            name=row.row.name,
            birth_date=row.row.birth_date,
            accepted=row.accepted,
            cents=sums[row.row_id],
            reason=row.phrase.told(is_secret=row.person_id in secret) if row.phrase else "",
        )


def heard_before(decided: SupportProposal) -> Hearing | None:
    """The hearing that a decision rests on: the last one asked for before it; one query."""
    if decided.claim_id or decided.ruling == Ruling.GRANTED:
        return None
    hearings = Hearing.objects.filter(application=decided.application_id)
    return hearings.filter(asked_at__lte=decided.proposed_at).first()


def decisions_of(application: Application) -> list[SupportProposal]:
    """Decisions on an application and on claims of it, the first first; one query."""
    decided = SupportProposal.objects.decided().filter(application=application)
    return list(decided.select_related("decision", "claim").order_by("decided_at"))


def claims_of(application: Application) -> list[RectificationClaim]:
    """Rectification claims of an application, the first first; one query."""
    claims = RectificationClaim.objects.filter(contested__application=application)
    return list(claims.select_related("contested__decision", "filed_by").order_by("pk"))
