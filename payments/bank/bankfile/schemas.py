"""The schemas of ISO 20022, read once a process, and what breaks one in a sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree

FOLDER = Path(__file__).parent / "xsd"


class SchemaBroken(ValueError):
    """A document is not what its schema says; the message names line and rule."""


def validate(data: bytes, name: str) -> None:
    """Check bytes that we wrote against a schema. Raises SchemaBroken."""
    validate_tree(etree.fromstring(data), name)


def validate_tree(root: etree._Element, name: str) -> None:
    """Check a parsed document against a schema. Raises SchemaBroken with the first fault."""
    schema = _schema(name)
    if not schema.validate(root):
        fault = schema.error_log[0]
        raise SchemaBroken(
            _("Line {line} does not follow the schema {name}: {fault}").format(
                line=fault.line, name=name, fault=str(fault.message)[:200]
            )
        )


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / f"{name}.xsd"))
