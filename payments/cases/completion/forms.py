"""What is asked of an applicant, about which person, by when; its answer."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.applications.forms import AnswerForm as SupportAnswerForm
from grants.review.forms import CompletionForm, ExtendForm
from grants.review.models import Phrase, PhraseUse
from payments.cases.completion.models import ManualCompletion
from payments.cases.completion.selectors import cases_named
from payments.cases.models import ManualProposal


class AskForm(CompletionForm):
    """What is missing, by when, and of which person of the application."""

    case = forms.TypedChoiceField(label=_("About"), coerce=int, required=False, empty_value=None)

    field_order = ("case", "asked", "phrase", "answer_by")

    def __init__(self, data: Any = None, *, proposal: ManualProposal) -> None:
        super().__init__(data)
        phrases, cases = self.fields["phrase"], self.fields["case"]
        assert isinstance(phrases, forms.ModelChoiceField)
        assert isinstance(cases, forms.TypedChoiceField)
        phrases.queryset = Phrase.objects.offered(PhraseUse.EVIDENCE)
        cases.choices = [("", _("the whole application")), *cases_named(proposal).items()]


class OfOneRequest(forms.Form):
    """A form that a page has once for each request: its fields are named by the request."""

    @classmethod
    def of(cls, request: ManualCompletion, faulty: Self | None = None, data: Any = None) -> Self:
        """The form of a request; the one that was sent with a fault, if it is this request's."""
        prefix = f"completion-{request.pk}"
        return faulty if faulty and faulty.prefix == prefix else cls(data, prefix=prefix)


class MoreTimeForm(OfOneRequest, ExtendForm):
    """A later last day to answer."""


class AnswerForm(OfOneRequest, SupportAnswerForm):
    """The answer to a request."""
