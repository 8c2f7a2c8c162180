"""Salary grants on their way to a decision and to payment, in short."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grants.decisions.models import SupportProposal
from grants.decisions.services.ceilings import Ceiling, ceiling_propose
from grants.decisions.services.deciding import decision_make
from grants.models import Application
from grants.review.services import application_assign
from registry.models import Organisation
from tests.factories import ApplicationFactory, RoundFactory, municipality
from tests.grants.applications import send
from tests.grants.decisions import AT, heikki, kirsi, needless

APPLIED = 12_500_50


def salary_taken(applicant: Organisation | None = None, **sent: Any) -> Application:
    """An application for at most 12 500.50, sent and taken to be checked."""
    draft = ApplicationFactory.create(
        round=RoundFactory.create(code="P2023"),
        applicant=applicant or municipality("398"),
        worker_name="Tarmo Tekijä",
        worker_title="kotoutumisohjaaja",
        ceiling_eur=Decimal(APPLIED) / 100,
        has_agreement=True,
    )
    return application_assign(send(draft, **sent).pk, reviewer=kirsi(), by=kirsi(), at=AT)


def ceiling_proposed(
    application: Application, cents: int = APPLIED, *, reasons: str = "", **more: Any
) -> SupportProposal:
    """A proposal of so much at most."""
    if cents < APPLIED and not more.get("is_inadmissible"):
        more = {"unheard": needless(), **more}
    ceiling = Ceiling(cents, reasons, **more)
    return ceiling_propose(application.pk, ceiling, by=kirsi(), at=AT)


def ceiling_decided(
    application: Application, cents: int = APPLIED, *, reasons: str = "", **more: Any
) -> SupportProposal:
    """The decision on so much at most."""
    proposal = ceiling_proposed(application, cents, reasons=reasons, **more)
    return decision_make(proposal.pk, by=heikki(), at=AT)
