"""Trying candidates of checks on past rounds: two statements a check, whatever the round has."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.decisions.models import ProposedRow
from grants.review.candidates import CANDIDATES
from grants.review.checks import BY_NAME, Check
from grants.review.models import CheckResult
from grants.rounds.models import Round
from grants.trials.models import CheckTrial, TrialCase
from grants.trials.selectors import decided_in
from registry.access.models import User
from registry.audit.models import Purpose, Verb
from registry.audit.services import attempt

logger = logging.getLogger(__name__)


class TrialRefused(ValueError):
    """There is nothing to try, in a sentence for the person who asked."""


def trials_begin(
    round_: Round, *, names: Collection[str], by: User | None, at: datetime
) -> list[CheckTrial]:
    """Ask for the candidates of the named checks (all of them if none is named) to be tried.

    `trial_do` does each. Raises TrialRefused.
    """
    with attempt(
        TrialRefused, verb=Verb.CREATED, actor=by, about=CheckTrial, purpose=Purpose.SUPPLEMENTS
    ) as event:
        chosen = [check for check in CANDIDATES if not names or check.name in names]
        event.details = {"round": round_.code, "checks": [check.name for check in chosen]}
        if not chosen:
            raise TrialRefused(_("There is no new version of such a check to try."))
        if not decided_in(round_).exists():
            raise TrialRefused(_("Nothing has been decided in the round yet."))
        return [_trial_asked(round_, check, by, at) for check in chosen]


def _trial_asked(round_: Round, check: Check, by: User | None, at: datetime) -> CheckTrial:
    trial, _is_new = CheckTrial.objects.waiting().get_or_create(
        round=round_,
        name=check.name,
        version=check.version,
        finished_at=None,
        defaults={"against": BY_NAME[check.name].version, "asked_by": by, "asked_at": at},
    )
    return trial


@transaction.atomic
def trial_do(trial_id: int, *, at: datetime) -> None:
    """Do a trial that waits, unless somebody is at it; safe to ask for twice.

    One that was asked of a version that is no longer there, or has become the current one, goes.
    """
    waiting = CheckTrial.objects.waiting().select_related("round")
    trial = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk=trial_id).first()
    if trial is None:
        return
    current = BY_NAME[trial.name]
    tried = (trial.name, trial.version, trial.against)
    candidate = next((one for one in CANDIDATES if _versions(one, current) == tried), None)
    if candidate is None:
        logger.warning("The trial %s is of a version that is no longer tried.", trial)
        trial.delete()
        return
    TrialCase.objects.bulk_create(_cases(trial, candidate, current))
    trial.finished_at = at
    trial.save(update_fields=["finished_at"])


def _versions(candidate: Check, current: Check) -> tuple[str, int, int]:
    return candidate.name, candidate.version, current.version


Granted = Mapping[int, bool]  # lines that a version flags, and whether the row was granted


def _cases(trial: CheckTrial, candidate: Check, current: Check) -> list[TrialCase]:
    applications = decided_in(trial.round)
    results = CheckResult.objects.filter(application__in=applications, name=trial.name).newest()
    then = {result.application_id: result for result in results}
    before, now = _flagged(current, applications), _flagged(candidate, applications)
    return [
        _case(trial, pk, then.get(pk), before.get(pk, {}), now.get(pk, {}))
        for pk in applications.order_by("pk").values_list("pk", flat=True)
    ]


def _case(
    trial: CheckTrial, application: int, then: CheckResult | None, before: Granted, now: Granted
) -> TrialCase:
    newly, no_longer = sorted(now.keys() - before.keys()), sorted(before.keys() - now.keys())
    return TrialCase(
        trial=trial,
        application_id=application,
        then=then,
        rows_before=len(before),
        rows_now=len(now),
        newly=newly,
        no_longer=no_longer,
        newly_granted=sum(now[line] for line in newly),
        no_longer_granted=sum(before[line] for line in no_longer),
    )


def _flagged(check: Check, applications: QuerySet[Application]) -> dict[int, dict[int, bool]]:
    """Lines that a check of rows flags in each application, and whether they were granted."""
    assert check.flags is not None, "only checks of rows are tried"
    granted = Exists(ProposedRow.objects.filter(row=OuterRef("pk"), is_granted=True))
    rows = check.flags(applications).annotate(granted=granted)
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for application, line, is_granted in rows.values_list("list__application", "line", "granted"):
        found[application][line] = is_granted
    return found
