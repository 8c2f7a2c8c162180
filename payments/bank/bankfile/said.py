"""What a bank said in an answer, whichever message it was said in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree

from payments.bank.bankfile.hardened import NotReadable
from payments.bank.models import AnswerKind, EntryKind

IDENTIFIER = 35  # Max35Text of the standard
MOST_EUROS = Decimal(10) ** 13


@dataclass(frozen=True)
class Said:
    """One thing said of one payment; `of_batch` is the message id of the file it was in, if told."""

    kind: EntryKind
    end_to_end_id: str = ""
    amount_cents: int | None = None
    booked_on: date | None = None
    entry_reference: str = ""
    reason: str = ""
    of_batch: str = ""
    reference: str = ""  # of money received, as its payer gave it


@dataclass(frozen=True)
class WholeFile:
    """What was said of a file of ours as a whole; the sums are those the bank says it has."""

    message_id: str
    kind: EntryKind | None
    reason: str = ""
    count: int | None = None
    sum_cents: int | None = None


@dataclass(frozen=True)
class Report:
    """An answer as read: what it says of payments, and of our file or our accounts."""

    kind: AnswerKind
    message_id: str
    said: Sequence[Said]
    whole: WholeFile | None = None
    accounts: frozenset[str] = frozenset()


class Reader:
    """Finds elements of one document by their names, and their texts as values."""

    def __init__(self, message: str) -> None:
        self.prefix = f"{{urn:iso:std:iso:20022:tech:xsd:{message}}}"

    def all(self, node: etree._Element, path: str) -> list[etree._Element]:
        """Every element at the path, names with `/` between."""
        found: list[etree._Element] = node.findall(self._path(path))
        return found

    def text(self, node: etree._Element, path: str, limit: int = IDENTIFIER) -> str:
        """The text at the path, empty where there is none. Raises NotReadable if it is too long."""
        text = str(node.findtext(self._path(path)) or "").strip()
        if len(text) > limit:
            raise NotReadable(
                _("{name} is longer than {limit} characters.").format(
                    name=path.rpartition("/")[2], limit=limit
                )
            )
        return text

    def required(self, node: etree._Element, path: str) -> str:
        """The text at the path. Raises NotReadable where there is none."""
        text = self.text(node, path)
        if not text:
            raise NotReadable(_("{name} is missing.").format(name=path.rpartition("/")[2]))
        return text

    def code(self, node: etree._Element, path: str) -> str:
        """A code of the standard or, where there is none, the bank's own."""
        return self.text(node, f"{path}/Cd") or self.text(node, f"{path}/Prtry")

    def cents(self, node: etree._Element, path: str) -> int | None:
        """An amount of euros in cents; None where there is none or the currency is another."""
        amount = node.find(self._path(path))
        if amount is None or amount.get("Ccy", "EUR") != "EUR":
            return None
        return cents(str(amount.text or ""))

    def day(self, node: etree._Element, path: str) -> date | None:
        """A day, or the day of a moment. Raises NotReadable if it is neither."""
        text = self.text(node, f"{path}/Dt") or self.text(node, f"{path}/DtTm")
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError:
            raise NotReadable(_("'{text}' is not a day.").format(text=text)) from None

    def _path(self, path: str) -> str:
        return "/".join(f"{self.prefix}{name}" for name in path.split("/"))


def cents(text: str) -> int:
    """Euros as written in a message, in cents. Raises NotReadable unless they are whole cents."""
    try:
        amount = Decimal(text.strip())
        whole = amount.scaleb(2)
        if abs(amount) < MOST_EUROS and whole == whole.to_integral_value():
            return int(whole)
    except InvalidOperation:
        pass
    raise NotReadable(_("'{text}' is not an amount in cents.").format(text=text[:IDENTIFIER]))
