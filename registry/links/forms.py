"""Joining another number to a person, and saying why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.people.models import UMA_NUMBER_LENGTH

CLOSED = {"autocomplete": "off", "spellcheck": "false"}


class JoinForm(forms.Form):
    """The other UMA number, how it is known to be the same person's, and whence."""

    uma_number = forms.CharField(
        label=_("The other UMA customer number"),
        max_length=UMA_NUMBER_LENGTH,
        widget=forms.TextInput(CLOSED),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Where it is seen: a notice of the migration authority, an extract, its date."),
        widget=forms.TextInput(CLOSED),
    )
    reason = forms.CharField(
        label=_("How you know"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class ReasonForm(forms.Form):
    """Why a proposal is refused, or a link is to end."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
