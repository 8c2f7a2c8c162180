"""The living component page of the demo: every component once, with what it is for."""

from __future__ import annotations

from datetime import date
from operator import itemgetter

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config.lib.charts import bar_chart
from config.lib.money import finnish
from config.lib.paging import Page
from config.lib.sorting import Sort
from config.lib.waterfall import waterfall

ORDERS = dict.fromkeys(("town", "persons", "sum"), ())
ROWS = [("Lahti", 7, 119700), ("Turku", 12, 205200), ("Åbo", 0, -17100)]
MONTHS = [(f"{1 + place % 12}/{2025 + place // 12}", 90_000 + place * 4100) for place in range(23)]


class SampleForm(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As people say it."))
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea({"rows": 3}))
    day = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("fi", "Suomi"), ("sv", "Svenska")]
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Components"),
        choices=[("base", gettext_lazy("base")), ("adult", gettext_lazy("adult"))],
        widget=forms.CheckboxSelectMultiple,
    )
    sure = forms.BooleanField(label=gettext_lazy("I have checked this"))
    file = forms.FileField(label=gettext_lazy("File"))


class SampleFilters(forms.Form):
    """Fields that stand side by side above a table."""

    town = forms.CharField(label=gettext_lazy("Municipality"), required=False)
    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )


@login_not_required
@require_safe
def showcase(request: HttpRequest) -> HttpResponse:
    """Show every component; `?faults` shows the form as sent empty."""
    sort = Sort.asked(request, ORDERS, default="town", table="towns")
    place = list(ORDERS).index(sort.key)
    form = SampleForm({}) if "faults" in request.GET else SampleForm()
    for level in (messages.SUCCESS, messages.INFO, messages.WARNING, messages.ERROR):
        messages.add_message(request, level, _("A message stands here until the next page."))
    context = {
        "form": form,
        "filters": SampleFilters(),
        "sort": sort,
        "rows": sorted(ROWS, key=itemgetter(place), reverse=sort.descending),
        "chart": bar_chart(
            [*MONTHS, ("12/2026", -21_000)],
            name="months",
            title=_("Compensation by month"),
            write=finnish,
        ),
        "steps": waterfall(
            name="steps",
            title=_("From last month to this"),
            start=(_("Last month"), MONTHS[0][1]),
            steps=[(_("New persons"), 21_000), (_("Corrections"), -9_000)],
            end=_("This month"),
            write=finnish,
        ),
        "page": Page(rows=[], next=7, is_first=False),
        "day": date(2025, 3, 5),
    }
    return render(request, "showcase.html", context)
