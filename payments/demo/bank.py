"""A bank for the demo: it reads the file that was sent and answers as banks do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lxml import etree

from config.lib.money import euros
from payments.bank.bankfile.said import cents

SENT = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
OPENING_CENTS = 10**12
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{}">'


def transfers_in(document: bytes) -> dict[str, int]:
    """The end-to-end ids of a file and their amounts in cents."""
    return {
        str(node.findtext(f"{SENT}PmtId/{SENT}EndToEndId")): cents(
            str(node.findtext(f"{SENT}Amt/{SENT}InstdAmt"))
        )
        for node in etree.fromstring(document).iter(f"{SENT}CdtTrfTxInf")
    }


def status_report(document: bytes, message_id: str, rejected: Mapping[str, str]) -> bytes:
    """A `pain.002` that accepts a file but for some transfers, each with a reason code."""
    said = "".join(_status(one, rejected.get(one, "")) for one in transfers_in(document))
    status = "PART" if rejected else "ACCP"
    return (
        f"{HEAD.format('pain.002.001.10')}<CstmrPmtStsRpt>"
        f"<GrpHdr><MsgId>STATUS-{message_id}</MsgId></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}</OrgnlPmtInfId>{said}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def statement(
    account: str,
    day: date,
    *,
    debits: Mapping[str, int],
    returns: Mapping[str, int],
    fee_cents: int = 0,
) -> bytes:
    """A `camt.053` of a day: debits, returns for closed accounts, and perhaps the bank's fee."""
    entries = [_entry(one, amount, day, "DBIT") for one, amount in debits.items()]
    entries += [_entry(one, amount, day, "CRDT") for one, amount in returns.items()]
    if fee_cents:
        entries.append(_entry("", fee_cents, day, "DBIT"))
    closing = OPENING_CENTS - sum(debits.values()) + sum(returns.values()) - fee_cents
    made = f"{day}T20:00:00"
    return (
        f"{HEAD.format('camt.053.001.08')}<BkToCstmrStmt>"
        f"<GrpHdr><MsgId>STATEMENT-{day}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{day}</Id><CreDtTm>{made}</CreDtTm><Acct><Id><IBAN>{account}</IBAN></Id></Acct>"
        f"{_balance('OPBD', OPENING_CENTS, day)}{_balance('CLBD', closing, day)}"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _status(end_to_end_id: str, reason: str) -> str:
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId>"
        f"<TxSts>{'RJCT' if reason else 'ACSP'}</TxSts>{why}</TxInfAndSts>"
    )


def _entry(end_to_end_id: str, amount: int, day: date, side: str) -> str:
    money = f'<Amt Ccy="EUR">{euros(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
    refs = f"<Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>" if end_to_end_id else ""
    why = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if side == "CRDT" else ""
    return (
        f"<Ntry>{money}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>{side}-{end_to_end_id or f'FEE-{day}'}</AcctSvcrRef>"
        "<BkTxCd><Prtry><Cd>DEMO</Cd></Prtry></BkTxCd>"
        f"<NtryDtls><TxDtls>{refs}{money}{why}</TxDtls></NtryDtls></Ntry>"
    )


def _balance(code: str, amount: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{euros(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )
