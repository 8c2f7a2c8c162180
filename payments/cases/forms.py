"""Applying for persons, allocating them, proposing and returning; types only, services decide."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.lib.months import Month, NotAMonth
from payments.cases.models import ManualCase
from payments.cases.services.applying import AppliedCase
from registry.models import Organisation
from registry.people.models import UMA_NUMBER_LENGTH

MOST_PERSONS = 50
AS_PEOPLE_WRITE = re.compile(r"(\d{1,2})[/.](\d{4})", re.ASCII)
CLOSED = {"autocomplete": "off", "spellcheck": "false"}


class MonthField(forms.CharField):
    """A month written 1/2025 or 2025-01; its first day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({**CLOSED, "class": "short"})
        super().__init__(max_length=7, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if written := AS_PEOPLE_WRITE.fullmatch(text.strip()):
            text = f"{written[2]}-{int(written[1]):02}"
        try:
            return Month.parse(text).first_day
        except NotAMonth:
            raise forms.ValidationError(_("Write the month like 1/2025.")) from None


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput({**CLOSED, "class": "short"}),
        help_text=_("For example 5.3.2024."),
        **kwargs,
    )


class PersonForm(forms.Form):
    """One person applied for: by number, or by name and birth date; the months and the evidence."""

    uma_number = forms.CharField(
        label=_("UMA customer number"),
        max_length=UMA_NUMBER_LENGTH,
        required=False,
        widget=forms.TextInput(CLOSED),
    )
    permit_number = forms.CharField(
        label=_("Permit number"), max_length=40, required=False, widget=forms.TextInput(CLOSED)
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=200, required=False, widget=forms.TextInput(CLOSED)
    )
    given_names = forms.CharField(
        label=_("Given names"), max_length=200, required=False, widget=forms.TextInput(CLOSED)
    )
    birth_date = _day(_("Birth date"), required=False)
    first_month = MonthField(label=_("From month"), help_text=_("Written like 1/2025."))
    last_month = MonthField(label=_("To month"), help_text=_("That month is applied for too."))
    evidence = forms.CharField(
        label=_("Evidence of living in the municipality"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What shows it and where it can be seen: lease, registration, client record."),
    )

    def applied(self) -> AppliedCase:
        """The cleaned form as what the service takes."""
        return AppliedCase(**self.cleaned_data)


PersonFormSet = forms.formset_factory(
    PersonForm, extra=0, min_num=1, max_num=MOST_PERSONS, validate_min=True, validate_max=True
)


def with_one_more(data: Any) -> Any:
    """What was written so far, unjudged, with room for one more person."""
    written = PersonFormSet(data)
    names = PersonForm.base_fields
    rows = [{name: form[name].value() or "" for name in names} for form in written]
    more = PersonFormSet(initial=rows)
    more.extra = int(len(rows) < MOST_PERSONS)
    return more


class MatchForm(forms.Form):
    """Who it is: one of those proposed, or another by number; and why."""

    person = forms.TypedChoiceField(
        label=_("Person"), coerce=int, required=False, widget=forms.RadioSelect, empty_value=None
    )
    uma_number = forms.CharField(
        label=_("Another, by UMA customer number"),
        max_length=UMA_NUMBER_LENGTH,
        required=False,
        widget=forms.TextInput(CLOSED),
    )
    reason = forms.CharField(label=_("How you know"), max_length=500)

    def __init__(self, data: Any = None, *, offered: list[tuple[int, str]]) -> None:
        # The page has another form with a reason.
        super().__init__(data, auto_id="id_match_%s")
        field = self.fields["person"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = offered
        if not offered:
            del self.fields["person"]


class AllocateForm(forms.Form):
    """Where and when the person lived, and what shows it."""

    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.none()
    )
    moved_in = _day(_("First day there"))
    moved_out = _day(_("Last day"))
    evidence = forms.CharField(
        label=_("Evidence and reasons"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, case: ManualCase) -> None:
        super().__init__(data, initial={"evidence": case.stated_evidence})
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.municipalities().order_by("name_fi")


class ReasonForm(forms.Form):
    """Why a case is refused, or a proposal returned."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class MunicipalityForm(forms.Form):
    """The municipality whose own cases are proposed."""

    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Organisation.objects.municipalities().order_by("name_fi")
    )
