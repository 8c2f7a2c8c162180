"""Whose lines a payee's sums gather."""

from __future__ import annotations

from django.db.models import QuerySet

from payments.ledger.models import Line, Proposal
from registry.models import Organisation


def payees_of(proposal: Proposal) -> QuerySet[Organisation]:
    """The payees whose lines the proposal pays: its own and its predecessors (C-33)."""
    return Organisation.objects.paid_to(proposal.payee_id, proposal.run.month)


def payee_lines(proposal: Proposal) -> QuerySet[Line]:
    """The lines that the proposal pays (C-34)."""
    return Line.objects.filter(run=proposal.run_id, payee__in=payees_of(proposal))
