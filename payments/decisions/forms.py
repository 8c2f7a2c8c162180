"""Asking for a decision's documents, finding decisions, recording that one was served."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.decisions.models import Service

LANGUAGES = (("fi", _("Finnish")), ("sv", _("Swedish")))
SENT = [choice for choice in Service.choices if choice[0] != Service.FETCHED]


class FetchForm(forms.Form):
    """The language of the documents."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class FindForm(forms.Form):
    """A decision's number or recipient."""

    text = forms.CharField(label=_("Number, or the recipient's name or code"), max_length=60)


class ServeForm(forms.Form):
    """How and when a decision reached its recipient outside the service (P-04)."""

    service = forms.ChoiceField(label=_("How"), choices=SENT, widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("Day"),
        help_text=_("When the message was sent, or the letter arrived; for example 5.3.2026."),
    )
