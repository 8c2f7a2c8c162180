"""What an applicant is heard on, and what it has not been heard on; each in fixed queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from grants.applications.models import Application, SupportApplicationQuerySet
from grants.applications.states import ApplicationStatus
from grants.hearings.models import Hearing, HearingRow
from grants.lists.models import ListRow
from grants.review.marking import rows_to_check
from registry.people.secrecy import non_disclosed

HEARABLE = (ApplicationStatus.IN_CHECK, ApplicationStatus.COMPLETION_REQUESTED)


def refused_rows(application: Application) -> QuerySet[ListRow, ListRow]:
    """Rows that are marked to be refused now."""
    return rows_to_check(application).filter(mark__accepted=False)


def unheard_rows(application: Application, day: date) -> QuerySet[ListRow, ListRow]:
    """Rows marked to be refused for a reason that the applicant had no chance to answer (§ 34).

    Whoever was asked to complete the application has had one, for every row.
    """
    refused, requests = refused_rows(application), application.completion_requests
    if requests.filter(Q(answered_at__isnull=False) | Q(closed_at__isnull=False)).exists():
        return refused.none()
    heard = HearingRow.objects.filter(
        row=OuterRef("pk"),
        phrase=OuterRef("mark__phrase"),
        hearing__in=Hearing.objects.filter(application=application).over(day),
    )
    return refused.filter(~Exists(heard))


def latest_hearing(application: Application) -> Hearing | None:
    """The hearing that was asked for last, if there is one; one query."""
    return application.hearings.select_related("asked_by").first()


def is_answerable(application: Application, hearing: Hearing | None) -> bool:
    """Whether the applicant may answer: also late, until something is proposed."""
    return hearing is not None and hearing.answered_at is None and application.status in HEARABLE


def hearings_waiting(applications: SupportApplicationQuerySet, day: date) -> list[Hearing]:
    """Hearings of those applications whose answer is waited for, the earliest day first; one query."""
    checked = applications.filter(status__in=HEARABLE)
    waiting = Hearing.objects.unanswered().filter(application__in=checked, answer_by__gte=day)
    return list(waiting.select_related("application").order_by("answer_by"))


@dataclass(frozen=True)
class HearingTold:
    """A hearing with its reasons, each with the lines of its rows."""

    hearing: Hearing
    reasons: list[tuple[str, str]]


def hearings_told(application: Application) -> list[HearingTold]:
    """The hearings of an application, the last first; three queries.

    Of persons under non-disclosure a reason that tells of homes is not written (P-11).
    """
    rows = list(
        HearingRow.objects.filter(hearing__application=application)
        .select_related("row", "phrase")
        .order_by("row__line")
    )
    secret = non_disclosed(one.row.person_id for one in rows if one.row.person_id)
    lines: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in rows:
        reason = one.phrase.told(is_secret=one.row.person_id in secret)
        lines[one.hearing_id][reason].append(str(one.row.line))
    return [
        HearingTold(hearing, [(why, ", ".join(of)) for why, of in lines[hearing.pk].items()])
        for hearing in application.hearings.select_related("asked_by")
    ]
