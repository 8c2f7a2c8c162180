"""What the applicant writes: contact and declarations, answers; types are cleaned here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.applications.content import SAID
from grants.applications.models import Application
from grants.models import Round, Support

LANGUAGES = (("fi", _("Finnish")), ("sv", _("Swedish")))


class ContactForm(forms.Form):
    """The contact person and the declarations of an application."""

    contact_name = forms.CharField(label=_("Contact person"), max_length=100)
    contact_email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Told when something waits in the service; nothing else is mailed there."),
    )
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    language = forms.ChoiceField(
        label=_("Language of the decision"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    has_agreement = forms.BooleanField(
        label=_("The integration agreement and the integration programme are in force"),
        required=False,
    )
    committed_persons = forms.IntegerField(
        label=_("Persons that the municipality has committed itself to receive in the year"),
        min_value=0,
        max_value=9999,
    )
    worker_name = forms.CharField(
        label=_("Employee who works with refugees already"), max_length=100
    )
    worker_title = forms.CharField(
        label=_("Employee's title"),
        max_length=100,
        help_text=_("As the decision names the post: the employee's name is not written there."),
    )
    ceiling_eur = forms.DecimalField(
        label=_("Salary costs applied for at most, EUR"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        localize=True,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, application: Application, data: Any = None, **options: Any) -> None:
        names = (*SAID, "version")
        initial = {name: getattr(application, name) for name in names}
        super().__init__(data, initial=initial, **options)
        for name in names:
            if name not in (*asked(application.round), "version"):
                del self.fields[name]
        if "committed_persons" in self.fields:
            least = application.round.min_committed_persons
            self.fields["committed_persons"].help_text = (
                _("The support needs at least {least} (G-13).").format(least=least) if least else ""
            )

    def said(self) -> dict[str, Any]:
        """What is to be saved."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def asked(round_: Round) -> tuple[str, ...]:
    """What an applicant of the round is asked for, in order."""
    salary = {"worker_name", "worker_title", "ceiling_eur"}
    without = {
        Support.SUPPLEMENT: {"committed_persons", *salary},
        Support.URGENT: salary,
        Support.SALARY: {"committed_persons"},
    }[Support(round_.support)]
    return tuple(name for name in SAID if name not in without)


def shown(value: object) -> str:
    """What was written in a field, for people."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(dict(LANGUAGES).get(str(value), value))


class SendForm(forms.Form):
    """The declaration of whoever sends, and the content hash of what they have read."""

    is_correct = forms.BooleanField(
        label=_("I declare that what the application says is correct."),
        error_messages={"required": _("Declare that what the application says is correct.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The answer to a completion request."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What has been completed, and where. Do not write names of persons here."),
    )
