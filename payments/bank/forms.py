"""Forms of payments: types are cleaned here, what is right is said by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from payments.bank.bankfile.hardened import MAX_BYTES
from payments.bank.errors import DetailsRefused
from payments.bank.services.details import (
    Account,
    bic_checked,
    business_id_checked,
    iban_checked,
)


class AccountForm(forms.Form):
    """A payee's new bank details, as the payee told of them."""

    business_id = forms.CharField(label=_("Business ID"), max_length=20)
    iban = forms.CharField(label=_("IBAN"), max_length=40)
    bic = forms.CharField(label=_("BIC"), max_length=20)
    valid_from = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("How the payee told of it: the letter or message, and its day."),
    )

    def clean_business_id(self) -> str:
        return self._checked("business_id", business_id_checked)

    def clean_iban(self) -> str:
        return self._checked("iban", iban_checked)

    def clean_bic(self) -> str:
        return self._checked("bic", bic_checked)

    def account(self) -> Account:
        """The cleaned form as what the service takes."""
        return Account(**self.cleaned_data)

    def _checked(self, name: str, check: Any) -> str:
        try:
            return str(check(self.cleaned_data[name]))
        except DetailsRefused as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class AccountsForm(forms.Form):
    """A coordinator's file of many payees' bank details."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with the columns payee_kind, payee_code, business_id, iban, bic, valid_from, "
            "source. All rows are proposed, or none."
        ),
        validators=[FileExtensionValidator(["csv"])],
    )


class RefusalForm(forms.Form):
    """Why a change is refused."""

    refusal = forms.CharField(label=_("Why it is refused"), max_length=200)


class NoteForm(forms.Form):
    """What was found out; kept with the payment."""

    note = forms.CharField(label=_("What was found"), max_length=300)


class AnswerForm(forms.Form):
    """A file that the bank answered."""

    file = forms.FileField(
        label=_("File of the bank"),
        help_text=_(
            "pain.002.001.10, camt.054.001.08 or camt.053.001.08. The same file again changes "
            "nothing."
        ),
    )

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        return bytes(upload.read(MAX_BYTES + 1))
