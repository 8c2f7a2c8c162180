"""The form of the preview: for which day."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ISO_DAY = "%Y-%m-%d"


class RetentionForm(forms.Form):
    """Asks for the day; without one, today."""

    day = forms.DateField(
        label=_("Day"),
        input_formats=(ISO_DAY, "%d.%m.%Y"),
        widget=forms.DateInput({"type": "date"}, format=ISO_DAY),
    )
