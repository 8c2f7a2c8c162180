"""The form of the report: of which year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class YearForm(forms.Form):
    """Asks for a calendar year of those that can be reported."""

    year = forms.TypedChoiceField(label=_("Calendar year"), coerce=int)

    def __init__(self, data: Any, *, years: Sequence[int]) -> None:
        super().__init__(data)
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(year, year) for year in years]
