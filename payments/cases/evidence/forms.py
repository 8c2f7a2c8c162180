"""Sending evidence files, and saying what they show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.files.forms import FilesField


class EvidenceForm(forms.Form):
    """Files and what they show; both or neither, unless files are required."""

    attached = FilesField(label=_("Evidence files"))
    shows = forms.CharField(
        label=_("What the files show"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("For example: lease from 1.2.2024, of the first person."),
    )

    def __init__(self, *args: Any, optional: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if optional:
            for field in self.fields.values():
                field.required = False

    def clean(self) -> dict[str, Any]:
        """Files come with what they show, and the other way round."""
        given = super().clean() or {}
        if given.get("attached") and not given.get("shows") and "shows" not in self.errors:
            self.add_error("shows", _("Say what the files show."))
        if given.get("shows") and not given.get("attached") and "attached" not in self.errors:
            self.add_error("attached", _("Choose the files."))
        return given
