"""Proposing a decision from the rows as marked, and returning a proposal (P-01, G-03)."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.applications.models import Application
from grants.applications.states import Deed
from grants.applications.steps import step_take
from grants.decisions.amounts import RunningSum, rows_store, running_sum
from grants.decisions.ceilings import granted_cents, raised_ceiling
from grants.decisions.models import (
    GRANTING,
    ProposalStatus,
    ProposedRow,
    RectificationClaim,
    Ruling,
    SupportProposal,
)
from grants.hearings.selectors import latest_hearing, unheard_rows
from grants.review.attempts import case_attempt
from grants.review.errors import ReviewRefused
from grants.review.marking import granted_rows, rows_to_check
from grants.review.models import Phrase
from registry.access.models import Part, User
from registry.audit.models import Verb


def decision_propose(
    application_id: int,
    *,
    by: User,
    at: datetime,
    reasons: str,
    is_inadmissible: bool = False,
    unheard: Phrase | None = None,
) -> SupportProposal:
    """Propose what the marks of the rows say, or that the application be dismissed (P-02, G-03).

    `unheard` says why the applicant is not heard on rows that are refused (434/2003 § 34). Raises
    ReviewRefused while a row has no mark or a hearing waits for its answer, or if reasons are
    missing where anything is refused; ApplicationRefused if the application is not in check.
    """
    with case_attempt(Verb.PROPOSED, by, application_id, deed=Deed.PROPOSED) as (
        application,
        event,
    ):
        if not application.round.has_list:
            raise ReviewRefused(_("This support is granted up to a ceiling, not by rows."))
        step_take(application, Deed.PROPOSED, by=by, at=at)
        ruling, cents = _ruled(application, is_inadmissible=is_inadmissible)
        proposal = SupportProposal(
            application=application,
            ruling=ruling,
            reasons=reasons,
            amount_cents=cents,
            unheard=_unheard(application, ruling, unheard, timezone.localdate(at)),
            proposed_by=by,
            proposed_at=at,
        )
        event.details["proposal"] = proposal_store(proposal, before=0).pk
        return proposal


def rectification_propose(
    claim_id: int,
    *,
    by: User,
    at: datetime,
    reasons: str,
    ruling: Ruling,
    ceiling_cents: int | None = None,
) -> SupportProposal:
    """Propose a decision on a rectification claim: upheld as the rows are marked now, or not.

    A salary grant has no rows: it is upheld up to the ceiling. What has been granted is not taken
    back here: that is a recovery (P-07). Raises ReviewRefused.
    """
    claim = RectificationClaim.objects.select_related("contested").get(pk=claim_id)
    of = claim.contested.application_id
    with case_attempt(Verb.PROPOSED, by, of, deed=Deed.PROPOSED) as (application, _event):
        if not RectificationClaim.objects.open().filter(pk=claim_id).exists():
            raise ReviewRefused(_("The claim has been decided."))
        if application.proposals.open().exists():
            raise ReviewRefused(_("A proposal waits for the approver already."))
        before = granted_cents(application)
        cents = before
        if ruling in GRANTING:
            cents = _upheld_cents(application, before, ceiling_cents)
        proposal = SupportProposal(
            application=application,
            claim=claim,
            ruling=ruling,
            reasons=reasons,
            amount_cents=cents,
            proposed_by=by,
            proposed_at=at,
        )
        return proposal_store(proposal, before=before)


def proposal_return(proposal_id: int, *, by: User, at: datetime, reason: str) -> SupportProposal:
    """Give a proposal back to be checked, with a reason for the reviewer. Raises ReviewRefused."""
    of = SupportProposal.objects.get(pk=proposal_id).application_id
    with case_attempt(
        Verb.RETURNED, by, of, part=Part.APPROVED, deed=Deed.RETURNED
    ) as (application, _event):  # fmt: skip
        proposal = proposal_open(proposal_id)
        if not reason.strip():
            raise ReviewRefused(_("Say why it is returned."))
        if proposal.claim_id is None:
            step_take(application, Deed.RETURNED, by=by, at=at)
        proposal.status, proposal.returned_by = ProposalStatus.RETURNED, by
        proposal.returned_for = reason.strip()
        proposal.save(update_fields=["status", "returned_by", "returned_for"])
        return proposal


def proposal_open(proposal_id: int) -> SupportProposal:
    """The proposal, locked, if it waits for the approver. Raises ReviewRefused."""
    locked = SupportProposal.objects.select_for_update(of=("self",))
    proposal = locked.select_related("application__round__frame", "application__applicant").get(
        pk=proposal_id
    )
    if proposal.status != ProposalStatus.PROPOSED:
        raise ReviewRefused(
            _("This proposal is {status} by now. Open it anew.").format(
                status=proposal.get_status_display()
            )
        )
    return proposal


def proposal_hash(proposal: SupportProposal) -> str:
    """Hash of what is decided: the ruling, its reasons, and each row with its amount or why not.

    Why the applicant was not heard is in it where that is said.
    """
    rows = ProposedRow.objects.filter(proposal=proposal).order_by("row", "recipient_kind")
    said = rows.values_list("row", "recipient_kind", "accepted", "phrase__code", "amount_cents")
    words = (proposal.ruling, proposal.reasons, proposal.conditions)
    unheard = [proposal.unheard.code] if proposal.unheard else []
    content = (*words, proposal.amount_cents, list(said), *unheard)
    return sha256(repr(content).encode()).hexdigest()


def _ruled(application: Application, *, is_inadmissible: bool) -> tuple[Ruling, int]:
    """The ruling that the marks come to, and its cents. Raises ReviewRefused."""
    if is_inadmissible:
        return Ruling.INADMISSIBLE, 0
    sums = _whole_sum(application)
    if not sums.accepted:
        return Ruling.REFUSED, 0
    return (Ruling.PARTLY if sums.refused else Ruling.GRANTED), sums.cents


def _unheard(
    application: Application, ruling: Ruling, why: Phrase | None, today: date
) -> Phrase | None:
    """Why the applicant is not heard, where it has to be said (§ 34). Raises ReviewRefused."""
    if ruling == Ruling.GRANTED:
        return None
    hearing = latest_hearing(application)
    if hearing is not None and not hearing.is_over(today):
        raise ReviewRefused(_("The applicant still has time to answer the hearing."))
    rows = unheard_rows(application, today).count()
    if ruling == Ruling.INADMISSIBLE or not rows:
        return None
    if why is None:
        raise ReviewRefused(
            ngettext(
                "{count} row is refused for a reason that the applicant has not been heard on. "
                "Hear it, or choose why that is not needed.",
                "{count} rows are refused for reasons that the applicant has not been heard on. "
                "Hear it, or choose why that is not needed.",
                rows,
            ).format(count=rows)
        )
    return why


def _upheld_cents(application: Application, before: int, ceiling_cents: int | None) -> int:
    if not application.round.has_list:
        return raised_ceiling(application, before, ceiling_cents)
    sums = _whole_sum(application)
    granted = granted_rows(application).values("row")
    if rows_to_check(application).filter(pk__in=granted, mark__accepted=False).exists():
        raise ReviewRefused(
            _("A row that has been granted cannot be refused here: recovery is decided separately.")
        )
    if sums.cents <= before:
        raise ReviewRefused(_("Accept the rows that the claim is upheld for first."))
    return sums.cents


def _whole_sum(application: Application) -> RunningSum:
    """What the marks come to. Raises ReviewRefused while a row has none."""
    if unmarked := rows_to_check(application).filter(mark=None).count():
        raise ReviewRefused(
            ngettext(
                "{count} row is neither accepted nor refused.",
                "{count} rows are neither accepted nor refused.",
                unmarked,
            ).format(count=unmarked)
        )
    return running_sum(application)


def proposal_store(proposal: SupportProposal, *, before: int) -> SupportProposal:
    """Store a proposal, of which `before` has been granted already, with its rows if it has any.

    Raises ReviewRefused if reasons are missing where something is refused.
    """
    proposal.reasons = proposal.reasons.strip()
    if proposal.ruling != Ruling.GRANTED and not proposal.reasons:
        raise ReviewRefused(
            _("Write the reasons: something is refused, and the applicant reads why.")
        )
    proposal.difference_cents = proposal.amount_cents - before
    proposal.save(force_insert=True)
    is_of_rows = proposal.claim is None and proposal.ruling != Ruling.INADMISSIBLE
    if is_of_rows or proposal.ruling in GRANTING:
        rows_store(proposal)
    return proposal
