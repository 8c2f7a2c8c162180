"""Applying for claimable months, checking, deciding (C-31, C-32, § 70; P-01, P-08)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments.claims.amounts import amounts_store
from payments.claims.models import (
    ApplicationStatus,
    Claim,
    ClaimApplication,
    route_of_claim,
)
from payments.claims.selectors import open_entries
from registry.access.hands import objection
from registry.access.models import Part, Right, User
from registry.access.rights import own_organisations
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.decisions.models import Decision, remedy_on
from registry.decisions.services import decisions_store
from registry.organisations.models import Organisation


class ClaimRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""


def claims_apply(
    entries: Collection[int], *, applicant: Organisation, by: User, today: date
) -> ClaimApplication:
    """Apply for the months of the claimable entries (ids), all of them or none (§ 70).

    Raises ClaimRefused if one is not the applicant's, has lapsed, or is applied for already, or if
    the user does not send for the applicant.
    """
    with _attempt(Verb.CREATED, by) as event:
        event.acting_for = applicant
        if by.access.organisation != applicant or by.access.right != Right.SEND:
            raise ClaimRefused(_("Only an officer who sends for the organisation applies."))
        months = _claimable(entries, applicant, today)
        application = ClaimApplication.objects.create(
            applicant=applicant, applied_by=by, applied_on=today
        )
        Claim.objects.bulk_create(
            Claim(
                application=application,
                person_id=person,
                benefit_month=month,
                payee_id=payee,
                route=route_of_claim(month, today),
            )
            for person, month, payee in months
        )
        event.object_id = str(application.pk)
        event.persons = sorted({person for person, _month, _payee in months})
        return application


def _claimable(
    entries: Collection[int], applicant: Organisation, today: date
) -> list[tuple[int, date, int]]:
    """Person, month and payee of the entries, locked. Raises ClaimRefused unless all may be had."""
    found = list(
        open_entries(applicant, today)
        .filter(pk__in=entries)
        .select_for_update(of=("self",))
        .order_by("person", "benefit_month", "payee")
    )
    missing = len(set(entries)) - len(found)
    if missing or not found:
        raise ClaimRefused(
            ngettext(
                "{count} of the months you chose can no longer be applied for: it has been applied "
                "for already, or its last day has passed. Nothing was sent; choose again.",
                "{count} of the months you chose can no longer be applied for: they have been "
                "applied for already, or their last day has passed. Nothing was sent; choose again.",
                missing,
            ).format(count=missing)
            if found or entries
            else _("Choose at least one month.")
        )
    return sorted({(entry.person_id, entry.benefit_month, entry.payee_id) for entry in found})


def application_propose(
    application_id: int, *, by: User, refused: Mapping[int, str]
) -> ClaimApplication:
    """Propose that the claims be paid, but for those refused (id to reason, in the letter's words).

    Raises ClaimRefused.
    """
    with _attempt(Verb.PROPOSED, by, application_id):
        application = _locked(application_id, ApplicationStatus.APPLIED)
        _refuse_hand(application, by, Part.PROPOSED)
        if any(not reason.strip() for reason in refused.values()):
            raise ClaimRefused(_("Give the reason of each refusal: the applicant reads it."))
        application.claims.exclude(pk__in=refused).update(accepted=True, reason="")
        for claim_id, reason in refused.items():
            application.claims.filter(pk=claim_id).update(accepted=False, reason=reason.strip())
        return _step(application, ApplicationStatus.PROPOSED, proposed_by=by)


def application_return(application_id: int, *, by: User, reason: str) -> ClaimApplication:
    """Give a proposal back to be checked again, with a reason. Raises ClaimRefused."""
    with _attempt(Verb.RETURNED, by, application_id):
        application = _locked(application_id, ApplicationStatus.PROPOSED)
        if not reason.strip():
            raise ClaimRefused(_("Say why it is returned."))
        return _step(application, ApplicationStatus.APPLIED, returned_for=reason.strip())


def application_withdraw(application_id: int, *, by: User) -> ClaimApplication:
    """Withdraw what has not been decided; its months can be applied for again. Raises ClaimRefused."""
    with _attempt(Verb.WITHDRAWN, by, application_id) as event:
        application = _locked(application_id, ApplicationStatus.APPLIED, ApplicationStatus.PROPOSED)
        event.acting_for = application.applicant
        is_own = own_organisations(by).filter(pk=application.applicant_id).exists()
        if not is_own or by.access.right != Right.SEND:
            raise ClaimRefused(_("Only an officer who sends for the organisation withdraws."))
        application.claims.update(is_closed=True)
        return _step(application, ApplicationStatus.WITHDRAWN)


def application_decide(application_id: int, *, by: User, at: datetime) -> ClaimApplication:
    """Decide as proposed; the next run pays what is granted at its routes' rates (C-32, P-02).

    Raises ClaimRefused if the approver had a part in it, or it is not proposed.
    """
    with _attempt(Verb.APPROVED, by, application_id):
        application = _locked(application_id, ApplicationStatus.PROPOSED)
        _refuse_hand(application, by, Part.APPROVED)
        assert application.proposed_by
        decided_on = timezone.localdate(at)
        (decision,) = decisions_store(
            [
                Decision(
                    decided_on=decided_on,
                    recipient=application.applicant,
                    case_ref=case_of(application),
                    amount_cents=amounts_store(application.claims.filter(accepted=True)),
                    content_hash=content_hash(application),
                    presenter=application.proposed_by,
                    approver=by,
                    remedy=remedy_on(decided_on),
                )
            ],
            year=decided_on.year,
        )
        application.claims.filter(accepted=False).update(is_closed=True)
        return _step(application, ApplicationStatus.DECIDED, decided_by=by, decision=decision)


def content_hash(application: ClaimApplication) -> str:
    """Hash of what is decided: each claim, and whether it is granted or why not."""
    rows = application.claims.order_by("pk").values_list("pk", "route", "accepted", "reason")
    return sha256(repr(list(rows)).encode()).hexdigest()


def case_of(application: ClaimApplication) -> str:
    """What the access log and the decision call the case."""
    return f"claims {application.pk}"


def _locked(application_id: int, *statuses: ApplicationStatus) -> ClaimApplication:
    """The application, locked, in one of the states. Raises ClaimRefused."""
    locked = ClaimApplication.objects.select_for_update(of=("self",)).select_related("applicant")
    application = locked.get(pk=application_id)
    if application.status not in statuses:
        raise ClaimRefused(
            _("This application is already {status}. Open it anew.").format(
                status=application.get_status_display()
            )
        )
    return application


def _refuse_hand(application: ClaimApplication, by: User, part: Part) -> None:
    if reason := objection(application, by, part, concerns=application.applicant):
        raise ClaimRefused(reason)


def _step(
    application: ClaimApplication, status: ApplicationStatus, **values: object
) -> ClaimApplication:
    application.status = status
    for name, value in values.items():
        setattr(application, name, value)
    application.save(update_fields=["status", *values])
    return application


def _attempt(
    verb: Verb, by: User, application_id: int | None = None
) -> AbstractContextManager[AuditEvent]:
    about = ClaimApplication.objects.filter(pk=application_id).first() if application_id else None
    return attempt(
        ClaimRefused,
        verb=verb,
        actor=by,
        about=about or ClaimApplication,
        case_ref=case_of(about) if about else "",
        purpose=Purpose.COMPENSATION,
    )
