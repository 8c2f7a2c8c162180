"""Forms of recoveries: types are cleaned here, what is right is said by the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.templatetags.finnish import day, eur
from payments.models import RecoveryEntry


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


def _text(label: Any, help_text: Any = "", *, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget)


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=12, decimal_places=2, localize=True
    )


class StepForm(forms.Form):
    """A form among others on the page of a case: its fields' names begin with its own."""

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, prefix=type(self).__name__.removesuffix("Form").lower(), **more)

    @property
    def cents(self) -> int:
        """The amount in cents."""
        return int(self.cleaned_data["amount"] * 100)


class HearingForm(StepForm):
    """What the payee is asked, and by when it may answer."""

    question = _text(
        _("Why it is to be repaid"), _("The payee reads this. Name no persons."), most=2000
    )
    answer_by = _day(_("To be answered by"))


class AnswerForm(StepForm):
    """The payee's answer."""

    answer = _text(_("Your answer"), _("Name no persons."), most=4000)


class RepayForm(StepForm):
    """A decision to repay."""

    due_on = _day(_("Due day"), _("At least two weeks from today. Late interest runs from it."))
    reason = _text(_("Reasons, as the letter gives them"), _("Name no persons."))


class WaiveForm(StepForm):
    """A waiver."""

    amount = _amount(_("Amount to be waived, €"))
    reason = _text(_("Why it is waived, as the letter says"), _("Name no persons."))


class PaymentForm(StepForm):
    """A payment received."""

    amount = _amount(_("Amount received, €"))
    paid_on = _day(_("Booked on"))
    source = forms.CharField(
        label=_("Where it is seen"),
        help_text=_("The statement and the bank's reference."),
        max_length=200,
    )


class ReverseForm(StepForm):
    """An entry to be reversed."""

    entry = forms.TypedChoiceField(label=_("Entry"), coerce=int)
    reason = _text(_("Why it is reversed"))

    def __init__(self, data: Any = None, *, entries: Iterable[RecoveryEntry] = ()) -> None:
        super().__init__(data)
        field = self.fields["entry"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (e.pk, f"{e.get_kind_display()}, {day(e.day)}, {eur(e.amount_cents)}") for e in entries
        ]


class RefusalForm(StepForm):
    """Why a proposal is refused."""

    reason = forms.CharField(label=_("Why it is refused"), max_length=500)


class HandOverForm(forms.Form):
    """How much of a support that was paid is to be recovered, and when the fact became known."""

    amount = _amount(_("To recover, €"))
    known_on = _day(_("When the fact became known"), _("The time to decide runs from it."))

    @property
    def cents(self) -> int:
        """The amount in cents."""
        return int(self.cleaned_data["amount"] * 100)
