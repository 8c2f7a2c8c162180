"""`grant_role USER ROLE`: give a role from a shell, as the first coordinator gets theirs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.lib.command import SummaryCommand, refused
from registry.access.models import Role, User
from registry.access.services import CannotGrant, role_grant


class Command(SummaryCommand):
    help = "Give a user a role from today on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            reason = _("There is no user called '{name}'.").format(name=options["user"])
            raise refused(CannotGrant(reason))
        try:
            granted = role_grant(user, Role(options["role"]), today=timezone.localdate())
        except CannotGrant as reason:
            raise refused(reason) from reason
        self.summary(
            _("{user} is {role} from {day} on.").format(
                user=user, role=granted.get_role_display(), day=granted.valid_from
            )
        )
