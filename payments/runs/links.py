"""Which numbers a run knows to be one person's: those joined when it was drafted (C-36)."""

from __future__ import annotations

from payments.models import Run, RunLink
from registry.models import PersonLink


def links_hashed(run: Run) -> list[str]:
    """What decides a run's lines of joined numbers, for its input hash."""
    return [f"link {pk}" for pk in sorted(_known(run))]


def links_take(run: Run) -> None:
    """Let a run that has just been stored know the links that stand."""
    RunLink.objects.bulk_create(RunLink(run=run, link_id=pk) for pk in sorted(_standing()))


def relinked(run: Run) -> list[int]:
    """Persons, by both numbers, whom the run finds joined or parted since the last approved one."""
    last = Run.objects.approved().filter(month__lt=run.month).order_by("-month").first()
    changed = _known(run) ^ (_known(last) if last else set())
    pairs = PersonLink.objects.filter(pk__in=changed).values_list("person", "number")
    return sorted({person for pair in pairs for person in pair})


def _known(run: Run) -> set[int]:
    """Links of a stored run, or those that one stored now would know."""
    return set(run.links.values_list("link", flat=True)) if run.pk else _standing()


def _standing() -> set[int]:
    return set(PersonLink.objects.standing().values_list("pk", flat=True))
