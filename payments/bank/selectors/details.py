"""Bank details as coordinators see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from payments.bank.models import BankDetails
from registry.models import Organisation


@dataclass(frozen=True)
class PayeeDetails:
    """A payee with the details it is paid by today, if any, and the change that waits, if any."""

    payee: Organisation
    current: BankDetails | None
    proposed: BankDetails | None


def payee_details(today: date) -> list[PayeeDetails]:
    """Payees in force, and those that have details, by kind and code; three queries."""
    payees = Organisation.objects.filter(
        Q(pk__in=Organisation.objects.in_force(today)) | Q(bank_details__isnull=False)
    ).distinct()
    current = {row.payee_id: row for row in BankDetails.objects.in_force(today)}
    proposed = {row.payee_id: row for row in BankDetails.objects.proposed()}
    return [
        PayeeDetails(payee, current.get(payee.pk), proposed.get(payee.pk))
        for payee in payees.order_by("kind", "code")
    ]


def details_proposed() -> list[BankDetails]:
    """Changes that wait for another person, the earliest first; one query."""
    return list(
        BankDetails.objects.proposed().select_related("payee", "proposed_by").order_by("pk")
    )


def details_history(payee: Organisation) -> list[BankDetails]:
    """Every change of a payee's details, the latest first; one query."""
    return list(payee.bank_details.select_related("proposed_by", "decided_by").order_by("-pk"))


def payee_found(kind: str, code: str) -> Organisation | None:
    """The payee of an address; payees are no secret, their accounts are."""
    return Organisation.objects.filter(kind=kind, code=code).first()
