"""What every step of the generator shares: the day, the dice, the numbers already given."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.deliveries.synthetic import country
from registry.deliveries.synthetic.codes import IdentityCodes, uma_number
from registry.deliveries.synthetic.dice import Dice
from registry.deliveries.synthetic.names import FAMILY_NAMES, GIVEN_NAMES
from registry.deliveries.synthetic.records import Person
from registry.deliveries.synthetic.towns import Towns

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class World:
    """The register's side of the country on the day a delivery describes (`as_of`).

    `since` is the day of the delivery before it; None for a new country.
    """

    dice: Dice
    as_of: date
    since: date | None = None
    codes: IdentityCodes = field(default_factory=IdentityCodes)
    towns: Towns = field(default_factory=Towns)
    serial: int = 0
    last_family_name: str = ""

    def next_uma_number(self) -> str:
        """Give the next UMA customer number."""
        self.serial += 1
        return uma_number(self.serial)

    def family_name(self, nationality: str) -> str:
        """Draw a family name, never that of the household before: so files show households."""
        names = FAMILY_NAMES[nationality]
        name = self.dice.pick(names)
        if name == self.last_family_name:
            name = names[(names.index(name) + 1) % len(names)]
        self.last_family_name = name
        return name

    def given_names(self, nationality: str) -> str:
        """Draw one given name, sometimes two different ones."""
        names = GIVEN_NAMES[nationality]
        first, second = self.dice.pick(names), self.dice.pick(names)
        return f"{first} {second}" if second != first and self.dice.chance(0.25) else first

    def newly(self) -> date:
        """Draw a day since the previous delivery, up to the day of this one."""
        return self.dice.day((self.since or self.as_of - timedelta(days=30)) + ONE_DAY, self.as_of)

    def code_issue(self, person: Person) -> None:
        """Give the person an identity code, of the birth date but for a very few."""
        day = person.birth_date
        if self.dice.chance(country.BIRTH_DATE_DIFFERS):
            day = min(day + timedelta(days=self.dice.pick((-365, -31, -1, 1, 31))), self.as_of)
        person.code = self.codes.issue(day)


def years_after(day: date, years: int) -> date:
    """Return the same day that many years later; 29 February becomes 1 March (C-19)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
