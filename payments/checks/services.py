"""Accept anomalies with a reason; refuse to approve while one waits; load the limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.lib.reference import Loaded, typed_rows, upsert
from payments.checks.models import CheckLimit, RunAnomaly
from payments.checks.words import sentence
from payments.runs.errors import AnomaliesWait, RunRefused, SamePerson
from payments.runs.models import Run, RunStatus
from payments.runs.steps import attempted, locked, reason_given
from registry.access.hands import hands_in
from registry.access.models import Part, User
from registry.audit.models import Verb

DATA = Path(__file__).resolve().parents[1] / "data" / "check_limits.csv"

# Parts of whoever has made the run what it is: others say whether that is all right (P-01).
TOUCHED = (Part.IMPORTED, Part.PREPARED, Part.CORRECTED, Part.PROPOSED)


def anomalies_accept(
    run_id: int, *, anomalies: Collection[int], acceptor: User, reason: str, at: datetime
) -> Run:
    """Accept waiting anomalies of a run with one reason; logged as all steps (P-10).

    Raises SamePerson if the acceptor has touched the run, RunRefused without a reason, for another
    draft's anomalies and once the run is approved.
    """
    with attempted(Verb.CHANGED, acceptor, run_id) as event:
        reason, run = reason_given(reason), locked(run_id)
        if run.status not in {RunStatus.DRAFT, RunStatus.CHECKED}:
            raise RunRefused(
                _("Anomalies are accepted after the run is computed, before approval.")
            )
        found = list(run.anomalies.waiting().filter(pk__in=anomalies))
        if not found or len(found) != len(anomalies):
            raise RunRefused(
                _("Choose anomalies that still wait; somebody may have accepted one meanwhile.")
            )
        event.details = {"deed": "anomalies_accepted", "kinds": sorted({a.kind for a in found})}
        settle(run, found, by=acceptor, reason=reason, at=at)
    return run


def settle(
    run: Run, anomalies: Iterable[RunAnomaly], *, by: User, reason: str, at: datetime
) -> None:
    """Write who accepts the anomalies and why, within a step. Raises SamePerson."""
    had = hands_in(run).filter(user=by, part__in=TOUCHED).first()
    if had is not None:
        raise SamePerson(
            _("Another person must accept this: you {part} yourself (P-01).").format(
                part=had.get_part_display()
            )
        )
    ids = [anomaly.pk for anomaly in anomalies]
    run.anomalies.filter(pk__in=ids).update(accepted_by=by, accepted_at=at, reason=reason)


def refuse_waiting(run: Run) -> None:
    """Refuse to approve while an anomaly waits. Raises AnomaliesWait, naming the first."""
    waiting = list(run.anomalies.waiting().select_related("payee"))
    if waiting:
        raise AnomaliesWait(
            ngettext(
                "An anomaly waits for somebody to accept it with a reason: {first}",
                "{number} anomalies wait for somebody to accept them with a reason. First: {first}",
                len(waiting),
            ).format(number=len(waiting), first=sentence(waiting[0]))
        )


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load the limits to begin with; those that coordinators keep are theirs. Raises BadReference."""
    if kept := CheckLimit.objects.count():
        return {"check_limits": Loaded(unchanged=kept)}
    rows = typed_rows(DATA, CheckLimit)
    return {"check_limits": upsert(CheckLimit, rows, key=("kind", "valid_from"))}
