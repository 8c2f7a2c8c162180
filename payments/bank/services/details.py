"""Bank details of payees: one person proposes a change, another approves it (P-01, P-05)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from stdnum import bic, iban, luhn
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

from payments.bank.errors import DetailsRefused, SamePerson
from payments.bank.models import BankDetails, DetailsStatus
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt
from registry.models import Organisation

CASE = "bank details"


@dataclass(frozen=True)
class Account:
    """Bank details as somebody gives them; `checked` puts them in their written form."""

    business_id: str
    iban: str
    bic: str
    valid_from: date
    source: str

    def checked(self) -> Account:
        """The same as they are stored. Raises DetailsRefused in one sentence."""
        return Account(
            business_id=business_id_checked(self.business_id),
            iban=iban_checked(self.iban),
            bic=bic_checked(self.bic),
            valid_from=self.valid_from,
            source=self.source.strip(),
        )


def business_id_checked(text: str) -> str:
    """A Finnish business ID (Y-tunnus), `1234567-8`. Raises DetailsRefused."""
    try:
        return str(ytunnus.format(ytunnus.validate(text)))
    except ValidationError:
        raise DetailsRefused(_("'{text}' is not a business ID.").format(text=text)) from None


def iban_checked(text: str) -> str:
    """A Finnish IBAN, both check digits right. Raises DetailsRefused."""
    try:
        number = str(iban.validate(text))
        if number.startswith("FI"):
            luhn.validate(number[4:])
    except ValidationError:
        raise DetailsRefused(_("'{text}' is not a valid IBAN.").format(text=text)) from None
    if not number.startswith("FI"):
        raise DetailsRefused(_("The account is not in Finland: payees are Finnish authorities."))
    return number


def bic_checked(text: str) -> str:
    """A BIC of a bank in Finland. Raises DetailsRefused."""
    try:
        code = str(bic.validate(text))
    except ValidationError:
        raise DetailsRefused(_("'{text}' is not a valid BIC.").format(text=text)) from None
    if code[4:6] != "FI":
        raise DetailsRefused(_("The bank is not in Finland: payees are Finnish authorities."))
    return code


def details_propose(
    payee: Organisation, *, account: Account, proposer: User, at: datetime
) -> BankDetails:
    """Propose an account of a payee; another person approves it, and it is then in force.

    Raises DetailsRefused, SamePerson if the proposer belongs to the payee.
    """
    return details_propose_all({payee: account}, proposer=proposer, at=at)[0]


def details_propose_all(
    accounts: dict[Organisation, Account], *, proposer: User, at: datetime
) -> list[BankDetails]:
    """Propose the accounts of many payees, all or none. Raises as `details_propose`."""
    with attempt(
        DetailsRefused,
        SamePerson,
        verb=Verb.CREATED,
        actor=proposer,
        about=BankDetails,
        case_ref=CASE,
        purpose=Purpose.ADMINISTRATION,
    ) as event:
        proposals = [
            _proposal(payee, account.checked(), proposer, at) for payee, account in accounts.items()
        ]
        _refuse_second_proposals(accounts)
        BankDetails.objects.bulk_create(proposals)
        event.details = {"rows": [proposal.pk for proposal in proposals]}
    return proposals


def _proposal(payee: Organisation, account: Account, proposer: User, at: datetime) -> BankDetails:
    proposal = BankDetails(payee=payee, proposed_by=proposer, proposed_at=at, **vars(account))
    if reason := objection(proposal, proposer, Part.PROPOSED, concerns=payee):
        raise SamePerson(reason)
    return proposal


def _refuse_second_proposals(payees: Iterable[Organisation]) -> None:
    waiting = BankDetails.objects.proposed().filter(payee__in=payees).select_related("payee")
    if first := waiting.first():
        raise DetailsRefused(
            _("A change of {payee} already waits: approve or refuse it first.").format(
                payee=first.payee
            )
        )


def details_approve(ids: Collection[int], *, approver: User, at: datetime) -> list[BankDetails]:
    """Approve proposed changes, all or none; they are in force from their day.

    Raises DetailsRefused if one does not wait, SamePerson if the approver proposed one of them.
    """
    return _decide(ids, approver, at, Verb.APPROVED, status=DetailsStatus.APPROVED)


def details_refuse(
    details_id: int, *, approver: User, at: datetime, refusal: str
) -> list[BankDetails]:
    """Refuse a proposed change, with the reason. Raises DetailsRefused."""
    return _decide(
        [details_id], approver, at, Verb.CHANGED, status=DetailsStatus.REFUSED, refusal=refusal
    )


def _decide(
    ids: Collection[int], decider: User, at: datetime, verb: Verb, **decision: str
) -> list[BankDetails]:
    with attempt(
        DetailsRefused,
        SamePerson,
        verb=verb,
        actor=decider,
        about=BankDetails,
        case_ref=CASE,
        purpose=Purpose.ADMINISTRATION,
    ) as event:
        event.details = {"rows": sorted(ids)}
        rows = _locked(ids)
        for row in rows:
            if reason := objection(row, decider, Part.APPROVED, concerns=row.payee):
                raise SamePerson(reason)
        _refuse_same_day(rows, decision["status"])
        BankDetails.objects.filter(pk__in=ids).update(decided_by=decider, decided_at=at, **decision)
    return rows


def _locked(ids: Collection[int]) -> list[BankDetails]:
    rows = list(
        BankDetails.objects.proposed()
        .filter(pk__in=ids)
        .select_for_update(of=("self",))
        .select_related("payee")
    )
    if not ids or len(rows) != len(set(ids)):
        raise DetailsRefused(_("A change has been decided meanwhile. Open the page anew."))
    return rows


def _refuse_same_day(rows: Iterable[BankDetails], status: str) -> None:
    if status != DetailsStatus.APPROVED:
        return
    for row in rows:
        approved = BankDetails.objects.filter(
            payee=row.payee, valid_from=row.valid_from, status=DetailsStatus.APPROVED
        )
        if approved.exists():
            raise DetailsRefused(
                _("{payee} has other details from the same day. Propose a later day.").format(
                    payee=row.payee
                )
            )
