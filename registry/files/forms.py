"""A field by which people send one or several files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.files.inspection import TOO_LARGE
from registry.files.models import MAX_FILE_BYTES
from registry.files.services import Upload

AT_ONCE = 10


class FilesInput(forms.FileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files to keep, as uploads; `registry.files.services.file_keep` looks into each."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Attachments"))
        options.setdefault(
            "help_text",
            _("PDF, PNG, JPEG, Excel (.xlsx) or Word (.docx), each at most 10 MB, ten at once."),
        )
        super().__init__(allow_empty_file=True, **options)  # refused with our own sentence

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """The uploads. Raises ValidationError where there are too many or one is too large."""
        given = [one for one in (data or []) if one]
        if not given:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(given) > AT_ONCE:
            raise forms.ValidationError(_("Send at most ten files at once."))
        if any(one.size > MAX_FILE_BYTES for one in given):
            raise forms.ValidationError(TOO_LARGE)
        taken = [super(FilesField, self).clean(one, initial) for one in given]
        return [Upload(one.name, one.read()) for one in taken]
