"""Sending a workbook of former payments with its control totals."""

from __future__ import annotations

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from config.lib.admin import MAX_WORKBOOK_BYTES

# A payee's code, a year, a sum: 398 2021 12 345,67
CONTROL = re.compile(r"(AHS|\d{2,3})[\s;]+(\d{4})[\s;]+(-?[\d\s\u00a0]+(?:[.,]\d{1,2})?)")


class FormerForm(forms.Form):
    """The workbook, and what its rows should come to by payee and year."""

    file = forms.FileField(label=_("Workbook of former payments (.xlsx)"))
    controls = forms.CharField(
        label=_("Control totals"),
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One line for each payee and year, from the former ledger's own report: code, year and "
            "sum, for example 398 2021 12345,67."
        ),
    )

    def clean_file(self) -> bytes:
        """The bytes of the workbook."""
        file = self.cleaned_data["file"]
        if file.size > MAX_WORKBOOK_BYTES:
            raise forms.ValidationError(_("The file is over 10 MB. Send it in parts."))
        return bytes(file.read())

    def clean_controls(self) -> dict[tuple[str, int], int]:
        """Cents by payee's code and year."""
        found: dict[tuple[str, int], int] = {}
        lines = [line.strip() for line in self.cleaned_data["controls"].splitlines()]
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            said = CONTROL.fullmatch(line)
            if said is None or (said[1], int(said[2])) in found:
                raise forms.ValidationError(
                    _("Line %(number)d is not a code, a year and a sum, or is there twice."),
                    params={"number": number},
                )
            euros = Decimal(re.sub(r"\s", "", said[3]).replace(",", "."))
            found[said[1], int(said[2])] = int(euros * 100)
        return found


class ReasonForm(forms.Form):
    """Why an import is refused."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
