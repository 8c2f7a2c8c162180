"""Deliveries as folders: a new country, and the next month of one.

The whole country after a step stands beside its delivery in `<folder>.state`, four files of the
same form. A first delivery is itself the whole country, unless it has broken rows.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.agreements import agreements_write
from registry.deliveries.synthetic.evolve import Census, next_month, steps
from registry.deliveries.synthetic.files import (
    HEADERS,
    DeliveryWriter,
    households_read,
)
from registry.deliveries.synthetic.generate import generate

Progress = Callable[[int], object]  # called with the number of persons done since the last call


def delivery_make(
    folder: Path,
    *,
    persons: int,
    as_of: date,
    seed: int = 1,
    bad_rows: int = 0,
    progress: Progress = lambda done: None,
) -> dict[str, int]:
    """Write the first delivery of a new country; return the good rows of each file.

    Raises ValueError for a day the municipality reference does not reach back to.
    """
    if as_of <= country.FIRST_DAY:
        raise ValueError(f"the country begins on {country.FIRST_DAY}: take a later day")
    _clear(folder)
    with DeliveryWriter(folder, bad_rows=bad_rows) as writer:
        for household in generate(persons=persons, as_of=as_of, seed=seed):
            writer.write(household)
            progress(len(household))
    agreements = agreements_write(folder, as_of=as_of, seed=seed)
    if bad_rows:
        with DeliveryWriter(state_folder(folder)) as state:
            for household in generate(persons=persons, as_of=as_of, seed=seed):
                state.write(household)
    return writer.counts | {"agreements.csv": agreements}


def delivery_make_next(
    folder: Path,
    previous: Path,
    *,
    as_of: date | None = None,
    seed: int = 1,
    bad_rows: int = 0,
    change_percent: float | None = None,
    progress: Progress = lambda done: None,
) -> dict[str, int]:
    """Write the delivery after the previous one; return the good rows of each file.

    Without a day, of the first of the next month. Raises ValueError if the day is not later or
    both are one folder, NotOurDelivery and OSError if the previous one cannot be read.
    """
    if folder.resolve() == previous.resolve():
        raise ValueError("the next delivery needs a folder of its own")
    whole = country_folder(previous)
    census = census_take(whole)
    day = as_of or next_month(census.as_of())
    if day <= census.as_of():
        raise ValueError(f"the delivery before is of {census.as_of()}: the next must be later")
    _clear(folder)
    with (
        DeliveryWriter(folder, bad_rows=bad_rows) as delta,
        DeliveryWriter(state_folder(folder)) as state,
    ):
        households = households_read(whole)
        for step in steps(households, census, day, seed=seed, change_percent=change_percent):
            state.write(step.state)
            delta.write(step.delta)
            progress(len(step.state))
    return delta.counts


def state_folder(folder: Path) -> Path:
    """Return where the whole country after a delivery stands."""
    return folder.with_name(folder.name + ".state")


def country_folder(folder: Path) -> Path:
    """Return the folder that has the whole country after a delivery: its state, or itself."""
    state = state_folder(folder)
    return state if state.is_dir() else folder


def census_take(folder: Path) -> Census:
    """Count a whole country's folder."""
    census = Census()
    for household in households_read(folder):
        census.count(household)
    return census


def _clear(folder: Path) -> None:
    """Remove what an earlier delivery of this name left behind."""
    for place in (folder, state_folder(folder)):
        for name in (*HEADERS, "agreements.csv"):
            (place / name).unlink(missing_ok=True)
    if state_folder(folder).is_dir():
        state_folder(folder).rmdir()
