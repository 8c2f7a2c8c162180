"""Writing a batch as `pain.001.001.09`: the same batch gives the same bytes, every time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lxml import etree

from config.lib.money import euros
from payments.bank.bankfile.schemas import validate

NAMESPACE = "pain.001.001.09"


@dataclass(frozen=True)
class Payer:
    """Who pays, from which account."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True)
class Credit:
    """One transfer of the file; amount in cents."""

    end_to_end_id: str
    amount_cents: int
    name: str
    business_id: str
    iban: str
    bic: str
    reference: str
    text: str


def document(
    *, message_id: str, at: datetime, due_day: date, payer: Payer, transfers: Iterable[Credit]
) -> bytes:
    """The file of a batch, checked against the schema; written in the order of the transfers.

    Raises SchemaBroken.
    """
    transfers = list(transfers)
    root = etree.Element("Document", nsmap={None: f"urn:iso:std:iso:20022:tech:xsd:{NAMESPACE}"})
    body = _add(root, "CstmrCdtTrfInitn")
    _header(_add(body, "GrpHdr"), message_id, at, payer, transfers)
    _payment(_add(body, "PmtInf"), message_id, due_day, payer, transfers)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    validate(data, NAMESPACE)
    return data


def _header(
    node: etree._Element, message_id: str, at: datetime, payer: Payer, transfers: list[Credit]
) -> None:
    _add(node, "MsgId", message_id)
    _add(node, "CreDtTm", f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z")
    _control(node, transfers)
    _add(_add(node, "InitgPty"), "Nm", payer.name)


def _payment(
    node: etree._Element, message_id: str, due_day: date, payer: Payer, transfers: list[Credit]
) -> None:
    _add(node, "PmtInfId", message_id)
    _add(node, "PmtMtd", "TRF")
    _add(node, "BtchBookg", "false")  # each transfer is booked, and answered, on its own
    _control(node, transfers)
    _path(node, "PmtTpInf", "SvcLvl", "Cd", text="SEPA")
    _path(node, "ReqdExctnDt", "Dt", text=due_day.isoformat())
    _add(_add(node, "Dbtr"), "Nm", payer.name)
    _path(node, "DbtrAcct", "Id", "IBAN", text=payer.iban)
    _path(node, "DbtrAgt", "FinInstnId", "BICFI", text=payer.bic)
    _add(node, "ChrgBr", "SLEV")
    for transfer in transfers:
        _transfer(_add(node, "CdtTrfTxInf"), transfer)


def _transfer(node: etree._Element, transfer: Credit) -> None:
    _path(node, "PmtId", "EndToEndId", text=transfer.end_to_end_id)
    amount = _path(node, "Amt", "InstdAmt", text=str(euros(transfer.amount_cents)))
    amount.set("Ccy", "EUR")
    _path(node, "CdtrAgt", "FinInstnId", "BICFI", text=transfer.bic)
    creditor = _add(node, "Cdtr")
    _add(creditor, "Nm", transfer.name)
    _path(creditor, "Id", "OrgId", "Othr", "Id", text=transfer.business_id)
    _path(node, "CdtrAcct", "Id", "IBAN", text=transfer.iban)
    structured = _path(node, "RmtInf", "Strd")
    reference = _add(structured, "CdtrRefInf")
    _path(reference, "Tp", "CdOrPrtry", "Cd", text="SCOR")
    _add(reference, "Ref", transfer.reference)
    _add(structured, "AddtlRmtInf", transfer.text)


def _control(node: etree._Element, transfers: list[Credit]) -> None:
    """The number of transfers and their sum, by which the bank proves the file."""
    _add(node, "NbOfTxs", str(len(transfers)))
    _add(node, "CtrlSum", str(euros(sum(transfer.amount_cents for transfer in transfers))))


def _path(node: etree._Element, *names: str, text: str | None = None) -> etree._Element:
    for name in names:
        node = _add(node, name)
    node.text = text
    return node


def _add(node: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(node, name)
    child.text = text
    return child
