"""Beginning, saving, sending and withdrawing applications (G-01 … G-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.applications.attempts import application_attempt, own_locked, refuse_others
from grants.applications.content import SAID, content_hash
from grants.applications.models import Application
from grants.applications.receipt import receipt_make
from grants.applications.states import REPLACEABLE, VOID, ApplicationStatus, Deed
from grants.applications.steps import ApplicationRefused, application_locked, step_take
from grants.lists.services import list_ready
from grants.models import Round
from grants.notices.outbox import notice_put
from registry.access.models import Right, User
from registry.audit.models import Verb
from registry.models import Organisation

LOCK = 688_2001  # advisory lock of whoever takes numbers, until the transaction ends


class StaleSave(ApplicationRefused):
    """Somebody else has saved meanwhile; `saved` is the application as it is now."""

    def __init__(self, saved: Application) -> None:
        super().__init__(_("Somebody else has saved the application meanwhile."))
        self.saved = saved


def application_begin(
    round_: Round, *, applicant: Organisation, by: User, at: datetime
) -> Application:
    """Begin an application, or go on with the draft that there is.

    Where one has been sent and may be replaced, the draft is the one that will replace it (G-02).
    Raises ApplicationRefused.
    """
    with application_attempt(Verb.CREATED, by) as event:
        event.acting_for = applicant
        refuse_others(applicant, by)
        _refuse_shut(round_, at)
        if not Round.objects.open_to(applicant).filter(pk=round_.pk).exists():
            raise ApplicationRefused(_("This round is not for organisations of your kind (G-01)."))
        Organisation.objects.select_for_update().get(pk=applicant.pk)
        application = _draft(round_, applicant) or _begun(round_, applicant, by, at)
        event.object_id, event.case_ref = str(application.pk), application.case_ref
        return application


def _draft(round_: Round, applicant: Organisation) -> Application | None:
    if not round_.is_single:
        return None
    drafts = Application.objects.filter(round=round_, applicant=applicant)
    return drafts.filter(status=ApplicationStatus.DRAFT).first()


def _begun(round_: Round, applicant: Organisation, by: User, at: datetime) -> Application:
    earlier = _to_replace(round_, applicant, at)
    if earlier:
        said = {name: getattr(earlier, name) for name in SAID}
    else:
        said = _first_guess(applicant, by)
    application = Application.objects.create(
        round=round_, applicant=applicant, replaces=earlier, created_at=at, created_by=by, **said
    )
    step_take(application, Deed.CREATED, by=by, at=at)
    return application


def _first_guess(applicant: Organisation, by: User) -> dict[str, Any]:
    swedish = applicant.language in ("sv", "bilingual_sv")
    return {
        "contact_name": by.get_full_name(),
        "contact_email": by.email,
        "language": "sv" if swedish else "fi",
    }


def _to_replace(round_: Round, applicant: Organisation, at: datetime) -> Application | None:
    """The application that a new one would replace. Raises ApplicationRefused if it may not be."""
    if not round_.is_single:
        return None
    sent = Application.objects.sent().filter(round=round_, applicant=applicant)
    earlier = sent.exclude(status__in=VOID).first()
    if earlier is not None:
        _refuse_replacing(earlier, round_, at)
    return earlier


def _refuse_replacing(earlier: Application, round_: Round, at: datetime) -> None:
    if round_.is_over(at):
        raise ApplicationRefused(
            _(
                "Application {number} stands: it could be replaced until the window closed (G-02)."
            ).format(number=earlier.number)
        )
    if earlier.status not in REPLACEABLE:
        raise ApplicationRefused(
            _("Application {number} is being decided and can no longer be replaced.").format(
                number=earlier.number
            )
        )


def application_save(
    application_id: int, *, version: int, by: User, at: datetime, said: Mapping[str, Any]
) -> Application:
    """Save what the applicant says, over the version that they saw.

    Raises StaleSave if that is no longer the one saved, ApplicationRefused if it stands as sent.
    """
    with application_attempt(Verb.CHANGED, by, application_id):
        application = own_locked(application_id, by)
        if not application.is_editable:
            raise ApplicationRefused(_("An application that was sent stands as it was sent."))
        _refuse_stale(application, version)
        for name, value in said.items():
            setattr(application, name, value)
        application.version += 1
        application.saved_at, application.saved_by = at, by
        application.save(update_fields=[*said, "version", "saved_at", "saved_by"])
        return application


def application_send(application_id: int, *, seen: str, by: User, at: datetime) -> Application:
    """Send a draft, in time or late: it gets its number, its receipt, and stands (G-03).

    The sender declares that what they have seen, by its content hash, is correct. Raises
    ApplicationRefused if it has changed since, and for whatever it lacks.
    """
    with application_attempt(Verb.CHANGED, by, application_id) as event:
        event.details = {"deed": Deed.SENT}
        application = own_locked(application_id, by, right=Right.SEND)
        _refuse_shut(application.round, at)
        if reason := objection_to_sending(application):
            raise ApplicationRefused(reason)
        if content_hash(application) != seen:
            raise ApplicationRefused(
                _("The application has changed since you read it. Read it again.")
            )
        if application.replaces_id:
            _replace(application, by, at)
        year = timezone.localdate(at).year
        step_take(
            application,
            Deed.SENT,
            by=by,
            at=at,
            year=year,
            serial=_next_serial(year),
            submitted_at=at,
            submitted_by=by,
            is_correct=True,
            is_late=application.round.is_over(at),
            content_hash=seen,
        )
        receipt_make(application)
        notice_put(application, at=at, also=by)
        return application


def objection_to_sending(application: Application) -> str | None:
    """What a draft lacks to be sent, in a sentence; None if nothing."""
    if not (application.contact_name and application.contact_email):
        return _("Give a contact person with an e-mail address.")
    if not application.round.has_list and not _names_salary(application):
        return _("Give the employee with a title, and the salary costs that you apply for.")
    if not application.round.is_single and application.committed_persons is None:
        return _("Say how many persons the municipality has committed itself to receive.")
    return list_ready(application) if application.round.has_list else None


def _names_salary(application: Application) -> bool:
    return bool(
        application.worker_name and application.worker_title and application.ceiling_eur is not None
    )


def _replace(application: Application, by: User, at: datetime) -> None:
    assert application.replaces_id
    earlier = application_locked(application.replaces_id)
    if earlier.status in VOID:
        return
    _refuse_replacing(earlier, application.round, at)
    step_take(earlier, Deed.REPLACED, by=by, at=at)


def _next_serial(year: int) -> int:
    """The next number of the year; whoever else takes one waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, year])
    last = Application.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def application_withdraw(application_id: int, *, by: User, at: datetime) -> Application:
    """Withdraw an application before it is decided; a draft is discarded by whoever prepares it.

    Raises ApplicationRefused.
    """
    with application_attempt(Verb.WITHDRAWN, by, application_id):
        application = own_locked(application_id, by)
        if application.submitted_at and by.access.right != Right.SEND:
            raise ApplicationRefused(_("Only an officer who sends for the organisation withdraws."))
        step_take(application, Deed.WITHDRAWN, by=by, at=at)
        return application


def _refuse_shut(round_: Round, at: datetime) -> None:
    if not Round.objects.receiving(timezone.localdate(at)).filter(pk=round_.pk).exists():
        raise ApplicationRefused(_("This round does not receive applications."))


def _refuse_stale(application: Application, version: int) -> None:
    if application.version != version:
        raise StaleSave(application)
