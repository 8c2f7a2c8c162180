"""Completions that wait for their answer; what the persons they are about are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from payments.cases.completion.models import ManualCompletion, ManualCompletionQuerySet
from payments.cases.models import ManualCase, ManualProposal
from registry.people.secrecy import non_disclosed

MOST_SHOWN = 10


def cases_named(proposal: ManualProposal) -> dict[int, str]:
    """What the applicant called each person of its application, by case; a few queries.

    Who is under non-disclosure is told by the number of the case alone (P-11).
    """
    cases = list(proposal.cases.order_by("pk"))
    secret = non_disclosed(case.person_id for case in cases if case.person_id)
    return {case.pk: _named(case, is_secret=case.person_id in secret) for case in cases}


def _named(case: ManualCase, *, is_secret: bool) -> str:
    if is_secret:
        return _("person under non-disclosure, case {number}").format(number=case.pk)
    name = f"{case.stated_family_name} {case.stated_given_names}".strip()
    return name or case.stated_uma_number or case.stated_permit_number


def to_answer(completions: ManualCompletionQuerySet) -> list[ManualCompletion]:
    """Requests that wait, the one to be answered first at the head; one query."""
    return list(completions.open().order_by("answer_by", "pk")[:MOST_SHOWN])
