"""Choosing months to apply for; proposing, with reasons for what is refused; returning."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.claims.models import ClaimApplication


class ChosenForm(forms.Form):
    """The claimable entries that were ticked, or all that the organisation has."""

    entries = forms.TypedMultipleChoiceField(coerce=int, required=False)
    everything = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, offered: list[int]) -> None:
        super().__init__(data)
        field = self.fields["entries"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, pk) for pk in offered]


class ProposalForm(forms.Form):
    """For each claim of an application, the reason why it is refused; empty: granted."""

    def __init__(self, application: ClaimApplication, data: Any = None) -> None:
        super().__init__(data)
        for claim in application.claims.values_list("pk", "reason"):
            self.fields[f"reason_{claim[0]}"] = forms.CharField(
                max_length=500, required=False, initial=claim[1], label=_("Refused because")
            )

    def refused(self) -> dict[int, str]:
        """Reasons by the id of the claim."""
        given = {name: text.strip() for name, text in self.cleaned_data.items()}
        return {int(name.removeprefix("reason_")): text for name, text in given.items() if text}


class ReturnForm(forms.Form):
    """Why a proposal is returned."""

    reason = forms.CharField(label=_("Why it is returned"), max_length=500)
