"""Forms of the extract: whose it is, and how it is handed out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.people.models import UMA_NUMBER_LENGTH


class ExtractSearchForm(forms.Form):
    """Asks for a UMA customer number or an identity code, sent in the body: personal data."""

    number = forms.CharField(
        label=_("UMA customer number or personal identity code"),
        max_length=UMA_NUMBER_LENGTH,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class ExtractForm(forms.Form):
    """How the extract is made."""

    PDF, JSON = "pdf", "json"

    form = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[(PDF, _("document (PDF)")), (JSON, _("machine-readable (JSON)"))],
        widget=forms.RadioSelect,
        initial=PDF,
    )
    named = forms.BooleanField(
        label=_("Name the users who have looked"),
        required=False,
        initial=True,
        help_text=_(
            "Untick when the extract is given on the right of access alone: it does not reach "
            "the names of employees (Court of Justice, C-579/21)."
        ),
    )
