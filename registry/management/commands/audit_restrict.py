"""`audit_restrict ROLE`: take from a database role what would let it change the logs (P-10)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from registry.audit.roles import CannotRestrict, role_restrict


class Command(SummaryCommand):
    help = "Revoke UPDATE, DELETE and TRUNCATE on the log's tables from the service's role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="the role of DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            role_restrict(options["role"])
        except CannotRestrict as reason:
            raise refused(reason) from reason
        self.summary(_("{role} can only add to the log.").format(role=options["role"]))
