"""Pages of how a run's total follows from last month's: by payee, by step, the persons behind it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.lib.downloads import csv_response
from config.lib.months import Month
from config.lib.routes import whole_number
from payments.changes import groups, persons, selectors, tables
from payments.changes.models import Change, RunChange
from payments.runs.models import Run, case_of
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.cases import origin_of
from registry.audit.models import Verb
from registry.audit.requests import page_record


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def run_changes(request: SignedInRequest, month: Month) -> HttpResponse:
    """Every payee's steps from last month's sum to this month's."""
    run = _run(request, month)
    _kinds, payees = selectors.payees_steps(run)
    columns = [label for label, _kinds in selectors.COLUMNS]
    context = {"run": run, "columns": columns, "payees": payees}
    return render(request, "payments/changes/payees.html", context)


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def changes_csv(request: SignedInRequest, month: Month) -> HttpResponse:
    """The table of every payee's steps."""
    run = _run(request, month)
    header, rows = tables.changes_table(*selectors.payees_steps(run))
    page_record(request, verb=Verb.EXPORTED, about=run, case_ref=case_of(month))
    return csv_response(f"changes-{month}", header, rows)


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def run_change(request: SignedInRequest, month: Month, step: str) -> HttpResponse:
    """One step by payee."""
    run, kind = _run(request, month), _kind(step)
    context = {"run": run, "kind": kind, "rows": list(selectors.step_payees(run, kind))}
    return render(request, "payments/changes/step.html", context)


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def change_persons(
    request: SignedInRequest, month: Month, step: str, kind: str, code: str
) -> HttpResponse:
    """The persons behind a step of a payee."""
    change = visible_or_404(
        request,
        RunChange,
        "run",
        "payee",
        run__month=month.first_day,
        kind=_kind(step),
        payee__kind=kind,
        payee__code=code,
    )
    found = persons.change_persons(
        change.run, Change(change.kind), change.payee_id or 0, after=whole_number(request, "after")
    )
    shown = [row.person_id for row in found.page.rows if row.person_id]
    case = case_of(month)
    page_record(request, about=change.run, case_ref=case, persons=shown)
    context = {
        "run": change.run,
        "change": change,
        "origin": origin_of(case),
        "benefit_month": _benefit_month(change),
        "page": found.page,
        "secret": found.secret,
    }
    return render(request, "payments/changes/persons.html", context)


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def run_groups(request: SignedInRequest, month: Month) -> HttpResponse:
    """Whom a run pays, by group, age and ground."""
    run = _run(request, month)
    return render(
        request, "payments/changes/groups.html", {"run": run, "tables": groups.run_groups(run)}
    )


@open_to(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)
@require_safe
def groups_csv(request: SignedInRequest, month: Month) -> HttpResponse:
    """The tables of groups in one."""
    run = _run(request, month)
    header, rows = tables.groups_table(groups.run_groups(run))
    page_record(request, verb=Verb.EXPORTED, about=run, case_ref=case_of(month))
    return csv_response(f"groups-{month}", header, rows)


def _run(request: SignedInRequest, month: Month) -> Run:
    return visible_or_404(request, Run, month=month.first_day)


def _kind(step: str) -> Change:
    """The step of an address. Raises Http404."""
    if step not in Change.values:
        raise Http404(_("There is no such step."))
    return Change(step)


def _benefit_month(change: RunChange) -> Month:
    """The month whose explanation tells most of the step: last month's for those who are gone."""
    month = Month.of(change.run.month)
    gone = {Change.LAST, Change.LATE_OUT}
    return month + -1 if change.kind in gone else month
