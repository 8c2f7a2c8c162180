"""Adding evidence to an application or a case while it is handled, and removing what was sent in error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.cases.errors import CaseRefused
from payments.cases.evidence.models import CaseEvidence
from payments.cases.models import ManualCase, ManualProposal, ProposalStatus
from payments.cases.services.applying import AppliedCase, cases_apply, refuse_other_senders
from payments.cases.services.steps import case_locked, case_of, proposal_locked
from registry.access.hands import objection
from registry.access.models import Part, Role, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.files.inspection import FileRefused
from registry.files.services import Upload, file_keep, file_remove
from registry.models import Organisation


def applied_with_evidence(
    rows: Sequence[AppliedCase],
    files: Sequence[Upload],
    *,
    shows: str,
    applicant: Organisation,
    by: User,
    at: datetime,
) -> ManualProposal:
    """Apply for persons with evidence files, all or nothing. Raises CaseRefused, FileRefused."""
    with transaction.atomic():
        today = timezone.localdate(at)
        proposal = cases_apply(rows, applicant=applicant, by=by, today=today)
        if files:
            application_evidence_add(proposal.pk, files, shows=shows, by=by, at=at)
        return proposal


def application_evidence_add(
    proposal_id: int, files: Iterable[Upload], *, shows: str, by: User, at: datetime
) -> None:
    """Add the applicant's files to its application, all or none. Raises CaseRefused, FileRefused."""
    about = ManualProposal.objects.get(pk=proposal_id)
    with _attempted(Verb.CHANGED, by, about, about) as event:
        proposal = proposal_locked(proposal_id, ProposalStatus.OPEN)
        event.acting_for = by.access.organisation
        refuse_other_senders(proposal.payee, by)
        for sent in files:
            _add(sent, proposal=proposal, case=None, shows=shows, by=by, at=at)


def case_evidence_add(
    case_id: int, files: Iterable[Upload], *, shows: str, by: User, at: datetime
) -> None:
    """Add a reviewer's files to a case, all or none. Raises CaseRefused, FileRefused."""
    about = ManualCase.objects.select_related("proposal__payee").get(pk=case_id)
    with _attempted(Verb.CHANGED, by, about, about.proposal) as event:
        case = case_locked(case_id)
        event.persons = [case.person_id] if case.person_id else []
        _refuse_others(about.proposal, by)
        for sent in files:
            _add(sent, proposal=None, case=case, shows=shows, by=by, at=at)


def evidence_remove(evidence_id: int, *, by: User) -> None:
    """Remove a file of one's own side that was sent in error, while it is handled. Raises CaseRefused."""
    evidence = CaseEvidence.objects.select_related("proposal__payee", "case__proposal__payee").get(
        pk=evidence_id
    )
    proposal = evidence.proposal or (evidence.case.proposal if evidence.case else None)
    with _attempted(Verb.DELETED, by, evidence, proposal) as event:
        event.acting_for = by.access.organisation
        if evidence.case_id:
            case_locked(evidence.case_id)
        elif evidence.proposal_id:
            proposal_locked(evidence.proposal_id, ProposalStatus.OPEN)
        if evidence.is_authoritys:
            _refuse_others(proposal, by)
        elif proposal:
            refuse_other_senders(proposal.payee, by)
        file = evidence.file
        evidence.delete()
        file_remove(file, by=by, purpose=Purpose.COMPENSATION, case_ref=_ref(proposal))


def _add(
    sent: Upload,
    *,
    proposal: ManualProposal | None,
    case: ManualCase | None,
    shows: str,
    by: User,
    at: datetime,
) -> None:
    if not shows.strip():
        raise CaseRefused(_("Say what the files show."))
    of = proposal or (case.proposal if case else None)
    file = file_keep(
        sent.content,
        name=sent.name,
        by=by,
        at=at,
        purpose=Purpose.COMPENSATION,
        case_ref=_ref(of),
    )
    CaseEvidence.objects.create(
        proposal=proposal,
        case=case,
        file=file,
        shows=shows.strip(),
        is_authoritys=case is not None,
    )


def _refuse_others(proposal: ManualProposal | None, by: User) -> None:
    if not by.access.has(Role.REVIEWER):
        raise CaseRefused(_("Only a reviewer does this."))
    if proposal and (reason := objection(proposal, by, Part.PROPOSED, concerns=proposal.payee)):
        raise CaseRefused(reason)


def _ref(proposal: ManualProposal | None) -> str:
    return case_of(proposal) if proposal else ""


def _attempted(
    verb: Verb,
    by: User,
    about: ManualProposal | ManualCase | CaseEvidence,
    proposal: ManualProposal | None,
) -> AbstractContextManager[AuditEvent]:
    return attempt(
        CaseRefused, FileRefused,
        verb=verb, actor=by, about=about, case_ref=_ref(proposal), purpose=Purpose.COMPENSATION,
    )  # fmt: skip
