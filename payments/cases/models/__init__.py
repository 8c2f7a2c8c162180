"""Persons allocated by hand: cases, allocations, what is proposed and decided (P-08, P-09, C-39).

A case is a person whom the automatic month does not pay. Its allocations are home-municipality
facts of their own source; the law computes its months from them as from the register's. A
proposal gathers the cases of one payee, and is decided as one.
"""

from payments.cases.models.allocations import ManualResidence, ManualResidenceQuerySet
from payments.cases.models.cases import Closing, ManualCase, ManualCaseQuerySet
from payments.cases.models.months import ManualMonth, ManualMonthQuerySet, Verdict
from payments.cases.models.proposals import (
    APPLIED_FOR_FROM,
    ManualDecision,
    ManualProposal,
    ManualProposalQuerySet,
    ProposalStatus,
    last_day_to_apply,
)

__all__ = [
    "APPLIED_FOR_FROM",
    "Closing",
    "ManualCase",
    "ManualCaseQuerySet",
    "ManualDecision",
    "ManualMonth",
    "ManualMonthQuerySet",
    "ManualProposal",
    "ManualProposalQuerySet",
    "ManualResidence",
    "ManualResidenceQuerySet",
    "ProposalStatus",
    "Verdict",
    "last_day_to_apply",
]
