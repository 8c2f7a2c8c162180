"""The folder of a delivery: its four files written and read household by household."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from registry.deliveries.synthetic.broken import bad_rows_make
from registry.deliveries.synthetic.records import HouseholdRows, PersonRows, Row

HEADERS = {
    "uma_persons.csv": "uma_number,personal_identity_code,family_name,given_names,birth_date,"
    "nationality,rgi_number,unhcr_number,born_in_finland,parent_uma_numbers",
    "uma_permits.csv": "permit_number,uma_number,ground,applied_for_protection,granted_on,"
    "valid_from,valid_to,quota_year,principal_uma_number,tie_before_arrival",
    "vtj_persons.csv": "personal_identity_code,death_date,finnish_citizen_from,non_disclosure",
    "vtj_residences.csv": "personal_identity_code,municipality_code,moved_in,moved_out,"
    "registered_on",
}
UMA_PERSONS, UMA_PERMITS, VTJ_PERSONS, VTJ_RESIDENCES = HEADERS
SAMPLE = 100  # good rows remembered of each file, to break copies of


class NotOurDelivery(Exception):
    """The folder is not a delivery in this generator's own form and order."""


class DeliveryWriter:
    """Writes a delivery as its persons come; `counts` has the good rows of each file.

    With `bad_rows`, so many broken rows are added at the end of each file: the good ones are the
    same with and without them.
    """

    def __init__(self, folder: Path, *, bad_rows: int = 0) -> None:
        self.folder = folder
        self.counts = dict.fromkeys(HEADERS, 0)
        self._bad_rows = bad_rows
        self._samples: dict[str, list[Row]] = {name: [] for name in HEADERS}
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, header in HEADERS.items():
            file = (self.folder / name).open("w", encoding="utf-8", newline="")
            self._stack.enter_context(file)
            file.write(header + "\n")
            self._writers[name] = csv.writer(file, lineterminator="\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            if error is None and self._bad_rows:
                for name, rows in bad_rows_make(self._samples, self._bad_rows).items():
                    self._writers[name].writerows(rows)

    def write(self, household: Iterable[PersonRows]) -> None:
        """Write the rows of a household; a person's empty parts are left out."""
        for person in household:
            self._rows(UMA_PERSONS, [person.person] if person.person else [])
            self._rows(UMA_PERMITS, person.permits)
            self._rows(VTJ_PERSONS, [person.vtj] if person.vtj else [])
            self._rows(VTJ_RESIDENCES, person.residences)

    def _rows(self, name: str, rows: list[Row]) -> None:
        if rows:
            self._writers[name].writerows(rows)
            self.counts[name] += len(rows)
            if self._bad_rows and len(self._samples[name]) < SAMPLE:
                self._samples[name] += rows


def households_read(folder: Path) -> Iterator[HouseholdRows]:
    """Yield the households of a whole country written by `DeliveryWriter`, in their order.

    Neighbours in the file with one family name are a household; those without a UMA row, alone.
    Raises NotOurDelivery if rows are left that belong to nobody.
    """
    household: HouseholdRows = []
    for person in _persons(folder):
        if household and not _together(household[0], person):
            yield household
            household = []
        household.append(person)
    if household:
        yield household


def rows_read(path: Path) -> Iterator[Row]:
    """Yield the rows of a file without its header. Raises NotOurDelivery on another header."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if ",".join(next(rows, [])) != HEADERS[path.name]:
            raise NotOurDelivery(f"{path} does not have the columns of {path.name}")
        yield from rows


def _together(first: PersonRows, other: PersonRows) -> bool:
    return bool(first.person and other.person) and first.person[2] == other.person[2]


def _persons(folder: Path) -> Iterator[PersonRows]:
    """Join the four files, all in the order of the persons."""
    permits = _Grouped(folder / UMA_PERMITS, 1)
    residences = _Grouped(folder / VTJ_RESIDENCES, 0)
    population = _Grouped(folder / VTJ_PERSONS, 0)
    for row in rows_read(folder / UMA_PERSONS):
        uma, code = row[0], row[1]
        vtj = population.take(code)
        yield PersonRows(row, permits.take(uma), vtj[0] if vtj else [], residences.take(code))
    while population.key is not None:
        code = population.key
        yield PersonRows([], [], population.take(code)[0], residences.take(code))
    if permits.key is not None or residences.key is not None:
        raise NotOurDelivery(f"{folder} has rows of persons it does not name, or out of order")


class _Grouped:
    """The rows of a file by person, taken in order; `key` is whose rows come next."""

    def __init__(self, path: Path, column: int) -> None:
        self._groups = groupby(rows_read(path), key=lambda row: row[column])
        self._advance()

    def take(self, key: str) -> list[Row]:
        """Return the person's rows if they come next, else nothing."""
        if not key or key != self.key:
            return []
        rows = self.rows
        self._advance()
        return rows

    def _advance(self) -> None:
        self.key: str | None = None
        self.rows: list[Row] = []
        for key, rows in self._groups:
            self.key, self.rows = key, list(rows)
            break
