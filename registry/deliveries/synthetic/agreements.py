"""The coordinator's agreements of a synthetic country (C-27)."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.dice import Dice
from registry.deliveries.synthetic.towns import municipalities_read

HEADER = "municipality_code,valid_from,valid_to,reference"


def agreements_write(folder: Path, *, as_of: date, seed: int) -> int:
    """Write agreements.csv: nearly every municipality has one, a few none, a few have lapsed.

    Return the number of rows.
    """
    rows = list(_rows(Dice(f"agreements {seed} {as_of}"), as_of))
    text = "".join(",".join(row) + "\n" for row in rows)
    (folder / "agreements.csv").write_text(f"{HEADER}\n{text}", encoding="utf-8", newline="\n")
    return len(rows)


def _rows(dice: Dice, as_of: date) -> Iterator[tuple[str, str, str, str]]:
    for municipality in municipalities_read():
        if municipality.valid_to is not None or dice.chance(country.AGREEMENT_MISSING):
            continue
        code, start, number = municipality.code, country.AGREEMENTS_FROM, 1
        if dice.chance(country.AGREEMENT_RENEWED):
            renewed = as_of - timedelta(days=dice.number(200, 1500))
            yield code, str(start), str(renewed - timedelta(days=1)), f"SOP-{code}-{number}"
            start, number = renewed, 2
        lapsed = as_of - timedelta(days=dice.number(20, 190))
        end = str(lapsed) if dice.chance(country.AGREEMENT_LAPSED) else ""
        yield code, str(start), end, f"SOP-{code}-{number}"
