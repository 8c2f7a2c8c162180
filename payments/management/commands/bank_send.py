"""`bank_send`: send approved batches, and finish what was interrupted while being sent."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from payments.bank.errors import BankRefused
from payments.bank.services.sending import batches_send


class Command(SummaryCommand):
    help = "Send every approved batch to the bank; one that was interrupted is sent again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batches = batches_send(user=None, at=timezone.now())
        except BankRefused as reason:
            raise refused(reason) from reason
        names = ", ".join(map(str, batches)) or _("nothing waits")
        self.summary(_("Sent: {batches}.").format(batches=names))
