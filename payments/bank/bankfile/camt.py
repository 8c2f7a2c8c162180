"""Reading what was booked: notifications `camt.054.001.08` and statements `camt.053.001.08`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from lxml import etree

from config.lib.money import finnish
from payments.bank.bankfile.hardened import NotReadable
from payments.bank.bankfile.said import Reader, Report, Said, cents
from payments.bank.bankfile.schemas import SchemaBroken, validate_tree
from payments.bank.models import AnswerKind, EntryKind

# Of each message: its body and what the body has one of for each account.
BODIES: Mapping[AnswerKind, tuple[str, str]] = {
    AnswerKind.NOTIFICATION: ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    AnswerKind.STATEMENT: ("BkToCstmrStmt", "Stmt"),
}
SIGNS = {"CRDT": 1, "DBIT": -1}
BOOKED = "BOOK"
RETURN = "RRTN"  # sub-family of a returned transfer, where there is no RtrInf
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def report(root: etree._Element, kind: AnswerKind) -> Report:
    """Read a notification or statement that follows its schema. Raises NotReadable."""
    try:
        validate_tree(root, kind)
    except SchemaBroken as broken:
        raise NotReadable(str(broken)) from broken
    read, (body, account) = Reader(kind), BODIES[kind]
    accounts = read.all(root, f"{body}/{account}")
    for statement in accounts:
        _refuse_wrong_sums(read, statement)
    return Report(
        kind=kind,
        message_id=read.required(root, f"{body}/GrpHdr/MsgId"),
        said=[
            said
            for statement in accounts
            for entry in read.all(statement, "Ntry")
            for said in _entry(read, entry)
        ],
        accounts=frozenset(read.text(statement, "Acct/Id/IBAN") for statement in accounts),
    )


def _entry(read: Reader, entry: etree._Element) -> Iterator[Said]:
    """What an entry says: one thing for each transaction in it, or one for the entry itself."""
    transactions = read.all(entry, "NtryDtls/TxDtls")
    amounts = [_amount(read, transaction) for transaction in transactions]
    total = read.cents(entry, "Amt")
    if len(transactions) == 1:
        amounts = [total if amounts[0] is None else amounts[0]]
    known = [amount for amount in amounts if amount is not None]
    if amounts and len(known) == len(amounts) and total is not None and sum(known) != total:
        raise NotReadable(
            _("An entry of {total} has transactions of {sum}.").format(
                total=finnish(total), sum=finnish(sum(known))
            )
        )
    if not transactions:
        yield _said(read, entry, None, total)
    for transaction, amount in zip(transactions, amounts, strict=True):
        yield _said(read, entry, transaction, amount)


def _amount(read: Reader, transaction: etree._Element) -> int | None:
    own = read.cents(transaction, "Amt")
    return read.cents(transaction, "AmtDtls/TxAmt/Amt") if own is None else own


def _said(
    read: Reader, entry: etree._Element, transaction: etree._Element | None, amount: int | None
) -> Said:
    node = entry if transaction is None else transaction
    return Said(
        kind=_kind(read, entry, node),
        end_to_end_id=read.text(node, "Refs/EndToEndId"),
        amount_cents=amount,
        booked_on=read.day(entry, "BookgDt") or read.day(entry, "ValDt"),
        entry_reference=read.text(node, "Refs/AcctSvcrRef") or read.text(entry, "AcctSvcrRef"),
        reason=read.code(node, "RtrInf/Rsn"),
        reference=read.text(node, "RmtInf/Strd/CdtrRefInf/Ref"),
    )


def _kind(read: Reader, entry: etree._Element, node: etree._Element) -> EntryKind:
    """Debited, returned or money received; what is not booked yet, or reversed, changes nothing."""
    if read.code(entry, "Sts") != BOOKED:
        return EntryKind.PENDING
    if read.text(entry, "RvslInd") in ("true", "1"):
        return EntryKind.OTHER
    side = read.text(node, "CdtDbtInd") or read.text(entry, "CdtDbtInd")
    if side == "DBIT":
        return EntryKind.PAID
    family = read.text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd")
    returned = read.all(node, "RtrInf") or family == RETURN
    return EntryKind.RETURNED if returned else EntryKind.CREDITED


def _refuse_wrong_sums(read: Reader, statement: etree._Element) -> None:
    """Balances and totals, where they are told, must be those of the entries."""
    booked = [
        SIGNS[read.text(entry, "CdtDbtInd")] * (read.cents(entry, "Amt") or 0)
        for entry in read.all(statement, "Ntry")
        if read.code(entry, "Sts") == BOOKED
    ]
    opening, closing = _balance(read, statement, OPENING), _balance(read, statement, CLOSING)
    if opening is not None and closing is not None and opening + sum(booked) != closing:
        raise NotReadable(
            _("Balances of {opening} and {closing} do not fit entries of {sum}.").format(
                opening=finnish(opening), closing=finnish(closing), sum=finnish(sum(booked))
            )
        )
    total = read.text(statement, "TxsSummry/TtlNtries/Sum")
    if total and cents(total) != sum(
        read.cents(entry, "Amt") or 0 for entry in read.all(statement, "Ntry")
    ):
        raise NotReadable(_("The entries do not sum to the total that the bank tells."))


def _balance(read: Reader, statement: etree._Element, codes: tuple[str, ...]) -> int | None:
    for balance in read.all(statement, "Bal"):
        if read.code(balance, "Tp/CdOrPrtry") in codes:
            amount = read.cents(balance, "Amt")
            return None if amount is None else SIGNS[read.text(balance, "CdtDbtInd")] * amount
    return None
