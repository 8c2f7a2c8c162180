"""A list received becomes a draft or is refused; a draft is sent or removed (P-08)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.lists.reading.refusals import ListRefused
from payments.cases.drafts.checking import Finding, findings_of
from payments.cases.drafts.columns import COLUMNS
from payments.cases.drafts.errors import ListFaulty
from payments.cases.drafts.models import DraftPerson, ManualDraft
from payments.cases.drafts.reading import Row, rows_read
from payments.cases.errors import CaseRefused
from payments.cases.models import ManualProposal
from payments.cases.services.applying import AppliedCase, cases_apply
from registry.access.models import User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.models import Organisation


def draft_make(content: bytes, *, applicant: Organisation, by: User, at: datetime) -> ManualDraft:
    """Make a draft of a list; of one that is refused or faulty nothing is kept.

    Raises ListRefused for a file that is no list of the applicant's, ListFaulty for rows with errors.
    """
    with _attempted(Verb.IMPORTED, by, ManualDraft) as event:
        event.acting_for = applicant
        rows = rows_read(content, applicant)
        findings = findings_of(rows, applicant=applicant, today=timezone.localdate(at))
        if any(finding.is_error for finding in findings):
            raise ListFaulty(findings)
        draft = ManualDraft.objects.create(
            applicant=applicant, sha256=sha256(content).hexdigest(), made_by=by, made_at=at
        )
        DraftPerson.objects.bulk_create(
            DraftPerson(draft=draft, line=row.line, **row.values) for row in rows
        )
        event.object_id = str(draft.pk)
        return draft


def draft_findings(
    draft: ManualDraft, persons: Iterable[DraftPerson], *, today: date
) -> list[Finding]:
    """What is wrong with the persons of a draft as of the day; one query."""
    rows = [Row(person.line, said := _said(person), _written(said)) for person in persons]
    return findings_of(rows, applicant=draft.applicant, today=today)


def draft_send(draft_id: int, *, by: User, today: date) -> ManualProposal:
    """Apply for the persons of a draft, which is then gone. Raises CaseRefused."""
    with transaction.atomic():
        draft = _locked(draft_id)
        rows = [AppliedCase(**_said(person)) for person in draft.persons.all()]
        applicant = by.access.organisation or draft.applicant  # after a merger the successor
        proposal = cases_apply(rows, applicant=applicant, by=by, today=today)
        draft.delete()
        return proposal


def draft_remove(draft_id: int, *, by: User) -> None:
    """Remove a draft with its persons. Raises CaseRefused."""
    with _attempted(Verb.DELETED, by, ManualDraft.objects.filter(pk=draft_id).first()) as event:
        draft = _locked(draft_id)
        event.acting_for = draft.applicant
        draft.delete()


def _locked(draft_id: int) -> ManualDraft:
    drafts = ManualDraft.objects.select_for_update(of=("self",)).select_related("applicant")
    if draft := drafts.filter(pk=draft_id).first():
        return draft
    raise CaseRefused(_("The list has been sent or removed meanwhile."))


def _said(person: DraftPerson) -> dict[str, Any]:
    return {name: getattr(person, name) for name in COLUMNS}


def _written(said: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in said.items()}


def _attempted(
    verb: Verb, by: User, about: type[ManualDraft] | ManualDraft | None
) -> AbstractContextManager[AuditEvent]:
    return attempt(
        CaseRefused, ListFaulty, ListRefused,
        verb=verb, actor=by, about=about or ManualDraft, purpose=Purpose.COMPENSATION,
    )  # fmt: skip
