"""What reviewers write and choose: marks, completion requests, notes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.review.models import Phrase, PhraseUse

DAYS = ("%d.%m.%Y", "%Y-%m-%d")


ACCEPT, REFUSE = "accept", "refuse"


class MarksForm(forms.Form):
    """For each row of the page: accept or refuse, and with which reason."""

    def __init__(self, data: Any, *, rows: Collection[int]) -> None:
        super().__init__(data)
        self.rows = rows
        reasons = Phrase.objects.offered(PhraseUse.REFUSAL)
        self.phrases = {phrase.pk: phrase for phrase in reasons}
        for row in rows:
            self.fields[f"mark_{row}"] = forms.ChoiceField(
                choices=[(ACCEPT, ACCEPT), (REFUSE, REFUSE)], required=False
            )
            self.fields[f"phrase_{row}"] = forms.TypedChoiceField(
                choices=[(pk, pk) for pk in self.phrases], coerce=int, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A refusal has its reason."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.rows:
            if given.get(f"mark_{row}") == REFUSE and not given.get(f"phrase_{row}"):
                raise forms.ValidationError(_("Choose the reason of each refusal."))
        return given

    def marks(self) -> dict[int, Phrase | None]:
        """What was marked: None accepts, a phrase refuses."""
        given = self.cleaned_data
        return {
            row: None if given[f"mark_{row}"] == ACCEPT else self.phrases[given[f"phrase_{row}"]]
            for row in self.rows
            if given.get(f"mark_{row}")
        }


class CompletionForm(forms.Form):
    """What is missing and until when it is to be answered."""

    asked = forms.CharField(
        label=_("What is missing"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The applicant reads this. Do not write names of persons here."),
    )
    phrase = forms.ModelChoiceField(
        label=_("Or a ready phrase"),
        queryset=Phrase.objects.none(),
        required=False,
        help_text=_("It is written after your own words, in the applicant's language."),
    )
    answer_by = forms.DateField(
        label=_("Last day to answer"), help_text=_("For example 5.3.2026."), input_formats=DAYS
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="completion")
        self.fields["asked"].required = False
        field = self.fields["phrase"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Phrase.objects.offered(PhraseUse.COMPLETION)

    def text(self, language: str) -> str:
        """What is asked, in the language of the applicant."""
        phrase: Phrase | None = self.cleaned_data["phrase"]
        ready = getattr(phrase, f"text_{language}") if phrase else ""
        return "\n\n".join(filter(None, (self.cleaned_data["asked"].strip(), ready)))


class ExtendForm(forms.Form):
    """A later last day to answer."""

    answer_by = forms.DateField(
        label=_("New last day to answer"), help_text=_("For example 5.3.2026."), input_formats=DAYS
    )


class NoteForm(forms.Form):
    """A note that the authority alone reads."""

    text = forms.CharField(
        label=_("A note of yours"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
