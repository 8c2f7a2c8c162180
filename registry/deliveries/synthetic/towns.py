"""Where people live: the municipality reference and the pull of each town."""

import csv
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.dice import Dice, Table

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "municipalities.csv"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A row of the municipality reference, as far as the generator needs it."""

    code: str
    name: str
    valid_to: date | None
    merged_into: str


def municipalities_read(path: Path = REFERENCE) -> list[Municipality]:
    """Read the municipality reference in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Municipality(
                code=row["code"],
                name=row["name_fi"],
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                merged_into=row["merged_into"],
            )
            for row in csv.DictReader(file)
        ]


class Towns:
    """Draws towns: first homes over the whole country, moves towards the large cities."""

    def __init__(self, municipalities: list[Municipality] | None = None) -> None:
        known = municipalities_read() if municipalities is None else municipalities
        weights = _weights([m for m in known if m.valid_to is None])
        self._arrival = Table(weights)
        self._moving = Table({c: w**country.MOVE_PULL for c, w in weights.items()})
        self._former: dict[str, list[Municipality]] = {}
        for municipality in known:
            if municipality.merged_into:
                self._former.setdefault(municipality.merged_into, []).append(municipality)

    def first(self, dice: Dice, day: date) -> str:
        """Draw the town of a first home municipality that begins on the day."""
        return self._on(dice, dice.weighted(self._arrival), day)

    def next(self, dice: Dice, current: str, day: date) -> str:
        """Draw a town, other than the current one, to move to on the day."""
        while True:
            town = self._on(dice, dice.weighted(self._moving), day)
            if town != current:
                return town

    def _on(self, dice: Dice, town: str, day: date) -> str:
        """Replace the town now and then by one that merged into it after the day."""
        for former in self._former.get(town, ()):
            if former.valid_to and day <= former.valid_to:
                return former.code if dice.chance(country.NAME_OF_MERGED_TOWN) else town
        return town


def _weights(present: list[Municipality]) -> dict[str, float]:
    """Give the cities their planned weight and a falling tail to the rest, some left empty."""
    cities = {m.code: country.CITIES[m.name] for m in present if m.name in country.CITIES}
    tail = [m.code for m in present if m.name not in country.CITIES]
    random.Random("the order of the small municipalities").shuffle(tail)
    tail = tail[: max(0, country.MUNICIPALITIES_USED - len(cities))]
    falling = [1 / (rank + 12) for rank in range(len(tail))]
    scale = country.TAIL_WEIGHT / (sum(falling) or 1)
    return cities | {code: scale * share for code, share in zip(tail, falling, strict=True)}
