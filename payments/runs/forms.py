"""Forms of the pages of runs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month, NotAMonth

REASON_LENGTH = 500


class ReasonForm(forms.Form):
    """Asks why a step back is taken, of the run that was looked at."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)
    run = forms.IntegerField(widget=forms.HiddenInput)


class StartForm(forms.Form):
    """Asks which month's run to start, in the place of the open run that was seen, if any."""

    month = forms.CharField(
        label=_("Month"),
        help_text=_("Written like 2025-03."),
        max_length=7,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_month(self) -> Any:
        try:
            return Month.parse(self.cleaned_data["month"])
        except NotAMonth as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
