"""What an import did, in lines for the terminal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.deliveries.models import Delivery
from registry.deliveries.refusals import Refusal

FIELDS = ("rows", "accepted", "refused", "new", "closed", "unchanged", "kept_aside")


def file_lines(delivery: Delivery) -> list[str]:
    """One line for each file of the delivery."""
    return [f"{file}: {_counted(counts)}" for file, counts in delivery.counts.items()]


def rejected_lines(delivery: Delivery) -> list[str]:
    """One line for each refused row, without its value."""
    return [
        f"{row.file}:{row.line} {row.column} {Refusal(row.reason).label}"
        for row in delivery.rejected_rows.all()
    ]


def summary_line(delivery: Delivery) -> str:
    """The last line: what the whole delivery did."""
    if delivery.repeated:
        return _("Already imported as delivery %(number)d; nothing changed.") % {
            "number": delivery.pk
        }
    total = {field: sum(counts[field] for counts in delivery.counts.values()) for field in FIELDS}
    notices = sum(notice.get("count", 1) for notice in delivery.notices)
    return _("Delivery %(number)d: %(counts)s; %(notices)d notices.") % {
        "number": delivery.pk,
        "counts": _counted(total),
        "notices": notices,
    }


def _counted(counts: dict[str, int]) -> str:
    return (
        _(
            "%(rows)d rows, %(accepted)d accepted, %(refused)d refused; %(new)d new, "
            "%(closed)d closed, %(unchanged)d unchanged, %(kept_aside)d kept aside"
        )
        % counts
    )
