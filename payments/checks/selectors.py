"""How many anomalies a run has."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from payments.checks.models import RunAnomaly
from payments.runs.models import Run


@dataclass(frozen=True)
class AnomalyCount:
    """A run's anomalies, and those that nobody has accepted yet."""

    found: int
    waiting: int


def anomaly_count(run: Run) -> AnomalyCount:
    """Count a run's anomalies; one query."""
    counts = RunAnomaly.objects.filter(run=run).aggregate(
        found=Count("pk"), waiting=Count("pk", filter=Q(accepted_by=None))
    )
    return AnomalyCount(**counts)
