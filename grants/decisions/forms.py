"""What presenters, approvers and applicants write on the way to a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.decisions.models import RectificationClaim, Ruling
from grants.review.models import Phrase, PhraseUse


class ReasonsForm(forms.Form):
    """The reasons of a decision: one's own words, and ready phrases."""

    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "In the language of the decision. The reason of each refused row is added by itself; "
            "do not write names of persons here."
        ),
    )
    phrases = forms.ModelMultipleChoiceField(
        label=_("Ready phrases"),
        queryset=Phrase.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, application: Application, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.language = application.language
        field = self.fields["phrases"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Phrase.objects.offered(PhraseUse.REASONS)

    def text(self) -> str:
        """The reasons as the letter has them, in the language of the decision."""
        ready = [getattr(one, f"text_{self.language}") for one in self.cleaned_data["phrases"]]
        return "\n".join(filter(None, (self.cleaned_data["reasons"].strip(), *ready)))


BY_ROWS, INADMISSIBLE = "rows", "inadmissible"


class ProposalForm(ReasonsForm):
    """What is proposed: what the rows say, or that the application be dismissed."""

    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            (BY_ROWS, _("as the rows are marked")),
            (INADMISSIBLE, _("dismissed without considering its merits")),
        ],
        widget=forms.RadioSelect,
    )
    unheard = forms.ModelChoiceField(
        label=_("Why the applicant is not heard"),
        queryset=Phrase.objects.none(),
        required=False,
        empty_label=_("it has been heard, or nothing is refused"),
        help_text=_(
            "Needed where a row is refused for a reason that the applicant has not been heard on "
            "(Administrative Procedure Act, 34 §). The letter says it."
        ),
    )
    field_order = ("ruling", "reasons", "phrases", "unheard")

    def __init__(self, application: Application, data: Any = None) -> None:
        # G-03: a late application is proposed inadmissible unless the reviewer decides otherwise.
        likely = INADMISSIBLE if application.is_late else BY_ROWS
        super().__init__(application, data, initial={"ruling": likely})
        field = self.fields["unheard"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Phrase.objects.offered(PhraseUse.UNHEARD)

    @property
    def is_inadmissible(self) -> bool:
        """Whether dismissal is proposed."""
        return bool(self.cleaned_data["ruling"] == INADMISSIBLE)


class ClaimProposalForm(ReasonsForm):
    """What is proposed on a rectification claim."""

    ruling = forms.ChoiceField(
        label=_("Ruling on the claim"),
        choices=[
            (Ruling.GRANTED, _("upheld, as the rows are marked now")),
            (Ruling.PARTLY, _("upheld in part, as the rows are marked now")),
            (Ruling.REFUSED, _("refused: the decision stands")),
            (Ruling.INADMISSIBLE, _("dismissed without considering its merits")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("ruling", "reasons", "phrases")

    def __init__(self, claim: RectificationClaim, data: Any = None) -> None:
        super().__init__(claim.contested.application, data)


class ReturnForm(forms.Form):
    """Why a proposal is returned."""

    reason = forms.CharField(label=_("Why the proposal is returned"), max_length=500)


class ClaimForm(forms.Form):
    """The applicant's claim to have a decision rectified."""

    text = forms.CharField(
        label=_("What you claim, and why"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Name the change you claim and its grounds. Point to persons by their row in the list, "
            "not by name."
        ),
    )
