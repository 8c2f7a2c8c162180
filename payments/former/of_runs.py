"""Which former payments a run knows: those approved when it was drafted, and before (C-36, C-38)."""

from __future__ import annotations

from payments.former.models import FormerImport
from payments.runs.models import Run


def former_hashed(run: Run) -> list[str]:
    """What decides a run's lines of former payments that no earlier run knew, for its input hash."""
    own = FormerImport.objects.filter(opened_by=run) if run.pk else FormerImport.objects.to_open()
    rows = own.order_by("pk").values_list("pk", "sha256")
    return [f"former {pk} {digest}" for pk, digest in rows]


def former_take(run: Run) -> None:
    """Let a run that has just been stored know the imports that have been approved."""
    FormerImport.objects.to_open().update(opened_by=run)


def former_give_back(run: Run) -> None:
    """Take back from the imports that a run, which is discarded, knew them."""
    FormerImport.objects.filter(opened_by=run).update(opened_by=None)
