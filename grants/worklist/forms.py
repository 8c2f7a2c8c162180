"""What is chosen on the work list: filters, their names, whom to give cases to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.applications.states import ApplicationStatus
from grants.worklist.selectors import (
    ALL,
    MINE,
    NOBODYS,
    ORDERS,
    PASSED,
    WITH_A_DAY,
    WITHIN_A_WEEK,
    Asked,
)
from registry.models import Role, StaffRole, User

STATUSES = [(one.value, one.label) for one in ApplicationStatus if one != ApplicationStatus.DRAFT]
OPEN_ONES = [("", _("open"))]
WHOSE = [(ALL, _("everybody's")), (MINE, _("mine")), (NOBODYS, _("nobody's"))]
UNTIL = [
    ("", _("all")),
    (PASSED, _("has passed")),
    (WITHIN_A_WEEK, _("within a week")),
    (WITH_A_DAY, _("there is one")),
]
DAYS = [
    ("", _("all")),
    (30, _("30 days or more")),
    (60, _("60 days or more")),
    (90, _("90 days or more")),
]
SORTS = [(sign + key, sign + key) for key in ORDERS for sign in ("", "-")]


class FilterForm(forms.Form):
    """Which applications the work list shows; the address keeps it."""

    status = forms.ChoiceField(label=_("State"), choices=[*OPEN_ONES, *STATUSES], required=False)
    round = forms.ChoiceField(label=_("Round"), required=False)
    whose = forms.ChoiceField(label=_("Reviewer"), choices=WHOSE, required=False)
    until = forms.ChoiceField(label=_("Last day to answer"), choices=UNTIL, required=False)
    days = forms.TypedChoiceField(
        label=_("Since it was sent"), choices=DAYS, coerce=int, empty_value=None, required=False
    )
    sort = forms.ChoiceField(choices=SORTS, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, rounds: Collection[str]) -> None:
        super().__init__(data)
        field = self.fields["round"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *((code, code) for code in rounds)]

    def asked(self) -> Asked:
        """What is asked for; everything where nothing sound was."""
        given = self.cleaned_data if self.is_valid() else {}
        return Asked(**{name: value for name, value in given.items() if name != "sort" and value})

    def query(self) -> str:
        """What was chosen, as the address has it; all that is open, where nothing was."""
        given = self.cleaned_data if self.is_valid() else {}
        chosen = {name: value for name, value in given.items() if value}
        return urlencode(chosen or {"whose": ALL})


class SaveForm(forms.Form):
    """The name of a filter."""

    name = forms.CharField(
        label=_("Name of these filters"),
        max_length=40,
        help_text=_("You alone see it. Do not write names of persons here."),
    )


class FindForm(forms.Form):
    """An application's number, its applicant, or a person's number: never in an address."""

    text = forms.CharField(
        label=_("Number, applicant, or a person's UMA, RGI or UNHCR number"),
        min_length=2,
        max_length=60,
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
