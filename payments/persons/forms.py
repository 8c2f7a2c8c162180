"""Forms of the person pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.people.models import UMA_NUMBER_LENGTH


class PersonSearchForm(forms.Form):
    """Asks for a UMA customer number, sent in the body: it is personal data."""

    uma_number = forms.CharField(
        label=_("UMA customer number"),
        max_length=UMA_NUMBER_LENGTH,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
