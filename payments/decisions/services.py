"""Deciding what an approved run pays, and the documents that say so (P-02)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from grants.costs import letter as cost_letter
from grants.decisions import appendix as support_appendix
from grants.decisions import letter as support_letter
from grants.decisions.services.serving import support_served
from payments.decisions import (
    claims_letter,
    letter,
    manual_letter,
    recovery_letter,
    specification,
)
from payments.decisions.models import RunDecision
from payments.models import Run
from payments.runs.models import case_of
from registry.decisions.models import Decision, Service, remedy_on
from registry.decisions.services import decision_serve, decisions_store, document_keep
from registry.decisions.wording import APPENDIX
from registry.models import User

Maker = Callable[[Decision, datetime], bytes]  # in the active language

OF_RUN: Mapping[tuple[str, str], Maker] = {
    ("decision", "pdf"): letter.pdf,
    ("specification", "pdf"): specification.pdf,
    ("specification", "xlsx"): specification.xlsx,
}
OF_CLAIMS: Mapping[tuple[str, str], Maker] = {
    ("decision", "pdf"): claims_letter.pdf,
    (APPENDIX, "pdf"): claims_letter.appendix_pdf,
    (APPENDIX, "xlsx"): claims_letter.appendix_xlsx,
}
OF_SUPPORT: Mapping[tuple[str, str], Maker] = {
    ("decision", "pdf"): support_letter.pdf,
    (APPENDIX, "pdf"): support_appendix.pdf,
    (APPENDIX, "xlsx"): support_appendix.xlsx,
}
OF_COST: Mapping[tuple[str, str], Maker] = {("decision", "pdf"): cost_letter.pdf}
OF_RECOVERY: Mapping[tuple[str, str], Maker] = {("decision", "pdf"): recovery_letter.pdf}
OF_MANUAL: Mapping[tuple[str, str], Maker] = {
    ("decision", "pdf"): manual_letter.pdf,
    (APPENDIX, "pdf"): manual_letter.appendix_pdf,
    (APPENDIX, "xlsx"): manual_letter.appendix_xlsx,
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


def makers_of(decision: Decision) -> Mapping[tuple[str, str], Maker]:
    """How the documents of a decision are made, by kind and form."""
    if hasattr(decision, "of_run"):
        return OF_RUN
    if hasattr(decision, "of_recovery"):
        return OF_RECOVERY
    if hasattr(decision, "of_support"):
        has_rows = decision.of_support.rows.exists()
        return OF_SUPPORT if has_rows else {("decision", "pdf"): support_letter.pdf}
    if hasattr(decision, "of_cost"):
        return OF_COST
    return OF_MANUAL if hasattr(decision, "of_manual") else OF_CLAIMS


def documents_make(decision: Decision, *, language: str, at: datetime) -> None:
    """Make what has not been made yet of the decision's documents in the language."""
    for (kind, form), make in makers_of(decision).items():
        with override(language):
            document_keep(
                decision,
                kind=kind,
                form=form,
                language=language,
                make=partial(make, decision, at),
                at=at,
            )


@transaction.atomic
def decision_reach(
    decision: Decision, *, service: Service, day: date, by: User, at: datetime
) -> Decision:
    """Record that the decision reached its recipient; an application for a support is told.

    Serving again changes nothing. Raises DecisionRefused for a day before the decision's.
    """
    was_served = decision.is_served
    served = decision_serve(decision, service=service, day=day, by=by)
    if hasattr(decision, "of_support") and not was_served:
        support_served(decision.of_support, by=by, at=at)
    return served


def language_of(decision: Decision) -> str:
    """The language that was asked for, or the recipient's own: of a bilingual one, the majority's."""
    if hasattr(decision, "of_support"):
        return decision.of_support.application.language
    if hasattr(decision, "of_cost"):
        return decision.of_cost.application.language
    return "sv" if decision.recipient.language in ("sv", "bilingual_sv") else "fi"


def appendix_persons(decision: Decision) -> tuple[list[int], str]:
    """The persons (ids) that the decision's appendix names, and on what ground in law (P-10)."""
    if hasattr(decision, "of_support"):
        rows = decision.of_support.rows.exclude(person=None)
        return list(rows.values_list("person", flat=True)), "434/2003 54 §"
    if hasattr(decision, "of_manual"):
        cases = decision.of_manual.proposal.cases.exclude(person=None)
        return list(cases.values_list("person", flat=True)), "681/2023 70 §"
    return list(decision.of_claims.claims.values_list("person", flat=True)), "681/2023 70 §"


def run_documents_make(run: Run, *, at: datetime) -> int:
    """Make the documents that no payee of the run has asked for yet; return how many decisions.

    Safe to run twice, and while payees fetch theirs.
    """
    rows = Decision.objects.filter(of_run__proposal__run=run, documents=None)
    related = ("recipient", "approver", "presenter", "of_run__proposal__payee")
    decisions = list(rows.select_related(*related, "of_run__proposal__run__delivery"))
    for decision in decisions:
        documents_make(decision, language=language_of(decision), at=at)
    return len(decisions)
