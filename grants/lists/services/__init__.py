"""Receiving, reading and correcting lists of persons (G-09 … G-12)."""

from grants.lists.services.correcting import change_undo, row_correct, row_remove, row_restore
from grants.lists.services.receiving import list_read, list_receive
from grants.lists.services.standing import findings_refresh, list_hash, list_ready
from grants.lists.services.turns import list_read_next

__all__ = [
    "change_undo",
    "findings_refresh",
    "list_hash",
    "list_read",
    "list_read_next",
    "list_ready",
    "list_receive",
    "row_correct",
    "row_remove",
    "row_restore",
]
