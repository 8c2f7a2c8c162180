"""Choosing the organisation to act for; giving and ending rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.access.rights import Access


class OrganisationForm(forms.Form):
    """One of the organisations that one is an officer of."""

    organisation = forms.TypedChoiceField(
        label=_("Organisation"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, access: Access, *args: Any, **kwargs: Any) -> None:
        if access.organisation:
            kwargs["initial"] = {"organisation": access.organisation.pk}
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (organisation.pk, f"{organisation.name} ({organisation.get_kind_display()})")
            for organisation in access.organisations
        ]
