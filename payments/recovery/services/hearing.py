"""From set-off to repayment: the payee is asked first (434/2003 § 34)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from payments.models import RecoveryCase, RecoveryHearing
from payments.recovery.errors import RecoveryRefused
from payments.recovery.models import CaseStatus
from payments.recovery.services.attempts import case_attempt, case_locked, refuse_hand
from registry.access.models import Part, Right, User
from registry.audit.models import Verb


def repayment_begin(
    case_id: int, *, by: User, question: str, answer_by: date, today: date
) -> RecoveryHearing:
    """Ask the payee why it should not repay; later months are no longer set off.

    Of a support nothing is set off: it waits for this from the beginning. Raises RecoveryRefused.
    """
    with case_attempt(Verb.CHANGED, by, case_id):
        case = case_locked(case_id, CaseStatus.SET_OFF, CaseStatus.REPAY)
        if case.status == CaseStatus.REPAY and case.hearings.exists():
            raise RecoveryRefused(_("The payee has been asked already."))
        refuse_hand(case, by, Part.PROPOSED)
        if not question.strip():
            raise RecoveryRefused(_("Tell the payee why it is to repay: it is asked about that."))
        if answer_by <= today:
            raise RecoveryRefused(_("Give the payee time to answer: a day after today."))
        _move(case, CaseStatus.REPAY)
        return RecoveryHearing.objects.create(
            case=case, question=question.strip(), asked_by=by, asked_on=today, answer_by=answer_by
        )


def repayment_leave(case_id: int, *, by: User) -> RecoveryCase:
    """Go back to setting later months off. Raises RecoveryRefused while a step waits."""
    with case_attempt(Verb.CHANGED, by, case_id):
        case = case_locked(case_id, CaseStatus.REPAY)
        refuse_hand(case, by, Part.PROPOSED)
        if not case.may_be_set_off:
            raise RecoveryRefused(_("Months are not set off against a support; it is repaid."))
        if case.steps.filter(status="proposed").exists():
            raise RecoveryRefused(_("A step waits for its approver; have it approved or refused."))
        return _move(case, CaseStatus.SET_OFF)


def hearing_answer(case_id: int, *, by: User, answer: str, today: date) -> RecoveryHearing:
    """Answer the hearing for the payee. Raises RecoveryRefused if it is over or not one's own."""
    with case_attempt(Verb.CHANGED, by, case_id) as event:
        case = case_locked(case_id, CaseStatus.REPAY)
        event.acting_for = by.access.organisation
        hearing = RecoveryHearing.objects.filter(case=case).first()
        if by.access.right != Right.SEND:
            raise RecoveryRefused(_("Only an officer who sends for the organisation answers."))
        if hearing is None or hearing.is_over(today):
            raise RecoveryRefused(_("This hearing has been answered, or its time has passed."))
        if not answer.strip():
            raise RecoveryRefused(_("Write your answer."))
        hearing.answer, hearing.answered_by, hearing.answered_on = answer.strip(), by, today
        hearing.save(update_fields=["answer", "answered_by", "answered_on"])
    return hearing


def _move(case: RecoveryCase, status: CaseStatus) -> RecoveryCase:
    case.status = status
    case.save(update_fields=["status"])
    return case
