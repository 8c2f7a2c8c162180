"""`bank_read FILE`: read an answer of the bank; the same file again changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser, FileType
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from payments.bank.bankfile.hardened import MAX_BYTES
from payments.bank.errors import BankRefused
from payments.bank.services.reading import answer_receive


class Command(SummaryCommand):
    help = "Read a status report, notification or statement of the bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=FileType("rb"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"] as file:
                data = file.read(MAX_BYTES + 1)
            answer, is_new = answer_receive(data, received_by=None, at=timezone.now())
        except (BankRefused, OSError) as reason:
            raise refused(reason) from reason
        text = _(
            "{answer}: {applied} changed something, {repeated} known, {strangers} for a person."
        )
        if not is_new:
            text = _("{answer} has been read before: nothing changes.")
        self.summary(
            text.format(
                answer=answer,
                applied=answer.applied,
                repeated=answer.repeated,
                strangers=answer.strangers,
            )
        )
