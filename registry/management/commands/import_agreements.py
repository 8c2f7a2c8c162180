"""`import_agreements FILE`: the municipalities' integration agreements (C-27)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from config.lib.command import SummaryCommand, refused
from config.lib.progress import bars
from registry.deliveries.refusals import DeliveryRefused
from registry.deliveries.services import agreements_import
from registry.deliveries.summaries import rejected_lines, summary_line
from registry.management.arguments import existing_path


class Command(SummaryCommand):
    help = "Import agreements; they replace all agreements of the municipalities the file names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=existing_path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with bars() as progress:
                delivery = agreements_import(
                    options["path"],
                    received_at=timezone.now(),
                    today=timezone.localdate(),
                    progress=progress,
                )
        except DeliveryRefused as refusal:
            raise refused(refusal) from refusal
        for line in rejected_lines(delivery):
            self.stdout.write(line)
        self.summary(summary_line(delivery))
