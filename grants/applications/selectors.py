"""What pages of applications show, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.lib.paging import Page, page_of
from grants.applications.models import (
    Application,
    ApplicationStep,
    CompletionRequest,
    SupportApplicationQuerySet,
)
from grants.applications.states import OPEN, VOID, ApplicationStatus, Deed
from grants.hearings.models import Hearing
from grants.hearings.selectors import hearings_waiting
from grants.lists.selectors import AgeGroup, age_groups, current_list, sum_cents
from grants.models import Round
from registry.models import Organisation, OrganisationKind

PAGE_SIZE = 50
# What the authority does within itself before it decides.
INTERNAL = (Deed.PROPOSED, Deed.RETURNED, Deed.ARCHIVED)
OF_APPLICANT = (Deed.CREATED, Deed.SENT, Deed.ANSWERED, Deed.HEARD, Deed.WITHDRAWN, Deed.REPLACED)


@dataclass(frozen=True)
class Offer:
    """A round that an organisation may apply in: days left, its draft, what it has sent."""

    round: Round
    days_left: int
    draft: Application | None
    sent: Application | None

    @property
    def is_over(self) -> bool:
        """Whether what is sent now is late."""
        return self.days_left <= 0


def offers(
    organisation: Organisation, applications: SupportApplicationQuerySet, today: date
) -> list[Offer]:
    """Rounds that receive applications of an organisation, those that close first first; two queries.

    Rounds whose window has closed are offered to whoever has neither sent nor begun one, for a
    late application is received too (G-03).
    """
    rounds = list(Round.objects.receiving(today).open_to(organisation).order_by("closes", "code"))
    own = applications.filter(applicant=organisation, round__in=rounds).exclude(status__in=VOID)
    begun: dict[tuple[int, bool], Application] = {}
    for application in own.order_by("pk"):
        begun[application.round_id, application.submitted_at is None] = application
    return [
        Offer(
            round=round_,
            days_left=round_.days_left(today),
            draft=begun.get((round_.pk, True)),
            sent=begun.get((round_.pk, False)),
        )
        for round_ in rounds
    ]


def applications_page(
    applications: SupportApplicationQuerySet, before: int | None
) -> Page[Application]:
    """Those applications, the latest first, from before the given one; one query."""
    rows: QuerySet[Application] = applications.select_related("round", "applicant")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows.order_by("-pk"), after=before, key=lambda row: row.pk, size=PAGE_SIZE)


@dataclass(frozen=True)
class OfficerPart:
    """What an organisation's officers have to do with applications."""

    offers: list[Offer]
    drafts: list[Application]
    to_complete: list[CompletionRequest]
    to_answer: list[Hearing]


def officer_part(
    organisation: Organisation, applications: SupportApplicationQuerySet, *, today: date
) -> OfficerPart:
    """Gather what waits: rounds in their window, drafts, completion requests, hearings; five queries."""
    asked = CompletionRequest.objects.filter(
        application__in=applications, answered_at=None, closed_at=None
    )
    drafts = applications.filter(status=ApplicationStatus.DRAFT).select_related("round")
    found = offers(organisation, applications, today)
    return OfficerPart(
        offers=[offer for offer in found if not offer.is_over],
        drafts=list(drafts.order_by("round__closes")),
        to_complete=list(asked.select_related("application__round").order_by("answer_by")),
        to_answer=hearings_waiting(applications, today),
    )


@dataclass(frozen=True)
class Place:
    """A step of filling an application in, as the list of steps shows it."""

    label: Any
    address: str
    is_here: bool


STEPS = (
    ("application_contact", _("Contact")),
    ("application_list", _("List")),
    ("application_check", _("Check")),
    ("application_summary", _("Summary and sending")),
)
LIST_STEPS = ("application_list", "application_check")


def places(application: Application, here: str) -> list[Place]:
    """The steps of an application, `here` being the one that is open."""
    return [
        Place(label, reverse(name, args=[application.pk]), name == here)
        for name, label in STEPS
        if application.round.has_list or name not in LIST_STEPS
    ]


def next_address(application: Application, here: str) -> str:
    """The address of the step after `here`; of the last step, the application's own page."""
    steps = places(application, here)
    after = [place.is_here for place in steps].index(True) + 1
    if after < len(steps):
        return steps[after].address
    return reverse("application_detail", args=[application.pk])


@dataclass(frozen=True)
class Told:
    """A step as it is told; who took it, where the reader may know."""

    step: ApplicationStep
    who: str


@dataclass(frozen=True)
class GroupShown:
    """Persons of an age group and what is applied for them, for one kind of recipient; cents."""

    kind: str
    ages: str
    a_person_cents: int
    persons: int
    sum_cents: int


@dataclass(frozen=True)
class ListPart:
    """What the list of an application comes to, and the hash of its file."""

    groups: list[GroupShown]
    cents: int
    sha256: str


def list_part(application: Application) -> ListPart | None:
    """What the list of an application applies for, if it has one; four queries."""
    current = current_list(application) if application.round.has_list else None
    if current is None:
        return None
    found = age_groups(current, application)
    return ListPart([_shown(group) for group in found], sum_cents(found), current.sha256)


def _shown(group: AgeGroup) -> GroupShown:
    has_end = group.max_age is not None
    return GroupShown(
        kind=str(OrganisationKind(group.applicant_kind).label),
        ages=f"{group.min_age}–{group.max_age}" if has_end else f"{group.min_age}–",
        a_person_cents=int(group.amount_eur * 100),
        persons=group.persons,
        sum_cents=group.sum_cents,
    )


def steps_told(application: Application, *, to_staff: bool) -> list[Told]:
    """What was done with an application; to the applicant without what is internal; one query.

    The applicant reads the names of its own officers only.
    """
    return [
        Told(step, _named(step) if to_staff or step.deed in OF_APPLICANT else "")
        for step in application.steps.select_related("by")
        if to_staff or step.deed not in INTERNAL
    ]


def _named(step: ApplicationStep) -> str:
    return step.by.get_full_name() or step.by.get_username() if step.by else ""


def open_request(application: Application) -> CompletionRequest | None:
    """The completion request that waits for an answer, if there is one; one query."""
    return application.completion_requests.filter(answered_at=None, closed_at=None).first()


def is_withdrawable(application: Application) -> bool:
    """Whether it may still be withdrawn: before it is decided."""
    return application.status in (ApplicationStatus.DRAFT, *OPEN)
