"""`verify_audit`: prove that the logs are as they were sealed (P-10)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from registry.audit.verifications import verification_record
from registry.audit.verifying import Broken


class Command(SummaryCommand):
    help = "Recompute the chain of seals; exit code 1 names the first broken link."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verified = verification_record(at=timezone.now())
        except Broken as broken:
            raise refused(broken) from broken
        self.summary(
            _(
                "The log is whole: {entries} entries in {seals} seals, {anchors} anchors; "
                "{waiting} entries wait for their seal."
            ).format(**vars(verified))
        )
