"""What the page of an application shows of completions: those asked, and what one may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from payments.cases.completion.forms import AnswerForm, AskForm, MoreTimeForm
from payments.cases.completion.models import ManualCompletion
from payments.cases.completion.selectors import cases_named
from payments.cases.models import ManualProposal, ProposalStatus
from payments.cases.services.steps import barrier
from registry.access.models import Part, Right, Role, User


@dataclass(frozen=True)
class CompletionRow:
    """A request with the form that this user may fill in: more time, or the answer."""

    request: ManualCompletion
    about: str
    extend: Form | None = None
    answer: Form | None = None


def completion_panel(
    user: User, proposal: ManualProposal, faulty: Mapping[str, Any]
) -> dict[str, Any]:
    """The requests of an application with their answers; `faulty` are forms that were sent so."""
    if not proposal.is_application:
        return {}
    is_open = proposal.status == ProposalStatus.OPEN
    is_asker = is_open and user.access.has(Role.REVIEWER) and not _barred(proposal, user)
    is_answerer = is_open and not user.access.is_staff and user.access.right == Right.SEND
    names = cases_named(proposal)
    rows = [
        CompletionRow(
            one,
            names[one.case_id] if one.case_id else "",
            extend=MoreTimeForm.of(one, faulty.get("extend_form")) if is_asker else None,
            answer=AnswerForm.of(one, faulty.get("answer_form")) if is_answerer else None,
        )
        for one in proposal.completions.order_by("pk")
    ]
    ask = faulty.get("ask_form") or AskForm(proposal=proposal) if is_asker else None
    return {"completions": rows, "is_handled": is_open, "ask_form": ask}


def _barred(proposal: ManualProposal, user: User) -> bool:
    return barrier(proposal, user, Part.PROPOSED) is not None
