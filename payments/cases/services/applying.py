"""A municipality or county applies for persons whom the automatic month does not pay (P-08, P-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from config.templatetags.finnish import month as written_month
from payments.cases.errors import CaseRefused
from payments.cases.models import (
    APPLIED_FOR_FROM,
    ManualCase,
    ManualProposal,
    ProposalStatus,
    last_day_to_apply,
)
from payments.cases.repeats import Mark, marks, repeated, sent_before
from payments.cases.services.steps import attempted, proposal_locked
from registry.access.models import Right, User
from registry.access.rights import own_organisations
from registry.audit.models import Verb
from registry.models import Organisation


@dataclass(frozen=True)
class AppliedCase:
    """A person as the applicant knows them, and the months applied for (first days, inclusive)."""

    first_month: date
    last_month: date
    evidence: str
    uma_number: str = ""
    permit_number: str = ""
    family_name: str = ""
    given_names: str = ""
    birth_date: date | None = None

    @property
    def marks(self) -> frozenset[Mark]:
        """By what it names somebody: numbers, or name and birth date; nothing if it names nobody."""
        return marks(
            self.uma_number, self.permit_number, self.family_name, self.given_names,
            self.birth_date,
        )  # fmt: skip


def cases_apply(
    rows: Sequence[AppliedCase], *, applicant: Organisation, by: User, today: date
) -> ManualProposal:
    """Apply for persons' months, all of them in one application.

    Raises CaseRefused if the user does not send for the applicant, if nobody is named or somebody
    twice, if no month of a row can be applied for any more, or if an application of it waits.
    """
    with attempted(Verb.CREATED, by) as event:
        event.acting_for = applicant
        if by.access.organisation != applicant or by.access.right != Right.SEND:
            raise CaseRefused(_("Only an officer who sends for the organisation does this."))
        _refuse_unfit(rows, today)
        # Of two officers who send at once the second sees what the first sent.
        Organisation.objects.select_for_update(no_key=True).get(pk=applicant.pk)
        _refuse_repeated(rows, applicant, today)
        proposal = ManualProposal.objects.create(
            payee=applicant, status=ProposalStatus.OPEN, applied_by=by, applied_on=today
        )
        ManualCase.objects.bulk_create(
            ManualCase(
                proposal=proposal,
                first_month=row.first_month,
                last_month=row.last_month,
                opened_on=today,
                stated_uma_number=row.uma_number,
                stated_permit_number=row.permit_number,
                stated_family_name=row.family_name,
                stated_given_names=row.given_names,
                stated_birth_date=row.birth_date,
                stated_evidence=row.evidence,
            )
            for row in rows
        )
        event.object_id = str(proposal.pk)
        event.object_type = proposal._meta.label_lower
        return proposal


def application_withdraw(proposal_id: int, *, by: User) -> ManualProposal:
    """Withdraw an application that has not been decided. Raises CaseRefused."""
    about = ManualProposal.objects.get(pk=proposal_id)
    with attempted(Verb.WITHDRAWN, by, about) as event:
        proposal = proposal_locked(proposal_id, ProposalStatus.OPEN, ProposalStatus.PROPOSED)
        event.acting_for = proposal.payee
        refuse_other_senders(proposal.payee, by)
        proposal.status = ProposalStatus.WITHDRAWN
        proposal.save(update_fields=["status"])
        return proposal


def refuse_other_senders(applicant: Organisation, by: User) -> None:
    """Refuse whoever does not send for the applicant or the successor of it (C-33). Raises CaseRefused."""
    is_own = own_organisations(by).filter(pk=applicant.pk).exists()
    if not is_own or by.access.right != Right.SEND:
        raise CaseRefused(_("Only an officer who sends for the organisation does this."))


def _refuse_unfit(rows: Sequence[AppliedCase], today: date) -> None:
    if not rows:
        raise CaseRefused(_("Name at least one person."))
    if today < APPLIED_FOR_FROM:
        raise CaseRefused(_("Until 31.8.2023 the authority allocates without an application."))
    for row in rows:
        if not row.marks:
            raise CaseRefused(
                _(
                    "Say who is meant: a UMA customer number, a permit number, or name and birth date."
                )
            )
        if not row.first_month <= row.last_month <= today:
            raise CaseRefused(_("Months that have not begun cannot be applied for."))
        if last_day_to_apply(row.last_month) < today:
            raise CaseRefused(
                _("The months up to {month} can no longer be applied for (681/2023 70 §).").format(
                    month=written_month(row.last_month)
                )
            )


def _refuse_repeated(rows: Sequence[AppliedCase], applicant: Organisation, today: date) -> None:
    named = [mark for row in rows for mark in row.marks]
    if len(named) != len(set(named)):
        raise CaseRefused(_("The same person is named twice. Keep one of them."))
    before = sent_before(applicant, today)
    for row in rows:
        found = repeated(row.marks, row.first_month, row.last_month, before)
        if any(sent.is_waiting for _name, sent in found):
            raise CaseRefused(
                _("You have applied for one of these persons and months; the application waits.")
            )
