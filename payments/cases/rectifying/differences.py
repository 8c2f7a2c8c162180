"""What a claim for rectification comes to beside what was granted before: never less (P-04, P-07)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from config.templatetags.finnish import month as written_month
from payments.cases.errors import CaseRefused
from payments.cases.models import ManualCase, ManualMonth, ManualProposal, ProposalStatus, Verdict
from payments.cases.rectifying.models import ClaimRuling, ManualRectification

Key = tuple[int, date, int | None]  # person, benefit month, payee


def claim_of(proposal: ManualProposal) -> ManualRectification | None:
    """The claim that a proposal decides, if it decides one; one query."""
    return ManualRectification.objects.filter(proposal=proposal).first()


def with_granted_before(months: list[ManualMonth]) -> list[ManualMonth]:
    """The months of a claim: what was granted before is said so, what is more is the difference."""
    before = _granted_before({month.person_id for month in months})
    for month in months:
        had = before.get(_key(month), 0)
        if not had or month.verdict not in (Verdict.GRANTED, Verdict.PAID_BEFORE):
            continue
        more = month.amount_cents - had
        if more > 0:
            month.verdict, month.amount_cents = Verdict.GRANTED, more
            month.adult_cents = min(month.adult_cents, more)
        else:
            month.verdict = Verdict.GRANTED_BEFORE
    return months


def refuse_less(cases: Sequence[ManualCase], months: Sequence[ManualMonth]) -> None:
    """Refuse allocations by which something that was granted would be taken back (P-07).

    That would be a recovery, with its hearing. Raises CaseRefused.
    """
    kept = {
        _key(month): month.amount_cents
        for month in months
        if month.verdict == Verdict.GRANTED_BEFORE
    }
    more = {_key(month) for month in months if month.verdict == Verdict.GRANTED}
    persons = {case.person_id: case for case in cases if case.person_id}
    for key, cents in _granted_before(persons).items():
        person, month, _payee = key
        case = persons[person]
        within = case.first_month <= month <= case.last_month
        if within and key not in more and kept.get(key, 0) < cents:
            raise CaseRefused(
                _(
                    "By these allocations {month} would no longer be paid as it was granted. A "
                    "claim takes nothing back; allocate so that it stays."
                ).format(month=written_month(month))
            )


def claim_rule(claim: ManualRectification, months: Sequence[ManualMonth]) -> None:
    """Say how the claim is to be decided, by what is proposed of it. Raises CaseRefused."""
    is_upheld = any(month.verdict == Verdict.GRANTED for month in months)
    if claim.is_late and claim.proposal.cases.filter(residences__isnull=False).exists():
        raise CaseRefused(_("The claim came late and is not considered: refuse it as a whole."))
    if claim.is_late:
        claim.ruling = ClaimRuling.INADMISSIBLE
    else:
        claim.ruling = ClaimRuling.UPHELD if is_upheld else ClaimRuling.REFUSED
    claim.save(update_fields=["ruling"])


def _key(month: ManualMonth) -> Key:
    return month.person_id, month.benefit_month, month.payee_id


def _granted_before(persons: Collection[int]) -> dict[Key, int]:
    """Cents granted by earlier decisions, by person, month and payee; one query."""
    rows = (
        ManualMonth.objects.granted()
        .filter(case__proposal__status=ProposalStatus.DECIDED, person__in=list(persons))
        .order_by("person", "benefit_month", "payee")
        .values_list("person", "benefit_month", "payee")
        .annotate(cents=Sum("amount_cents"))
    )
    return {(person, month, payee): cents for person, month, payee, cents in rows}
