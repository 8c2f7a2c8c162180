"""`rotate_identity_codes [--rehash]`: after a new key was added, seal under it what is sealed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from config.lib.sealing import CannotUnseal
from registry.access.signin.rotation import factors_rotate
from registry.people.rotation import codes_rehash, sealed_rotate


class Command(SummaryCommand):
    help = (
        "Seal identity codes, refused values and secrets of sign-in again under the newest of "
        "IDENTITY_CODE_KEYS; then the older keys may be taken away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rehash",
            action="store_true",
            help="also hash the codes anew, after IDENTITY_HASH_KEY has changed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rotated = sealed_rotate() + factors_rotate()
            rehashed = codes_rehash() if options["rehash"] else 0
        except CannotUnseal as reason:
            raise refused(reason) from reason
        self.summary(
            _("%(rotated)d values sealed under the newest key, %(rehashed)d hashes renewed.")
            % {"rotated": rotated, "rehashed": rehashed}
        )
