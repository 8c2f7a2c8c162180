"""What every management command of the interface shares: exit codes, progress, a summary last."""

from __future__ import annotations

from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError

from config.lib.months import Month, NotAMonth

REFUSED = 1


def month_argument(text: str) -> Month:
    """An argparse type: a month written YYYY-MM; anything else is exit code 2."""
    try:
        return Month.parse(text)
    except NotAMonth as wrong:
        raise ArgumentTypeError(str(wrong)) from None


def refused(reason: Exception) -> CommandError:
    """The error that ends a command with exit code 1 and one sentence."""
    return CommandError(str(reason), returncode=REFUSED)


class SummaryCommand(BaseCommand):
    """A command whose last line is a summary, on standard error where the output is a file's."""

    def summary(self, text: str, *, to_stderr: bool = False) -> None:
        """Write the summary line."""
        (self.stderr if to_stderr else self.stdout).write(text, str)
