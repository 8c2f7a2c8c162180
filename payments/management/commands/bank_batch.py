"""`bank_batch YYYY-MM`: draw up a batch of everything that waits from runs up to the month."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, month_argument, refused
from config.lib.money import finnish
from payments.bank.errors import BankRefused
from payments.bank.selectors.batches import waiting
from payments.bank.services.drawing import batch_draw_up


class Command(SummaryCommand):
    help = "Draw up a batch of payments; two people check and approve it on its page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_argument, help="YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        try:
            batch = batch_draw_up(
                options["month"], prepared_by=None, at=timezone.now(), today=today
            )
        except BankRefused as reason:
            raise refused(reason) from reason
        self.summary(
            _("Batch {batch}: {count} transfers, {sum}, due {day}; {held} payees held.").format(
                batch=batch,
                count=batch.count,
                sum=finnish(batch.sum_cents),
                day=batch.due_day,
                held=waiting(today).held,
            )
        )
