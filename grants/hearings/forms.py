"""What the reviewer asks in a hearing and the applicant answers; types are cleaned here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.review.forms import DAYS


class HearingForm(forms.Form):
    """What the applicant is heard on besides the rows, and until when it may answer."""

    question = forms.CharField(
        label=_("What the applicant is heard on"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "The rows marked to be refused and their reasons are added by themselves. "
            "Do not write names of persons here."
        ),
    )
    answer_by = forms.DateField(
        label=_("Last day to answer"), help_text=_("For example 5.3.2026."), input_formats=DAYS
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, prefix="hearing", **options)


class HearingExtendForm(forms.Form):
    """A later last day to answer."""

    answer_by = forms.DateField(
        label=_("New last day to answer"), help_text=_("For example 5.3.2026."), input_formats=DAYS
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="hearing_extend")


class HearingAnswerForm(forms.Form):
    """The applicant's answer."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Point to persons by their row in the list, not by name."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="hearing")
