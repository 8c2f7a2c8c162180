"""What applicants, presenters and approvers write in claims of costs; types are cleaned here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.lib.money import euros
from config.templatetags.finnish import day
from grants.costs.models import CostClaim
from grants.costs.services.claiming import Costs
from grants.costs.states import CostStatus
from grants.review.forms import DAYS
from registry.files.forms import FilesField


class CostForm(forms.Form):
    """Costs that have come about, and their vouchers."""

    period_from = forms.DateField(
        label=_("Costs from"), help_text=_("For example 5.3.2026."), input_formats=DAYS
    )
    period_to = forms.DateField(label=_("Costs to"), input_formats=DAYS)
    amount_eur = forms.DecimalField(
        label=_("Costs claimed, EUR"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        localize=True,
    )
    description = forms.CharField(
        label=_("What the costs are of"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Salary, holiday pay, employer's contributions … Names stand in vouchers only."
        ),
    )
    vouchers = FilesField(label=_("Vouchers"), required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, claim: CostClaim | None = None
    ) -> None:
        super().__init__(data, files, initial=_said_before(claim) if claim else None)

    def said(self) -> Costs:
        """What is to be saved."""
        given = self.cleaned_data
        return Costs(
            period_from=given["period_from"],
            period_to=given["period_to"],
            amount_cents=int(given["amount_eur"] * 100),
            description=given["description"],
        )


def _said_before(claim: CostClaim) -> dict[str, Any]:
    return {
        "period_from": day(claim.period_from),
        "period_to": day(claim.period_to),
        "amount_eur": euros(claim.amount_cents),
        "description": claim.description,
    }


class CostSendForm(forms.Form):
    """The declaration of whoever sends a claim, and the answer where a completion was asked."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What has been completed, and where. Do not write names of persons here."),
    )
    is_correct = forms.BooleanField(
        label=_(
            "I declare that these costs have come about, are those of the grant, and are claimed "
            "from nobody else."
        ),
        error_messages={"required": _("Declare that the costs are those of the grant.")},
    )

    def __init__(self, claim: CostClaim, data: Any = None) -> None:
        super().__init__(data)
        if claim.status != CostStatus.ASKED:
            del self.fields["answer"]


class CostAskForm(forms.Form):
    """What is missing of a claim, and until when it is to be answered."""

    asked = forms.CharField(
        label=_("What is missing"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The applicant reads this. Do not write names of persons here."),
    )
    answer_by = forms.DateField(
        label=_("Last day to answer"), help_text=_("For example 5.3.2026."), input_formats=DAYS
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="completion")


class CostProposalForm(forms.Form):
    """How much is accepted, and why less than is claimed."""

    accepted_eur = forms.DecimalField(
        label=_("Accepted, EUR"),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        localize=True,
        help_text=_("0 refuses the claim."),
    )
    reason = forms.CharField(
        label=_("Why less is accepted"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "In the language of the decision. Needed where less is accepted than is claimed; do "
            "not write names of persons here."
        ),
    )

    def __init__(self, claim: CostClaim, data: Any = None) -> None:
        super().__init__(data, initial={"accepted_eur": euros(claim.amount_cents)})

    @property
    def cents(self) -> int:
        """What is accepted, in cents."""
        return int(self.cleaned_data["accepted_eur"] * 100)
