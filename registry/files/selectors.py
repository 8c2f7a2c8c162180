"""Kept files as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from registry.files.models import KeptFile


@dataclass(frozen=True)
class Attachment:
    """A row of `registry/files/table.html`: a file, the address of its download, of its removal."""

    file: KeptFile
    address: str
    remove_address: str = ""
