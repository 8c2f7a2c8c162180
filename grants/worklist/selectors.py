"""What the work list shows: cases by state, age, round and last day; each in fixed queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least
from django.utils import timezone

from config.lib.paging import Page, page_of
from config.lib.sorting import Sort
from grants.applications.models import Application, CompletionRequest, SupportApplicationQuerySet
from grants.applications.states import OPEN, ApplicationStatus
from grants.hearings.models import Hearing
from grants.hearings.selectors import HEARABLE
from grants.lists.models import ListRow
from grants.models import Round
from registry.access.models import User

CASES_A_PAGE, MOST_FOUND = 50, 200
MINE, NOBODYS, ALL = "mine", "nobodys", "all"
PASSED, WITHIN_A_WEEK, WITH_A_DAY = "passed", "week", "any"
ORDERS = {
    "sent": ("submitted_at",),
    "number": ("year", "serial"),
    "applicant": ("applicant__name_fi",),
    "round": ("round__code",),
    "state": ("status",),
    "until": ("answer_by",),
    "reviewer": ("review__reviewer__last_name", "review__reviewer__username"),
}


@dataclass(frozen=True)
class Asked:
    """Which cases are asked for; what is empty asks for all."""

    status: str = ""
    round: str = ""
    whose: str = ""
    until: str = ""
    days: int = 0


@dataclass(frozen=True)
class Case:
    """An application of the work list: its age in days, and the day by which it waits."""

    application: Application
    age: int
    answer_by: date | None
    is_past: bool


def _cases(applications: SupportApplicationQuerySet) -> QuerySet[Application]:
    of_it = {"application": OuterRef("pk"), "answered_at": None}
    completion = CompletionRequest.objects.filter(**of_it, closed_at=None).values("answer_by")
    hearing = Hearing.objects.filter(**of_it, application__status__in=HEARABLE)
    return applications.select_related("round", "applicant", "review__reviewer").annotate(
        answer_by=Least(
            Subquery(completion[:1]), Subquery(hearing.order_by("-pk").values("answer_by")[:1])
        )
    )


def cases_page(
    applications: SupportApplicationQuerySet,
    asked: Asked,
    *,
    user: User,
    order: Sort,
    after: int | None,
    today: date,
) -> Page[Case]:
    """The cases asked for in an order, from after so many of them; one query."""
    found = _cases(applications).filter(_is_asked(asked, user, today)).order_by(*order.order_by)
    start = after or 0
    page = page_of(
        found[start:], after=after, key=lambda _row: start + CASES_A_PAGE, size=CASES_A_PAGE
    )
    return Page([_case(row, today) for row in page.rows], page.next, page.is_first)


def _is_asked(asked: Asked, user: User, today: date) -> Q:
    where = Q(status__in=[asked.status] if asked.status else OPEN)
    if asked.round:
        where &= Q(round__code=asked.round)
    if asked.days:
        where &= Q(submitted_at__date__lte=today - timedelta(days=asked.days))
    where &= {
        MINE: Q(review__reviewer=user),
        NOBODYS: Q(review=None),
    }.get(asked.whose, Q())
    return where & {
        PASSED: Q(answer_by__lt=today),
        WITHIN_A_WEEK: Q(answer_by__range=(today, today + timedelta(days=7))),
        WITH_A_DAY: Q(answer_by__isnull=False),
    }.get(asked.until, Q())


def cases_found(applications: SupportApplicationQuerySet, *, text: str, today: date) -> Page[Case]:
    """Applications by number (`HAK/17/2026`), applicant, or a person's number; one query."""
    found = _cases(applications.filter(_is(text))).order_by("-pk")[:MOST_FOUND]
    return Page([_case(row, today) for row in found], None, is_first=True)


def _is(text: str) -> Q:
    number = text.upper().removeprefix("HAK/").split("/")
    if len(number) == 2 and all(part.isdecimal() and len(part) < 8 for part in number):
        return Q(serial=int(number[0]), year=int(number[1]))
    names = Q(applicant__name_fi__istartswith=text) | Q(applicant__name_sv__istartswith=text)
    person = Q(uma_number=text.upper()) | Q(unhcr_number=text.upper())
    rows = ListRow.objects.filter(person, list__application=OuterRef("pk"), list__is_current=True)
    return names | Q(applicant__code=text) | Q(Exists(rows))


def _case(application: Application, today: date) -> Case:
    assert application.submitted_at
    until: date | None = application.answer_by  # type: ignore[attr-defined] # annotated
    age = (today - timezone.localdate(application.submitted_at)).days
    return Case(application, age, until, is_past=until is not None and until < today)


@dataclass(frozen=True)
class Waiting:
    """Applications that wait: for somebody to take them, for oneself, for an approver."""

    nobodys: int
    mine: int
    proposed: int


def cases_waiting(applications: SupportApplicationQuerySet, user: User) -> Waiting:
    """Count what waits; one query."""
    mine = Q(review__reviewer=user, status=ApplicationStatus.IN_CHECK)
    return Waiting(
        **applications.aggregate(
            nobodys=Count("pk", filter=Q(status=ApplicationStatus.SUBMITTED)),
            mine=Count("pk", filter=mine),
            proposed=Count("pk", filter=Q(proposals__status="proposed")),
        )
    )


def rounds_with_cases() -> QuerySet[Round, str]:
    """Codes of rounds that have been applied in; one query."""
    sent = Application.objects.sent().filter(round=OuterRef("pk"))
    return Round.objects.filter(Exists(sent)).order_by("-code").values_list("code", flat=True)
