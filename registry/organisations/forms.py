"""Forms of the organisations' pages."""

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _


class AgreementsForm(forms.Form):
    """The coordinator's file of agreements (C-27)."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with the columns municipality_code, valid_from, valid_to, reference. It replaces "
            "all agreements of the municipalities it names; others are untouched."
        ),
        validators=[FileExtensionValidator(["csv"])],
    )
