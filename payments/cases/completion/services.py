"""Asking an applicant to complete its application, answering, going on without an answer (§ 22)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from config.templatetags.finnish import day
from grants.notices.outbox import page_notice_put
from payments.cases.completion.models import ManualCompletion, ManualCompletionQuerySet
from payments.cases.errors import CaseRefused
from payments.cases.models import ManualCase, ManualProposal, ProposalStatus
from payments.cases.services.applying import refuse_other_senders
from payments.cases.services.steps import attempted, proposal_locked, refuse_hand
from registry.access.models import Part, User
from registry.audit.models import Verb
from registry.models import Organisation


def completion_ask(
    proposal_id: int,
    *,
    asked: str,
    answer_by: date,
    by: User,
    at: datetime,
    case: int | None = None,
) -> ManualCompletion:
    """Ask the applicant to complete an application, or what it says of one case, by a day.

    The officer who applied is told that something waits. Raises CaseRefused.
    """
    with attempted(Verb.CHANGED, by, ManualProposal.objects.get(pk=proposal_id)):
        proposal = _handled(proposal_id, by)
        if not proposal.is_application:
            raise CaseRefused(_("Nobody has applied, so there is nobody to ask."))
        if not asked.strip():
            raise CaseRefused(_("Say what is missing."))
        today = timezone.localdate(at)
        _refuse_past(answer_by, today)
        if _open(proposal).filter(case=case).exists():
            raise CaseRefused(_("This has been asked and waits for its answer. Give more time."))
        about = ManualCase.objects.get(pk=case, proposal=proposal) if case else None
        request = ManualCompletion.objects.create(
            proposal=proposal,
            case=about,
            asked=asked.strip(),
            asked_by=by,
            asked_on=today,
            answer_by=answer_by,
        )
        _tell(proposal, at)
        return request


def completion_extend(
    completion_id: int, *, answer_by: date, by: User, at: datetime
) -> ManualCompletion:
    """Give more time to answer. Raises CaseRefused unless the day is later than before."""
    about = ManualCompletion.objects.select_related("proposal").get(pk=completion_id)
    with attempted(Verb.CHANGED, by, about.proposal):
        proposal = _handled(about.proposal_id, by)
        request = _waiting(proposal, completion_id)
        _refuse_past(answer_by, request.answer_by)
        request.answer_by = answer_by
        request.save(update_fields=["answer_by"])
        _tell(proposal, at)
        return request


def completion_answer(
    completion_id: int, *, answer: str, by: User, today: date
) -> ManualCompletion:
    """Answer for the applicant, late as well while it waits. Raises CaseRefused."""
    about = ManualCompletion.objects.select_related("proposal").get(pk=completion_id)
    with attempted(Verb.CHANGED, by, about.proposal) as event:
        proposal = proposal_locked(about.proposal_id, ProposalStatus.OPEN)
        event.acting_for = by.access.organisation
        refuse_other_senders(proposal.payee, by)
        request = _waiting(proposal, completion_id)
        if not answer.strip():
            raise CaseRefused(_("Write what has been completed, or why nothing is."))
        request.answer, request.answered_by, request.answered_on = answer.strip(), by, today
        request.save(update_fields=["answer", "answered_by", "answered_on"])
        return request


def completions_leave(proposal: ManualProposal, *, today: date) -> None:
    """Go on without the answers that have not come, in the transaction (no answer stops nothing).

    Raises CaseRefused while there is time to answer.
    """
    waiting = _open(proposal)
    if last := waiting.filter(answer_by__gte=today).order_by("-answer_by").first():
        raise CaseRefused(
            _("The applicant has been asked to complete this by {last}.").format(
                last=day(last.answer_by)
            )
        )
    waiting.update(closed_on=today)


def _handled(proposal_id: int, by: User) -> ManualProposal:
    proposal = proposal_locked(proposal_id, ProposalStatus.OPEN)
    refuse_hand(proposal, by, Part.PROPOSED)
    return proposal


def _open(proposal: ManualProposal) -> ManualCompletionQuerySet:
    return ManualCompletion.objects.open().filter(proposal=proposal)


def _waiting(proposal: ManualProposal, completion_id: int) -> ManualCompletion:
    request = _open(proposal).filter(pk=completion_id).first()
    if request is None:
        raise CaseRefused(_("This has been answered, or the handling has gone on without it."))
    return request


def _refuse_past(answer_by: date, before: date) -> None:
    if answer_by <= before:
        raise CaseRefused(_("The last day to answer must be later than that."))


def _tell(proposal: ManualProposal, at: datetime) -> None:
    """Say by mail to whoever applied that something waits; no personal data in it."""
    page_notice_put(
        "manual_detail",
        proposal.pk,
        to=proposal.applied_by,
        language=language_of(proposal.payee),
        at=at,
    )


def language_of(applicant: Organisation) -> str:
    """The language in which an applicant is written to: of a bilingual one, the majority's."""
    return applicant.language.removeprefix("bilingual_")
