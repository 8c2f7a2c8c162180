"""What may be applied for, and what the pages of applications show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from config.lib.paging import PAGE_SIZE, Page, page_of
from payments.claims.models import (
    ApplicationQuerySet,
    Claim,
    ClaimableEntry,
    ClaimableQuerySet,
    ClaimApplication,
)
from registry.organisations.models import Organisation
from registry.people.secrecy import non_disclosed


def standing_entries(applicant: Organisation, today: date) -> ClaimableQuerySet:
    """Entries of an organisation and its predecessors (C-33) that no run has closed."""
    own = Organisation.objects.paid_to(applicant.pk, today)
    return ClaimableEntry.objects.filter(
        payee__in=own, closed_by=None, opened_by__status="approved"
    )


def open_entries(applicant: Organisation, today: date) -> ClaimableQuerySet:
    """Entries that an organisation may apply for on the day: in time, not applied for yet."""
    asked = Claim.objects.filter(
        is_closed=False,
        person=OuterRef("person"),
        benefit_month=OuterRef("benefit_month"),
        payee=OuterRef("payee"),
    )
    return standing_entries(applicant, today).in_time(today).filter(~Exists(asked))


@dataclass(frozen=True)
class ClaimableRow:
    """An entry in the list to choose from; a person under non-disclosure is not named (P-11)."""

    entry: ClaimableEntry
    is_secret: bool


def claimable_page(applicant: Organisation, today: date, after: int | None) -> Page[ClaimableRow]:
    """Entries to choose from, the first to lapse first, from after an entry; two queries."""
    entries = open_entries(applicant, today).select_related("person", "payee")
    if after is not None:
        entries = entries.filter(pk__gt=after)
    page = page_of(entries.order_by("pk"), after=after, key=lambda row: row.pk, size=PAGE_SIZE)
    secret = non_disclosed(entry.person_id for entry in page.rows)
    rows = [ClaimableRow(entry, entry.person_id in secret) for entry in page.rows]
    return Page(rows, page.next, is_first=page.is_first)


@dataclass(frozen=True)
class Entries:
    """How many entries, and their sum in cents."""

    count: int
    cents: int


def open_sum(applicant: Organisation, today: date) -> Entries:
    """Entries that an organisation may apply for; one query."""
    return _sum(open_entries(applicant, today))


def lapsed_sum(applicant: Organisation, today: date) -> Entries:
    """Entries of an organisation that nobody applied for in time; one query."""
    return _sum(standing_entries(applicant, today).filter(last_day_to_apply__lt=today))


def _sum(entries: ClaimableQuerySet) -> Entries:
    found = entries.aggregate(count=Count("pk"), cents=Sum("amount_cents", default=0))
    return Entries(**found)


def applications_page(
    applications: ApplicationQuerySet, before: int | None
) -> Page[ClaimApplication]:
    """Those applications, the latest first, from before the given one; one query."""
    rows = applications.select_related("applicant", "decision").annotate(months=Count("claims"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows.order_by("-pk"), after=before, key=lambda row: row.pk, size=PAGE_SIZE)


@dataclass(frozen=True)
class ClaimRow:
    """A claim of an application; a person under non-disclosure is named to staff alone (P-11)."""

    claim: Claim
    is_secret: bool


def claims_shown(application: ClaimApplication) -> list[ClaimRow]:
    """The claims of an application by person and month; two queries."""
    claims = list(_claims(application))
    secret = non_disclosed(claim.person_id for claim in claims)
    return [ClaimRow(claim, claim.person_id in secret) for claim in claims]


def _claims(application: ClaimApplication) -> QuerySet[Claim]:
    shown = application.claims.select_related("person", "payee", "settled_by")
    return shown.order_by("person", "benefit_month", "payee")
