"""Manual cases worked as in service: applied for, allocated, proposed, decided by another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from payments.cases.completion.services import completion_ask
from payments.cases.drafts.models import DraftPerson, ManualDraft
from payments.cases.evidence.services import application_evidence_add
from payments.cases.models import ManualCase, ManualProposal
from payments.cases.services.allocating import case_allocate, case_match
from payments.cases.services.applying import AppliedCase, cases_apply
from payments.cases.services.deciding import (
    authoritys_propose,
    proposal_decide,
    proposal_propose,
)
from registry.files.services import Upload
from registry.models import Person, User
from tests.factories import MembershipFactory, StaffRoleFactory, municipality
from tests.files import PDF

TODAY = date(2025, 3, 10)
DECIDED = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)


def apply(by: User, *umas: str, months: tuple[str, str], today: date = TODAY) -> ManualProposal:
    """An application of the officer's organisation for persons by UMA number, from … to a month."""
    first, last = (date.fromisoformat(f"{month}-01") for month in months)
    rows = [AppliedCase(first, last, "Vuokrasopimus.", uma_number=uma) for uma in umas]
    applicant = by.access.organisation
    assert applicant
    return cases_apply(rows, applicant=applicant, by=by, today=today)


def applied_for(person: Person, code: str, whose: str) -> dict[str, int]:
    """Ids of a municipality's application for a person, its case and an allocation of it."""
    officer = MembershipFactory.create(organisation=municipality(code)).user
    proposal = apply(officer, person.uma_number, months=("2025-01", "2025-02"))
    reviewer = StaffRoleFactory.create().user
    (case,) = match_all(proposal, reviewer)
    home = allocate(case, code, "2025-01-01", "2025-02-28", reviewer)
    draft = ManualDraft.objects.create(
        applicant=officer.access.organisation, sha256="0" * 64, made_by=officer, made_at=DECIDED
    )
    DraftPerson.objects.create(
        draft=draft, line=2, uma_number="LISTA1", evidence="Vuokrasopimus.",
        first_month=date(2025, 1, 1), last_month=date(2025, 2, 1),
    )  # fmt: skip
    asked = completion_ask(
        proposal.pk, asked="Toimittakaa vuokrasopimus.", answer_by=date(2025, 3, 31),
        by=reviewer, at=DECIDED, case=case.pk,
    )  # fmt: skip
    application_evidence_add(
        proposal.pk, [Upload("vuokrasopimus.pdf", PDF)], shows="Vuokrasopimus.", by=officer,
        at=DECIDED,
    )  # fmt: skip
    parts = {
        "evidence": proposal.evidence.get().pk, "persons": proposal.pk, "case": case.pk, "home": home.pk, "list": draft.pk,
        "asked": asked.pk,
    }  # fmt: skip
    return {f"{whose} {name}": pk for name, pk in parts.items()}


def match_all(proposal: ManualProposal, by: User) -> list[ManualCase]:
    """Decide that each case is about the person with the stated number."""
    return [
        case_match(
            case.pk,
            Person.objects.get(uma_number=case.stated_uma_number),
            by=by,
            reason="UMA-asiakasnumero on sama.",
        )
        for case in proposal.cases.order_by("pk")
    ]


def allocate(case: ManualCase, town: str, moved_in: str, moved_out: str, by: User) -> Any:
    """Allocate a case to a municipality."""
    return case_allocate(
        case.pk,
        municipality(town),
        moved_in=date.fromisoformat(moved_in),
        moved_out=date.fromisoformat(moved_out),
        evidence="Vuokrasopimus 1.2.2024.",
        by=by,
    )


def decide(proposal: ManualProposal, *, by: User, approver: User, today: date = TODAY) -> Any:
    """Propose, and have another decide."""
    proposal_propose(proposal.pk, by=by, today=today)
    return proposal_decide(proposal.pk, by=approver, at=DECIDED)


def decide_own(town: str, *, by: User, approver: User, today: date = TODAY) -> Any:
    """Propose the authority's own cases of a municipality, and have another decide."""
    proposal = authoritys_propose(municipality(town), by=by, today=today)
    return proposal_decide(proposal.pk, by=approver, at=DECIDED)
