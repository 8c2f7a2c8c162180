"""Claims of costs of a salary grant, in the states that tests need."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from grants.costs.models import CostClaim
from grants.costs.services.claiming import Costs, cost_begin, cost_send
from grants.costs.services.deciding import cost_decide, cost_propose
from grants.models import Application
from registry.models import Membership, Right, User
from tests.factories import MembershipFactory, UserFactory, municipality
from tests.files import PDF
from tests.grants.decisions import heikki, kirsi
from tests.grants.salary import ceiling_decided, salary_taken

CEILING = 9_000_00
AT = datetime(2024, 6, 10, 9, 0, tzinfo=UTC)
VOUCHER = ("Tarmo Tekijän palkka.pdf", PDF)


def officer(code: str = "398") -> User:
    """Who sends for a municipality."""
    own = {"organisation": municipality(code), "right": Right.SEND}
    found = Membership.objects.filter(**own, user__username=f"sends{code}").first()
    if found:
        return found.user
    return MembershipFactory.create(user=UserFactory(username=f"sends{code}"), **own).user


def grant(code: str = "398") -> Application:
    """A salary grant of at most 9 000.00, decided."""
    application = salary_taken(municipality(code))
    ceiling_decided(application, CEILING, reasons="Osa.")
    return Application.objects.get(pk=application.pk)


def costs(cents: int = 3_000_00, **changed: Any) -> Costs:
    """Costs of the first quarter of 2024."""
    said = {"period_from": date(2024, 1, 1), "period_to": date(2024, 3, 31)}
    return Costs(
        **{**said, "amount_cents": cents, "description": "Palkka ja sivukulut.", **changed}
    )


def drafted(application: Application, cents: int = 3_000_00, **more: Any) -> CostClaim:
    """A draft with a voucher."""
    given = {"files": [VOUCHER], "by": officer(application.applicant.code), "at": AT, **more}
    return cost_begin(application.pk, costs(cents), **given)


def claimed(application: Application, cents: int = 3_000_00, **more: Any) -> CostClaim:
    """A claim that was sent."""
    draft = drafted(application, cents, **more)
    return cost_send(draft, by=officer(application.applicant.code), at=AT)


def cost_proposed(claim: CostClaim, cents: int | None = None, reason: str = "") -> CostClaim:
    """A claim on which so much is proposed to be accepted; all of it by default."""
    accepted = claim.amount_cents if cents is None else cents
    return cost_propose(claim, accepted_cents=accepted, reason=reason, by=kirsi(), at=AT)


def cost_decided(claim: CostClaim, cents: int | None = None, reason: str = "") -> CostClaim:
    """A decided claim."""
    return cost_decide(cost_proposed(claim, cents, reason), by=heikki(), at=AT)


def costs_made() -> dict[str, object]:
    """For the role matrix: grants with claims of Lahti and Turku, and a voucher of each draft."""
    made: dict[str, object] = {}
    for town, code in (("lahtis", "398"), ("turkus", "853")):
        application = grant(code)
        draft = drafted(application, 1_000_00)
        made |= {
            f"{town} grant": application.pk,
            f"{town} cost draft": draft.pk,
            f"{town} voucher": draft.attachments.get().pk,
            f"{town} cost": claimed(application, 1_000_00).pk,
            f"{town} cost proposed": cost_proposed(claimed(application, 1_000_00)).pk,
        }
    return made
