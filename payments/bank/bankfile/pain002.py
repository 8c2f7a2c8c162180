"""Reading a status report, `pain.002.001.10`: accepted or rejected, the file or each transfer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from lxml import etree

from payments.bank.bankfile.hardened import NotReadable
from payments.bank.bankfile.said import Reader, Report, Said, WholeFile, cents
from payments.bank.models import AnswerKind, EntryKind

# ExternalPaymentTransactionStatus1Code; a debit is believed only when it is booked (camt).
KINDS: Mapping[str, EntryKind] = {
    "RCVD": EntryKind.PENDING,
    "PDNG": EntryKind.PENDING,
    "ACTC": EntryKind.ACCEPTED,
    "ACCP": EntryKind.ACCEPTED,
    "ACFC": EntryKind.ACCEPTED,
    "ACSP": EntryKind.ACCEPTED,
    "ACSC": EntryKind.ACCEPTED,
    "ACWC": EntryKind.ACCEPTED,
    "RJCT": EntryKind.REJECTED,
}
PARTLY = "PART"  # some accepted, some rejected: says nothing of those it does not name
# Reasons of a rejection that say the bank has had the file before: nothing is rejected then.
DUPLICATES = ("DUPL", "AM05", "DU01", "DU02")


def report(root: etree._Element) -> Report:
    """Read a status report. Raises NotReadable."""
    read = Reader(AnswerKind.STATUS)
    bodies = read.all(root, "CstmrPmtStsRpt")
    if len(bodies) != 1:
        raise NotReadable(_("{name} is missing.").format(name="CstmrPmtStsRpt"))
    body = bodies[0]
    whole = _whole(read, body)
    return Report(
        kind=AnswerKind.STATUS,
        message_id=read.required(body, "GrpHdr/MsgId"),
        said=[
            _said(read, transfer, whole.message_id)
            for transfer in read.all(body, "OrgnlPmtInfAndSts/TxInfAndSts")
        ],
        whole=whole,
    )


def _whole(read: Reader, body: etree._Element) -> WholeFile:
    """What is said of the file; a status of its one payment block counts as the file's."""
    group = "OrgnlGrpInfAndSts"
    count, total = (
        read.text(body, f"{group}/OrgnlNbOfTxs"),
        read.text(body, f"{group}/OrgnlCtrlSum"),
    )
    status = read.text(body, f"{group}/GrpSts") or read.text(body, "OrgnlPmtInfAndSts/PmtInfSts")
    reason = read.code(body, f"{group}/StsRsnInf/Rsn") or read.code(
        body, "OrgnlPmtInfAndSts/StsRsnInf/Rsn"
    )
    if count and not (count.isascii() and count.isdecimal()):
        raise NotReadable(_("'{text}' is not a number.").format(text=count))
    return WholeFile(
        message_id=read.required(body, f"{group}/OrgnlMsgId"),
        kind=None if status in ("", PARTLY) else _kind(status, reason),
        reason=reason,
        count=int(count) if count else None,
        sum_cents=cents(total) if total else None,
    )


def _said(read: Reader, transfer: etree._Element, of_batch: str) -> Said:
    reason = read.code(transfer, "StsRsnInf/Rsn")
    return Said(
        kind=_kind(read.text(transfer, "TxSts"), reason),
        end_to_end_id=read.text(transfer, "OrgnlEndToEndId"),
        amount_cents=read.cents(transfer, "OrgnlTxRef/Amt/InstdAmt"),
        reason=reason,
        of_batch=of_batch,
    )


def _kind(status: str, reason: str) -> EntryKind:
    if status == "RJCT" and reason in DUPLICATES:
        return EntryKind.DUPLICATE
    return KINDS.get(status, EntryKind.OTHER)
