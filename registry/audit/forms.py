"""The form by which the log is searched."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.audit.models import Verb
from registry.people.models import UMA_NUMBER_LENGTH

ISO_DAY = "%Y-%m-%d"


class LogSearchForm(forms.Form):
    """Who, about whom, what, when; sent in the body, for the UMA number is personal data."""

    username = forms.CharField(label=_("User name"), max_length=150, required=False)
    uma_number = forms.CharField(
        label=_("UMA customer number"),
        max_length=UMA_NUMBER_LENGTH,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    verb = forms.ChoiceField(
        label=_("What was done"), choices=[("", _("anything")), *Verb.choices], required=False
    )
    first_day = forms.DateField(
        label=_("First day"),
        required=False,
        input_formats=(ISO_DAY, "%d.%m.%Y"),
        widget=forms.DateInput({"type": "date"}, format=ISO_DAY),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        input_formats=(ISO_DAY, "%d.%m.%Y"),
        widget=forms.DateInput({"type": "date"}, format=ISO_DAY),
    )
    after = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return values


class DisclosureSearchForm(LogSearchForm):
    """The same without what was done: a disclosure is a disclosure."""

    verb = None  # type: ignore[assignment] # Django's way to leave out a field
