"""The form that accepts anomalies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.checks.models import RunAnomaly
from payments.checks.words import sentence

REASON_LENGTH = 500


class AcceptForm(forms.Form):
    """Asks which waiting anomalies are accepted, and why, of the run that was looked at."""

    anomalies = forms.TypedMultipleChoiceField(
        label=_("Anomalies that are as they should be"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What you looked at and why it is right. Kept with the run."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, waiting: Iterable[RunAnomaly], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(anomaly.pk, sentence(anomaly)) for anomaly in waiting]
        self.fields["anomalies"].choices = choices  # type: ignore[attr-defined] # a choice field
