"""Payments in short: months approved, accounts approved, batches sent and answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.conf import settings

from config.lib.months import Month
from payments.bank.models import Answer, Batch
from payments.bank.services.details import details_approve, details_propose_all
from payments.bank.services.drawing import batch_draw_up
from payments.bank.services.reading import answer_receive
from payments.bank.services.sending import batch_send
from payments.bank.services.steps import batch_approve, batch_check
from payments.demo.accounts import artificial_account
from registry.models import Organisation, User
from tests.factories import UserFactory
from tests.payments.runs import settle

AT = datetime(2024, 11, 13, 9, 0, tzinfo=UTC)
TODAY = date(2024, 11, 13)
NOVEMBER = Month(2024, 11)
SINCE = date(2024, 1, 1)


def user(name: str) -> User:
    """The user of that name."""
    return User.objects.filter(username=name).first() or UserFactory.create(username=name)


def open_accounts(payees: Iterable[Organisation], *, valid_from: date = SINCE) -> None:
    """Have the accounts of payees proposed by one person and approved by another."""
    accounts = {payee: artificial_account(payee.pk, valid_from=valid_from) for payee in payees}
    rows = details_propose_all(accounts, proposer=user("taimi"), at=AT)
    details_approve([row.pk for row in rows], approver=user("taavi"), at=AT)


def payees_of(month: str) -> list[Organisation]:
    """Who is paid in an approved run."""
    return list(Organisation.objects.filter(proposals__run__month=f"{month}-01").distinct())


def month_to_pay(month: str = "2024-11") -> None:
    """An approved run whose payees all have accounts."""
    settle(month)
    open_accounts(payees_of(month))


def draw_up(month: Month = NOVEMBER, *, today: date = TODAY, at: datetime = AT) -> Batch:
    return batch_draw_up(month, prepared_by=user("kerttu"), at=at, today=today)


def approved(batch: Batch, *, today: date = TODAY, at: datetime = AT) -> Batch:
    batch_check(batch.pk, checker=user("katri"), at=at, today=today)
    return batch_approve(batch.pk, approver=user("heikki"), at=at, today=today)


def sent(month: Month = NOVEMBER, *, today: date = TODAY, at: datetime = AT) -> Batch:
    """A batch of everything that waits, with the bank."""
    batch = approved(draw_up(month, today=today, at=at), today=today, at=at)
    return batch_send(batch.pk, user=None, at=at)


def payments_made(month: str) -> dict[str, object]:
    """Pay an approved month and read an answer that fits nothing; the ids of what is there."""
    open_accounts(payees_of(month))
    batch = sent(Month.parse(month))
    answer, _new = answer_receive(status_report("KK-UNKNOWN"), received_by=None, at=AT)
    return {
        "order_id": batch.transfers.earliest("pk").order_id,
        "answer_id": answer.pk,
        "entry_id": answer.entries.get().pk,
    }


def status_report(
    message_id: str, *, group: str = "ACCP", reason: str = "", transfers: str = "", sums: str = ""
) -> bytes:
    """A pain.002 about a file of ours; `transfers` as `transfer_status` writes them."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    of_payments = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}</OrgnlPmtInfId>{transfers}"
        "</OrgnlPmtInfAndSts>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>S-{message_id}</MsgId><CreDtTm>2024-11-13T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{sums}"
        f"<GrpSts>{group}</GrpSts>{why}</OrgnlGrpInfAndSts>"
        f"{of_payments if transfers else ''}</CstmrPmtStsRpt></Document>"
    ).encode()


def transfer_status(end_to_end_id: str, status: str, reason: str = "") -> str:
    """What a pain.002 says of one transfer."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{why}</TxInfAndSts>"
    )


def booked(
    *entries: str, kind: str = "camt.054.001.08", account: str | None = None, balances: str = ""
) -> bytes:
    """A notification (camt.054) or statement (camt.053) of our account with the entries."""
    body, one = BODIES[kind]
    if kind == "camt.053.001.08":
        balances = balances or balance("OPAV", "0.00")  # the schema wants one
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}"><{body}>'
        f"<GrpHdr><MsgId>B-{len(entries)}</MsgId><CreDtTm>2024-11-20T20:00:00Z</CreDtTm></GrpHdr>"
        f"<{one}><Id>1</Id><CreDtTm>2024-11-20T20:00:00Z</CreDtTm>"
        f"<Acct><Id><IBAN>{account or settings.BANK_DEBTOR_IBAN}</IBAN></Id></Acct>"
        f"{balances}{''.join(entries)}</{one}></{body}></Document>"
    ).encode()


def balance(code: str, euros: str) -> str:
    """A balance of a statement."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{euros}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2024-11-20</Dt></Dt></Bal>"
    )


BODIES = {
    "camt.054.001.08": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    "camt.053.001.08": ("BkToCstmrStmt", "Stmt"),
}


def entry(
    end_to_end_id: str,
    euros: str,
    *,
    side: str = "DBIT",
    returned: str = "",
    reference: str = "R1",
    status: str = "BOOK",
    day: str = "2024-11-20",
    paying: str = "",
) -> str:
    """One booking; `returned` is the reason code of a return, `paying` its payer's reference."""
    why = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    about = f"<RmtInf><Strd><CdtrRefInf><Ref>{paying}</Ref></CdtrRefInf></Strd></RmtInf>"
    refs = f"<Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>" if end_to_end_id else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{euros}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"{f'<AcctSvcrRef>{reference}</AcctSvcrRef>' if reference else ''}"
        "<BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>"
        f'<NtryDtls><TxDtls>{refs}<Amt Ccy="EUR">{euros}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd>{about if paying else ''}{why}</TxDtls></NtryDtls></Ntry>"
    )


def read(data: bytes, *, at: datetime = AT) -> Answer:
    """Read an answer that is new."""
    answer, is_new = answer_receive(data, received_by=None, at=at)
    assert is_new
    return answer
