"""What to try: new versions of checks, on a round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.review.candidates import CANDIDATES
from grants.rounds.models import Round
from grants.trials.selectors import rounds_past


class TrialForm(forms.Form):
    """Which candidates to try, on which past round."""

    round = forms.ModelChoiceField(
        label=gettext_lazy("Round"), queryset=Round.objects.none(), empty_label=None
    )
    check = forms.ChoiceField(label=gettext_lazy("Check"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        rounds, check = self.fields["round"], self.fields["check"]
        assert isinstance(rounds, forms.ModelChoiceField)
        assert isinstance(check, forms.ChoiceField)
        rounds.queryset = rounds_past()
        check.choices = [("", _("all new versions")), *_candidates()]

    def names(self) -> list[str]:
        """Names of the chosen checks, none for all."""
        chosen = self.cleaned_data["check"]
        return [chosen] if chosen else []


def _candidates() -> list[tuple[str, str]]:
    return [
        (one.name, _("{check}, version {version}").format(check=one.label, version=one.version))
        for one in CANDIDATES
    ]
