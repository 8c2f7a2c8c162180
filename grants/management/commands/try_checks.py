"""`try_checks --round CODE [--check NAME]`: try new versions of checks on a past round."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from grants.models import Round
from grants.trials.selectors import Tried, trial_counted
from grants.trials.services import TrialRefused, trial_do, trials_begin


class Command(SummaryCommand):
    help = "Try new versions of checks on the decided applications of a round; it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--round", required=True, help="code of the round, such as L2024")
        parser.add_argument("--check", action="append", default=[], help="name; all if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        round_ = Round.objects.filter(code=options["round"]).first()
        if round_ is None:
            raise refused(TrialRefused(_("There is no such round.")))
        try:
            trials = trials_begin(round_, names=options["check"], by=None, at=timezone.now())
        except TrialRefused as reason:
            raise refused(reason) from reason
        for trial in trials:
            trial_do(trial.pk, at=timezone.now())
            self.summary(_line(trial_counted(trial)))


def _line(tried: Tried) -> str:
    return _(
        "{check}, version {version} against {against}: {applications} applications, {changed} "
        "differ; {newly} rows newly told, of which {newly_granted} granted; {no_longer} no longer "
        "told, of which {no_longer_granted} granted."
    ).format(
        check=tried.label,
        version=tried.trial.version,
        against=tried.trial.against,
        **vars(tried.counts),
    )
