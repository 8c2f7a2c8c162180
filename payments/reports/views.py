"""The yearly report to the Interior Ministry: its page, and its workbooks, whole and public."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.lib.downloads import file_response
from config.lib.xlsx import xlsx_workbook
from grants.models import Application
from payments.reports import selectors
from payments.reports.building import report_of
from payments.reports.forms import YearForm
from payments.reports.pages import charts_of
from payments.reports.public import public_tables
from payments.reports.tables import Table
from registry.access.doors import open_to
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.models import Purpose, Verb
from registry.audit.requests import page_record

READERS = (Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)


@open_to(*READERS)
@require_safe
def report(request: SignedInRequest) -> HttpResponse:
    """The report of a calendar year: of the last one, which is reported by the end of February."""
    today = timezone.localdate()
    years = selectors.years(today)
    form = YearForm({"year": request.GET.get("year", today.year - 1)}, years=years)
    made = report_of(selectors.figures_of(form.cleaned_data["year"])) if form.is_valid() else None
    context = {"form": form, "report": made, "charts": charts_of(made) if made else {}}
    return render(request, "payments/reports/report.html", context)


@open_to(*READERS)
@require_safe
def report_xlsx(request: SignedInRequest, year: int) -> HttpResponse:
    """The report as a workbook, for the authority and the ministry: small figures are in it."""
    _refuse_unknown(year)
    tables = report_of(selectors.figures_of(year)).tables
    mark = _(
        "For the authority and the ministry alone: figures of fewer than five persons are in it."
    )
    return _workbook(request, f"report-{year}", tables, [str(year), mark])


@open_to(*READERS)
@require_safe
def report_public_xlsx(request: SignedInRequest, year: int) -> HttpResponse:
    """The report that may be handed on: nothing in it tells of one to four persons."""
    _refuse_unknown(year)
    tables = public_tables(selectors.figures_of(year))
    mark = _("What would tell of one to four persons is put together or left out.")
    return _workbook(request, f"report-{year}-public", tables, [str(year), mark])


def _refuse_unknown(year: int) -> None:
    if year not in selectors.years(timezone.localdate()):
        raise Http404


def _workbook(
    request: SignedInRequest, name: str, tables: list[Table], above: list[str]
) -> HttpResponse:
    page_record(
        request, verb=Verb.EXPORTED, about=Application, case_ref=name, purpose=Purpose.SUPPLEMENTS
    )
    sheets = [table.sheet(above) for table in tables]
    return file_response(f"{name}.xlsx", xlsx_workbook(*sheets, at=timezone.now()))
