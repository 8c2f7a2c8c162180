"""`import_delivery PATH [--rejects FILE]`: a registry delivery, a folder or a zip."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from config.lib.csvfile import written_whole
from config.lib.progress import bars
from registry.deliveries.refusals import DeliveryRefused
from registry.deliveries.rejected import rejected_write
from registry.deliveries.services import delivery_import
from registry.deliveries.summaries import file_lines, summary_line
from registry.management.arguments import existing_path, writable_path


class Command(SummaryCommand):
    help = "Import a registry delivery: a folder or .zip with uma_*.csv and vtj_*.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=existing_path, metavar="PATH", help="folder or .zip")
        parser.add_argument(
            "--rejects", type=writable_path, metavar="FILE", help="write the refused rows as CSV"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rejects: Path | None = options["rejects"]
        try:
            with bars() as progress:
                delivery = delivery_import(
                    options["path"],
                    received_at=timezone.now(),
                    today=timezone.localdate(),
                    progress=progress,
                )
        except DeliveryRefused as refusal:
            raise refused(refusal) from refusal
        for line in file_lines(delivery):
            self.stdout.write(line)
        if rejects:
            try:
                with written_whole(rejects) as output:
                    rejected_write(delivery, output)
            except OSError as error:
                message = _("The delivery is imported, but %(file)s could not be written: %(why)s.")
                raise CommandError(message % {"file": rejects, "why": error.strerror}) from error
        self.summary(summary_line(delivery))
