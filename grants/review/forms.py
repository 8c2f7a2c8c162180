"""What reviewers write and choose: filters, marks, completion requests, notes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.review.models import Phrase, PhraseUse
from grants.review.selectors import ALL, MINE, NOBODYS, STATUSES
from registry.models import Role, StaffRole, User

DAYS = ("%d.%m.%Y", "%Y-%m-%d")
OPEN_ONES = [("", _("open"))]
WHOSE = [(ALL, _("everybody's")), (MINE, _("mine")), (NOBODYS, _("nobody's"))]


class FilterForm(forms.Form):
    """Which applications the work list shows; the address keeps it."""

    status = forms.ChoiceField(label=_("State"), choices=[*OPEN_ONES, *STATUSES], required=False)
    round = forms.ChoiceField(label=_("Round"), required=False)
    whose = forms.ChoiceField(label=_("Reviewer"), choices=WHOSE, required=False)

    def __init__(self, data: Any, *, rounds: Collection[str]) -> None:
        super().__init__(data)
        field = self.fields["round"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *((code, code) for code in rounds)]

    def asked(self) -> dict[str, str]:
        """Values by the names that the selector takes; empty where nothing sound was asked."""
        given = self.cleaned_data if self.is_valid() else {}
        return {
            "status": given.get("status", ""),
            "round_": given.get("round", ""),
            "whose": given.get("whose", ""),
        }


class FindForm(forms.Form):
    """An application's number, its applicant, or a person's UMA number: never in an address."""

    text = forms.CharField(
        label=_("Number, applicant, or UMA customer number"), min_length=2, max_length=60
    )


def reviewers(day: date) -> models.QuerySet[User]:
    """Who may be given an application to check on the day."""
    granted = StaffRole.objects.in_force(day).filter(role=Role.REVIEWER)
    return User.objects.filter(pk__in=granted.values("user"), is_active=True).order_by("username")


class PersonChoice(forms.ModelChoiceField):
    """Somebody by their name."""

    def label_from_instance(self, obj: User) -> str:
        """The full name, or the user name."""
        return obj.get_full_name() or obj.get_username()


class AssignForm(forms.Form):
    """Applications of the work list and whom they are given to."""

    applications = forms.TypedMultipleChoiceField(coerce=int)
    reviewer = PersonChoice(label=_("Give to"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, data: Any = None, *, offered: Collection[int] = (), today: date) -> None:
        super().__init__(data)
        who, which = self.fields["reviewer"], self.fields["applications"]
        assert isinstance(who, forms.ModelChoiceField)
        assert isinstance(which, forms.ChoiceField)
        who.queryset = reviewers(today)
        which.choices = [(pk, pk) for pk in offered]


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
