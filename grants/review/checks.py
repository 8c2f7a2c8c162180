"""Named checks of an application, each with its version: they advise, people decide (G-03 … G-13).

What a check says of rows was found when the list was checked (`grants.lists.checking`), as the
register and the other lists are now: here it is counted, not found again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.applications.states import VOID
from grants.lists.codes import Code
from grants.lists.models import ListRow, PersonList, RowFinding
from grants.lists.services.standing import findings_refresh
from grants.review.models import CheckOutcome, CheckResult
from registry.models import Agreement, Delivery, DeliveryKind


@dataclass(frozen=True)
class Found:
    """What a check found: whether somebody should look, in how many rows, and what it looked at."""

    is_clean: bool
    rows: int = 0
    looked_at: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """A check: its version counts up when what it does changes."""

    name: str
    version: int
    label: str | Promise
    rule: str
    do: Callable[[Application], Found]


def in_time(application: Application) -> Found:
    """G-03: whether it was sent before the window closed."""
    assert application.submitted_at
    return Found(
        is_clean=not application.is_late,
        looked_at={
            "sent": application.submitted_at.isoformat(),
            "closes": application.round.closes.isoformat(),
        },
    )


def of_findings(*codes: Code) -> Callable[[Application], Found]:
    """A check that counts rows of the current list with any of the findings."""

    def do(application: Application) -> Found:
        found = RowFinding.objects.filter(
            list__application=application, list__is_current=True, row__is_removed=False,
            code__in=codes,
        )  # fmt: skip
        counted = found.order_by().values("code").annotate(rows=Count("row", distinct=True))
        by_code = {entry["code"]: entry["rows"] for entry in counted}
        rows = found.values("row").distinct().count() if by_code else 0
        looked_at = {"codes": by_code, **_list_looked_at(application)}
        return Found(is_clean=not rows, rows=rows, looked_at=looked_at)

    return do


def _list_looked_at(application: Application) -> dict[str, Any]:
    current = PersonList.objects.current().filter(application=application).first()
    latest = Delivery.objects.filter(kind=DeliveryKind.REGISTRY).order_by("pk").last()
    return {
        "list": current.number if current else None,
        "delivery": latest.pk if latest else None,
    }


def commitment(application: Application) -> Found:
    """G-13: persons committed to in the calendar year, over the applicant's urgent applications."""
    least = application.round.min_committed_persons
    if not least:
        return Found(is_clean=True, looked_at={"least": 0})
    sent = Application.objects.sent().filter(
        applicant=application.applicant, support=application.support, year=application.year
    )
    said = sent.exclude(status__in=VOID).aggregate(
        persons=Sum("committed_persons", default=0), applications=Count("pk")
    )
    enough = said["persons"] >= least
    return Found(is_clean=enough, looked_at={"least": least, **said, "year": application.year})


def agreement(application: Application) -> Found:
    """G-13: rows whose municipality had no agreement in force on the day of moving in."""
    in_force = Agreement.objects.current().filter(
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("moved_in")),
        municipality=OuterRef("municipality"),
        valid_from__lte=OuterRef("moved_in"),
    )
    rows = ListRow.objects.kept().filter(list__application=application, list__is_current=True)
    without = rows.filter(~Exists(in_force)).count()
    looked_at = {"rows": rows.count(), "declared": application.has_agreement}
    return Found(not without and application.has_agreement, without, looked_at)


CHECKS = (
    Check("in-time", 1, _("Sent in time"), "G-03", in_time),
    Check(
        "register", 1, _("The register says the same"), "G-11",
        of_findings(
            Code.NOT_IN_REGISTER, Code.BIRTH_DATE_DIFFERS, Code.NATIONALITY_DIFFERS,
            Code.GROUND_DIFFERS, Code.MUNICIPALITY_DIFFERS, Code.MOVED_IN_DIFFERS,
        ),
    ),
    Check(
        "first-home", 1, _("First home municipality"), "G-04", of_findings(Code.NOT_FIRST_HOME)
    ),
    Check(
        "duplicates", 1, _("Nobody is applied for twice"), "G-04",
        of_findings(Code.CLAIMED_ELSEWHERE, Code.CLAIMED_EARLIER, Code.BOTH_SUPPORTS),
    ),
    Check("commitment", 1, _("Commitment of the year"), "G-13", commitment),
    Check("agreement", 1, _("Agreement in force"), "G-13", agreement),
)  # fmt: skip
BY_NAME: Mapping[str, Check] = {check.name: check for check in CHECKS}


def checks_do(application: Application, *, at: datetime) -> list[CheckResult]:
    """Do every check anew on the register and the lists as they are now, and keep what each found."""
    findings_refresh(application)
    results = []
    for check in CHECKS:
        found = check.do(application)
        results.append(
            CheckResult(
                application=application,
                name=check.name,
                version=check.version,
                outcome=CheckOutcome.CLEAN if found.is_clean else CheckOutcome.ATTENTION,
                rows=found.rows,
                looked_at=dict(found.looked_at),
                made_at=at,
            )
        )
    return CheckResult.objects.bulk_create(results)
