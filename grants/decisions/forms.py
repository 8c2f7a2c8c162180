"""What presenters, approvers and applicants write on the way to a decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.applications.models import Application
from grants.decisions.models import RectificationClaim, Ruling
from grants.decisions.services.ceilings import Ceiling
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


class UnheardForm(ReasonsForm):
    """Reasons, and why the applicant is not heard on what is refused (434/2003 § 34)."""

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

    def __init__(self, application: Application, data: Any = None, **options: Any) -> None:
        super().__init__(application, data, **options)
        field = self.fields["unheard"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Phrase.objects.offered(PhraseUse.UNHEARD)


class ProposalForm(UnheardForm):
    """What is proposed: what the rows say, or that the application be dismissed."""

    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            (BY_ROWS, _("as the rows are marked")),
            (INADMISSIBLE, _("dismissed without considering its merits")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("ruling", "reasons", "phrases", "unheard")

    def __init__(self, application: Application, data: Any = None) -> None:
        # G-03: a late application is proposed inadmissible unless the reviewer decides otherwise.
        likely = INADMISSIBLE if application.is_late else BY_ROWS
        super().__init__(application, data, initial={"ruling": likely})

    @property
    def is_inadmissible(self) -> bool:
        """Whether dismissal is proposed."""
        return bool(self.cleaned_data["ruling"] == INADMISSIBLE)


def _ceiling(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        localize=True,
        required=False,
    )


GRANT, REFUSE = "grant", "refuse"


class CeilingForm(UnheardForm):
    """What is proposed of a salary grant: a ceiling with its conditions, or why none."""

    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            (GRANT, _("granted up to the ceiling below")),
            (REFUSE, pgettext_lazy("ruling", "refused")),
            (INADMISSIBLE, _("dismissed without considering its merits")),
        ],
        widget=forms.RadioSelect,
    )
    ceiling_eur = _ceiling(_("Granted at most, EUR"))
    conditions = forms.CharField(
        label=_("Conditions"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Beside the round's own; in the language of the decision, one a line."),
    )
    field_order = ("ruling", "ceiling_eur", "conditions", "reasons", "phrases", "unheard")

    def __init__(self, application: Application, data: Any = None) -> None:
        likely = INADMISSIBLE if application.is_late else GRANT
        initial = {"ruling": likely, "ceiling_eur": application.ceiling_eur}
        super().__init__(application, data, initial=initial)
        self.fields["reasons"].help_text = _(
            "In the language of the decision. Needed where less is granted than was applied for; "
            "do not write names of persons here."
        )
        self.fields["unheard"].help_text = _(
            "Needed where less is granted than was applied for and the applicant has not been "
            "heard (Administrative Procedure Act, 34 §). The letter says it."
        )

    def clean(self) -> dict[str, Any]:
        """A grant has its ceiling."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("ruling") == GRANT and not given.get("ceiling_eur"):
            self.add_error("ceiling_eur", _("Give the ceiling."))
        return given

    def said(self) -> Ceiling:
        """What is proposed."""
        given = self.cleaned_data
        return Ceiling(
            cents=int(given["ceiling_eur"] * 100) if given["ruling"] == GRANT else 0,
            reasons=self.text(),
            conditions=given["conditions"],
            is_inadmissible=given["ruling"] == INADMISSIBLE,
            unheard=given["unheard"],
        )


NOT_UPHELD = [
    (Ruling.REFUSED, _("refused: the decision stands")),
    (Ruling.INADMISSIBLE, _("dismissed without considering its merits")),
]


class ClaimProposalForm(ReasonsForm):
    """What is proposed on a rectification claim."""

    ruling = forms.ChoiceField(
        label=_("Ruling on the claim"),
        choices=[
            (Ruling.GRANTED, _("upheld, as the rows are marked now")),
            (Ruling.PARTLY, _("upheld in part, as the rows are marked now")),
            *NOT_UPHELD,
        ],
        widget=forms.RadioSelect,
    )
    ceiling_eur = _ceiling(_("New ceiling if upheld, EUR"))
    field_order = ("ruling", "ceiling_eur", "reasons", "phrases")

    def __init__(self, claim: RectificationClaim, data: Any = None) -> None:
        application = claim.contested.application
        super().__init__(application, data)
        if application.round.has_list:
            del self.fields["ceiling_eur"]
            return
        field = self.fields["ruling"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (Ruling.GRANTED, _("upheld, up to the ceiling below")),
            (Ruling.PARTLY, _("upheld in part, up to the ceiling below")),
            *NOT_UPHELD,
        ]

    @property
    def ceiling_cents(self) -> int | None:
        """The new ceiling, if one was given."""
        euros = self.cleaned_data.get("ceiling_eur")
        return int(euros * 100) if euros else None


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
