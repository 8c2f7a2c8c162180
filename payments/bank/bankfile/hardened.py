"""Parsing what comes from outside: no entities, no network, no document type, limits on size."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from lxml import etree

MAX_BYTES = 20 * 1024**2  # a statement of 330 payments is about 400 kB
MAX_ENTRIES = 100_000

BYTE_ORDER_MARK = "\ufeff"

NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:([a-z]{4}(?:\.[0-9]{2,3}){3})\}Document")


class NotReadable(ValueError):
    """The file is refused as a whole; the message says why."""


def parsed(data: bytes) -> tuple[str, etree._Element]:
    """The message name and root of an ISO 20022 document. Raises NotReadable."""
    root = _root(_text(data))
    match = NAMESPACE.fullmatch(root.tag)
    if match is None:
        raise NotReadable(_("The file is no ISO 20022 document."))
    return match[1], root


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise NotReadable(
            _("The file has {size} bytes; at most {limit} are read.").format(
                size=len(data), limit=MAX_BYTES
            )
        )
    try:
        text = data.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        raise NotReadable(_("The file is not in UTF-8.")) from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotReadable(_("The file has a document type or entities: these are never read."))
    return text


def _root(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the declaration says: it is what was decoded
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as wrong:
        raise NotReadable(_("The file is not XML: {why}").format(why=str(wrong)[:200])) from None
