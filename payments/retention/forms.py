"""The forms of retention: for which day it is shown, and what is held."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models import Application
from payments.models import ManualProposal

ISO_DAY = "%Y-%m-%d"


class RetentionForm(forms.Form):
    """Asks for the day; without one, today."""

    day = forms.DateField(
        label=_("Day"),
        input_formats=(ISO_DAY, "%d.%m.%Y"),
        widget=forms.DateInput({"type": "date"}, format=ISO_DAY),
    )


APPLICATION, MANUAL = "application", "manual"


class HoldForm(forms.Form):
    """What is to be held, by its number, and why."""

    kind = forms.ChoiceField(
        label=_("What is held"),
        choices=[(APPLICATION, _("application for a support")), (MANUAL, _("manual cases"))],
        widget=forms.RadioSelect,
    )
    number = forms.RegexField(
        label=_("Number of the matter"),
        regex=r"^(?:HAK/)?[0-9]{1,6}(?:/[0-9]{4})?$|^#?[0-9]{1,9}$",
        max_length=20,
        help_text=_("For example HAK/17/2026, or 5 of manual cases."),
    )
    reason = forms.CharField(
        label=_("Why it is held"),
        max_length=300,
        help_text=_("For example the audit and its number. Do not write names of persons here."),
    )

    def matter(self) -> Application | ManualProposal | None:
        """The matter of that number, if there is one."""
        number = self.cleaned_data["number"].removeprefix("HAK/").removeprefix("#")
        serial, _slash, year = number.partition("/")
        if self.cleaned_data["kind"] == MANUAL:
            return None if year else ManualProposal.objects.filter(pk=serial).first()
        return Application.objects.filter(serial=serial, year=year or None).first()
