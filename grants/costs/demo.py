"""The demo's salary grant: decided up to its ceiling, one claim of costs accepted, one waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from config.lib.xlsx import Sheet, xlsx_workbook
from grants.applications.content import content_hash
from grants.applications.services import application_begin, application_save, application_send
from grants.costs.models import CostClaim
from grants.costs.services.claiming import Costs, cost_begin, cost_send
from grants.costs.services.deciding import cost_decide, cost_propose
from grants.decisions.services.ceilings import Ceiling, ceiling_propose
from grants.decisions.services.deciding import decision_make
from grants.models import Application
from grants.review.services import application_assign
from grants.rounds.models import Round
from registry.files.services import Upload
from registry.models import Organisation, User

CEILING, A_MONTH = 12_000_00, 3_150_00  # cents
SAID = {
    "has_agreement": True,
    "worker_name": "Tarmo Tekijä",
    "worker_title": "kotoutumisohjaaja",
    "ceiling_eur": Decimal(CEILING) / 100,
}


@dataclass(frozen=True)
class SalaryCast:
    """Who applies and claims, who presents, who decides."""

    officer: User
    reviewer: User
    approver: User


def salary_play(
    round_: Round, applicant: Organisation, cast: SalaryCast, *, at: datetime, today: date
) -> None:
    """Grant a salary up to a ceiling; have the costs of two months claimed, and those of one accepted."""
    application = _granted(round_, applicant, cast, at)
    last = today.replace(day=1) - timedelta(days=1)
    earlier = last.replace(day=1) - timedelta(days=1)
    claim = _claimed(application, earlier, cast, at)
    cost_propose(claim, accepted_cents=A_MONTH, reason="", by=cast.reviewer, at=at)
    cost_decide(claim, by=cast.approver, at=at)
    _claimed(application, last, cast, at)


def _granted(round_: Round, applicant: Organisation, cast: SalaryCast, at: datetime) -> Application:
    officer = cast.officer
    draft = application_begin(round_, applicant=applicant, by=officer, at=at)
    said = SAID | {"contact_email": f"{officer.username}@kunta.example"}
    application_save(draft.pk, version=draft.version, by=officer, at=at, said=said)
    draft.refresh_from_db()
    application_send(draft.pk, seen=content_hash(draft), by=officer, at=at)
    application_assign(draft.pk, reviewer=cast.reviewer, by=cast.reviewer, at=at)
    proposal = ceiling_propose(draft.pk, Ceiling(CEILING, ""), by=cast.reviewer, at=at)
    return decision_make(proposal.pk, by=cast.approver, at=at).application


def _claimed(application: Application, last: date, cast: SalaryCast, at: datetime) -> CostClaim:
    """A claim of the month that the day ends, with its voucher."""
    rows = [["Palkka", Decimal(2500)], ["Sivukulut", Decimal(650)]]
    voucher = xlsx_workbook(Sheet("Palkkalaskelma", ["Erä", "EUR"], rows), at=at)
    costs = Costs(last.replace(day=1), last, A_MONTH, "Palkka ja työnantajan sivukulut.")
    files = [Upload("palkkalaskelma.xlsx", voucher)]
    claim = cost_begin(application.pk, costs, files=files, by=cast.officer, at=at)
    return cost_send(claim, by=cast.officer, at=at)
