"""Named checks of an application, each with its version: they advise, people decide (G-03 … G-13).

What a check says of rows was found when the list was checked (`grants.lists.checking`), as the
register and the other lists are now: here it is counted, not found again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
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


Do = Callable[[Application], Found]
# The rows of the current lists of applications that a check tells to look at.
Flags = Callable[[QuerySet[Application]], QuerySet[ListRow]]


@dataclass(frozen=True)
class Check:
    """A check: its version counts up when what it does changes; one of rows says which (`flags`)."""

    name: str
    version: int
    label: str | Promise
    rule: str
    do: Do
    flags: Flags | None = None


def rows_of(applications: QuerySet[Application]) -> QuerySet[ListRow]:
    """Rows that the current lists of applications have, without those removed."""
    lists = PersonList.objects.current().filter(application__in=applications)
    return ListRow.objects.kept().filter(list__in=lists)


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


def rows_found(*codes: Code) -> Flags:
    """Rows with any of the findings."""

    def flags(applications: QuerySet[Application]) -> QuerySet[ListRow]:
        found = RowFinding.objects.filter(row=OuterRef("pk"), code__in=codes)
        return rows_of(applications).filter(Exists(found))

    return flags


def of_findings(*codes: Code) -> Do:
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


def without_agreement(applications: QuerySet[Application]) -> QuerySet[ListRow]:
    """G-13: rows whose municipality had no agreement in force on the day of moving in."""
    return rows_of(applications).filter(
        ~Exists(in_force().filter(municipality=OuterRef("municipality")))
    )


def in_force() -> QuerySet[Agreement]:
    """Agreements in force on the day of moving in of the row outside."""
    return Agreement.objects.current().filter(
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("moved_in")),
        valid_from__lte=OuterRef("moved_in"),
    )


def of_agreement(flags: Flags) -> Do:
    """A check of the agreement: rows without one, and whether the applicant declared it."""

    def do(application: Application) -> Found:
        one = Application.objects.filter(pk=application.pk)
        without = flags(one).count()
        looked_at = {"rows": rows_of(one).count(), "declared": application.has_agreement}
        return Found(not without and application.has_agreement, without, looked_at)

    return do


def _check_of_findings(name: str, label: str | Promise, rule: str, *codes: Code) -> Check:
    return Check(name, 1, label, rule, of_findings(*codes), rows_found(*codes))


def own_agreement(application: Application) -> Found:
    """G-13: whether the applicant had an agreement in force on the day it was sent."""
    assert application.submitted_at
    day = timezone.localdate(application.submitted_at)
    in_force = Agreement.objects.current().filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        municipality=application.applicant,
        valid_from__lte=day,
    )
    looked_at = {"on": day.isoformat(), "declared": application.has_agreement}
    return Found(in_force.exists() and application.has_agreement, looked_at=looked_at)


IN_TIME = Check("in-time", 1, _("Sent in time"), "G-03", in_time)
DUPLICATES = (Code.CLAIMED_ELSEWHERE, Code.CLAIMED_EARLIER, Code.BOTH_SUPPORTS)
CHECKS = (
    IN_TIME,
    _check_of_findings(
        "register", _("The register says the same"), "G-11",
        Code.NOT_IN_REGISTER, Code.BIRTH_DATE_DIFFERS, Code.NATIONALITY_DIFFERS,
        Code.GROUND_DIFFERS, Code.MUNICIPALITY_DIFFERS, Code.MOVED_IN_DIFFERS,
    ),
    _check_of_findings("first-home", _("First home municipality"), "G-04", Code.NOT_FIRST_HOME),
    _check_of_findings("duplicates", _("Nobody is applied for twice"), "G-04", *DUPLICATES),
    Check("commitment", 1, _("Commitment of the year"), "G-13", commitment),
    Check(
        "agreement", 1, _("Agreement in force"), "G-13",
        of_agreement(without_agreement), without_agreement,
    ),
)  # fmt: skip
CHECKS_WITHOUT_LIST = (
    IN_TIME,
    Check("own-agreement", 1, _("Agreement in force when it was sent"), "G-13", own_agreement),
)
BY_NAME: Mapping[str, Check] = {check.name: check for check in (*CHECKS, *CHECKS_WITHOUT_LIST)}


def checks_do(application: Application, *, at: datetime) -> list[CheckResult]:
    """Do every check anew on the register and the lists as they are now, and keep what each found."""
    findings_refresh(application)
    results = []
    for check in CHECKS if application.round.has_list else CHECKS_WITHOUT_LIST:
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
