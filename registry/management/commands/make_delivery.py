"""Write a synthetic registry delivery: a new country, or the next month of one."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm  # type: ignore[import-untyped,unused-ignore]

from registry.deliveries.synthetic import (
    NotOurDelivery,
    delivery_make,
    delivery_make_next,
)

DEFAULT_PERSONS = 6000
BAD_ARGUMENTS = 2


class Command(BaseCommand):
    """Make a folder of uma_*.csv and vtj_*.csv, the same bytes for the same arguments."""

    help = (
        "Write a synthetic registry delivery into a folder. With --evolve, the delivery after "
        "another: only what changed. The whole country then stands in PATH.state."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, metavar="PATH", help="folder to write")
        parser.add_argument("--persons", type=_count, metavar="N", help="default 6000")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--as-of",
            type=_day,
            metavar="DATE",
            help="day the register is described on; default the first of this month, with "
            "--evolve the first of the month after the previous delivery's",
        )
        parser.add_argument("--evolve", type=Path, metavar="PREVIOUS", help="delivery before")
        parser.add_argument(
            "--change-percent",
            type=_percent,
            metavar="X",
            help="with --evolve: correct the history of X %% of persons, and nothing else",
        )
        parser.add_argument(
            "--bad-rows", type=_count, default=0, metavar="N", help="broken rows in each file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the delivery and report the rows of each file."""
        previous: Path | None = options["evolve"]
        _check_together(options)
        with tqdm(unit=" persons", disable=not sys.stderr.isatty()) as bar:
            try:
                counts = _make_next(options, bar) if previous else _make_first(options, bar)
            except (NotOurDelivery, OSError, ValueError) as error:
                raise CommandError(str(error)) from error
        rows = ", ".join(f"{name} {count}" for name, count in counts.items())
        self.stdout.write(f"{options['path']}: {rows}; broken rows per file {options['bad_rows']}")


def _make_first(options: dict[str, Any], bar: Any) -> dict[str, int]:
    persons = options["persons"] or DEFAULT_PERSONS
    bar.total = persons
    return delivery_make(
        options["path"],
        persons=persons,
        as_of=options["as_of"] or timezone.localdate().replace(day=1),
        seed=options["seed"],
        bad_rows=options["bad_rows"],
        progress=bar.update,
    )


def _make_next(options: dict[str, Any], bar: Any) -> dict[str, int]:
    return delivery_make_next(
        options["path"],
        options["evolve"],
        as_of=options["as_of"],
        seed=options["seed"],
        bad_rows=options["bad_rows"],
        change_percent=options["change_percent"],
        progress=bar.update,
    )


def _check_together(options: dict[str, Any]) -> None:
    if options["persons"] == 0:
        raise CommandError("a country has at least one person", returncode=BAD_ARGUMENTS)
    if options["evolve"] and options["persons"] is not None:
        raise CommandError(
            "--persons is for a new country; --evolve has its people", returncode=BAD_ARGUMENTS
        )
    if options["change_percent"] is not None and not options["evolve"]:
        raise CommandError("--change-percent needs --evolve", returncode=BAD_ARGUMENTS)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a date like 2026-11-01: {text}") from error


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"not a number of 0 or more: {text}")
    return int(text)


def _percent(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise argparse.ArgumentTypeError(f"not a percentage between 0 and 100: {text}")
    return share
