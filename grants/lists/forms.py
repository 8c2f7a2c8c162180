"""The file of a list, and the fields of one of its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.lists.models import NAME_LENGTH
from grants.lists.reading.refusals import Refusal, sentence
from grants.lists.schema import MAX_FILE_BYTES, columns_of


class UploadForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label=_("The list as you filled it in"),
        help_text=_("An Excel workbook (.xlsx) made in the template of this page, at most 10 MB."),
        allow_empty_file=True,  # refused with our own sentence
    )

    def clean_file(self) -> Any:
        """Raise ValidationError for a file that is too large to be looked at."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_FILE_BYTES:
            raise forms.ValidationError(sentence(Refusal.TOO_LARGE, {}))
        return upload


class RowForm(forms.Form):
    """What somebody wrote into a row, and the change of it that they had seen last."""

    seen = forms.IntegerField(min_value=0)

    def __init__(self, support: str, data: Any) -> None:
        super().__init__(data)
        for column in columns_of(support):
            if column.name in data:
                self.fields[column.name] = forms.CharField(max_length=NAME_LENGTH, required=False)

    def said(self) -> dict[str, str]:
        """Texts by column."""
        return {name: text for name, text in self.cleaned_data.items() if name != "seen"}
