"""`seal_audit [--anchor]`: seal the new entries of the logs, anchor the chain once a day (P-10)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from registry.audit.anchors import BadAnchor, anchor_write
from registry.audit.sealing import audit_seal


class Command(SummaryCommand):
    help = "Seal the new entries of the access and disclosure logs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", action="store_true", help="write an anchor in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = audit_seal(at=timezone.now())
        try:
            anchor = anchor_write(today=timezone.localdate(), always=options["anchor"])
        except BadAnchor as bad:
            raise refused(ValueError(_("{place} is not an anchor.").format(place=bad))) from bad
        if anchor:
            self.stdout.write(str(anchor))
        self.summary(
            _("{entries} entries sealed in {seals} seals.").format(
                entries=sealed.entries, seals=sealed.seals
            )
        )
