"""Deciding what an approved run pays, and the documents that say so (P-02)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import override

from payments.decisions import letter, specification
from payments.decisions.models import RunDecision
from payments.models import Run
from payments.runs.models import case_of
from registry.decisions.models import Decision, DecisionDocument, remedy_on
from registry.decisions.services import decisions_store, document_keep

MAKERS = {
    ("decision", "pdf"): letter.pdf,
    ("specification", "pdf"): specification.pdf,
    ("specification", "xlsx"): specification.xlsx,
}


def run_decide(run: Run) -> int:
    """Make the decision of each payee of a run that has just been approved; return how many.

    In the transaction of the approval: a run is approved with its decisions or not at all.
    """
    assert run.checked_by
    assert run.approved_by
    assert run.approved_at
    decided_on = timezone.localdate(run.approved_at)
    proposals = list(run.proposals.order_by("payee__kind", "payee__code"))
    decisions = decisions_store(
        (
            Decision(
                decided_on=decided_on,
                recipient_id=proposal.payee_id,
                case_ref=case_of(run.month),
                amount_cents=proposal.amount_cents,
                presenter=run.checked_by,
                approver=run.approved_by,
                content_hash=run.input_hash,
                remedy=remedy_on(decided_on),
            )
            for proposal in proposals
        ),
        year=decided_on.year,
    )
    RunDecision.objects.bulk_create(
        RunDecision(decision=decision, proposal=proposal)
        for decision, proposal in zip(decisions, proposals, strict=True)
    )
    return len(decisions)


def document_of(
    decided: RunDecision, *, kind: str, form: str, language: str, at: datetime
) -> DecisionDocument:
    """A document of the decision, made now if it has never been. Raises KeyError for no such one."""
    make = MAKERS[kind, form]

    def made() -> bytes:
        with override(language):
            return make(decided, at)

    return document_keep(
        decided.decision, kind=kind, form=form, language=language, make=made, at=at
    )


def language_of(decided: RunDecision) -> str:
    """The recipient's own language: of a bilingual one, the majority's."""
    return "sv" if decided.decision.recipient.language in ("sv", "bilingual_sv") else "fi"


def documents_make(decided: RunDecision, *, language: str, at: datetime) -> None:
    """Make what has not been made yet of the decision's documents in the language."""
    for kind, form in MAKERS:
        document_of(decided, kind=kind, form=form, language=language, at=at)


def run_documents_make(run: Run, *, at: datetime) -> int:
    """Make the documents that no payee of the run has asked for yet; return how many decisions.

    Safe to run twice, and while payees fetch theirs.
    """
    decided = RunDecision.objects.filter(proposal__run=run, decision__documents=None)
    rows = decided.select_related("decision__recipient", "proposal__run", "proposal__payee")
    for row in rows:
        documents_make(row, language=language_of(row), at=at)
    return len(rows)
