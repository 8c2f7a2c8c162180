"""Who in the register an application may mean: proposals with a score and its reasons.

A person decides. Names are compared as they sound: scripts are transliterated in many ways, Finnish
and Swedish letters are left out, given and family names change places.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.db.models import Q
from django.utils.translation import gettext as _

from payments.cases.models import ManualCase
from registry.models import Permit, Person, PersonDetails

MOST = 10  # proposals shown
SEARCHED = 300  # persons compared by name, at most
ALIKE = 0.75  # names less alike than this are no reason
POINTS = {"uma": 60, "permit": 40, "birth": 25, "turned": 10, "name": 30}

# Ways to write one sound, the longer ones first.
SOUNDS = (
    ("sch", "s"), ("sh", "s"), ("ch", "c"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"),
    ("dj", "i"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("oe", "o"), ("ae", "a"), ("ck", "k"),
    ("q", "k"), ("w", "v"), ("j", "i"), ("y", "i"), ("x", "ks"), ("z", "s"), ("o", "u"), ("e", "i"),
)  # fmt: skip
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "a", "đ": "d", "ł": "l", "ı": "i"})


@dataclass(frozen=True)
class Candidate:
    """A person of the register, how well they fit (0 … 100), and why."""

    person: Person
    details: PersonDetails | None
    score: int
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        name = self.details.full_name if self.details else ""
        return f"{self.person.uma_number} {name}".strip()


def candidates(case: ManualCase) -> list[Candidate]:
    """The persons who fit what the application says, the best first; three queries."""
    permit = case.stated_permit_number
    holders = set(
        Permit.objects.current()
        .filter(permit_number=permit)
        .exclude(permit_number="")
        .values_list("person", flat=True)
    )
    people = Person.objects.filter(
        Q(uma_number=case.stated_uma_number) | Q(pk__in=holders) | Q(pk__in=_alike(case))
    ).order_by("pk")[:SEARCHED]
    known = {
        details.person_id: details
        for details in PersonDetails.objects.current().filter(person__in=[p.pk for p in people])
    }
    found = [_judged(case, p, known.get(p.pk), has_permit=p.pk in holders) for p in people]
    return sorted((one for one in found if one.score), key=lambda one: -one.score)[:MOST]


def _alike(case: ManualCase) -> list[int]:
    """Persons of the birth date, or its day and month turned round, or of the same family name."""
    days = _days(case.stated_birth_date)
    name = case.stated_family_name
    alike = Q(birth_date__in=days) if days else Q(pk=None)
    if name:
        alike |= Q(family_name__iexact=name) | Q(given_names__iexact=name)
    rows = PersonDetails.objects.current().filter(alike).order_by("person")
    return list(rows.values_list("person", flat=True)[:SEARCHED])


def _days(born: date | None) -> list[date]:
    if born is None:
        return []
    turned = date(born.year, born.day, born.month) if born.day <= 12 else born
    return sorted({born, turned})


def _judged(
    case: ManualCase, person: Person, details: PersonDetails | None, *, has_permit: bool
) -> Candidate:
    points: dict[str, int] = {}
    if person.uma_number == case.stated_uma_number:
        points[_("same UMA customer number")] = POINTS["uma"]
    if has_permit:
        points[_("holds the permit")] = POINTS["permit"]
    if details is not None:
        points |= _alike_points(case, details)
    return Candidate(person, details, min(sum(points.values()), 100), tuple(points))


def _alike_points(case: ManualCase, details: PersonDetails) -> dict[str, int]:
    points: dict[str, int] = {}
    if case.stated_birth_date == details.birth_date:
        points[_("same birth date")] = POINTS["birth"]
    elif details.birth_date in _days(case.stated_birth_date):
        points[_("birth date with day and month turned round")] = POINTS["turned"]
    likeness = names_alike(
        f"{case.stated_family_name} {case.stated_given_names}",
        details.full_name,
    )
    if likeness >= ALIKE:
        percent = round(likeness * 100)
        points[_("names {percent} % alike").format(percent=percent)] = round(
            POINTS["name"] * likeness
        )
    return points


def names_alike(one: str, other: str) -> float:
    """How alike two whole names sound, 0 … 1, in whatever order their parts stand."""
    first, second = _sounds(one), _sounds(other)
    if not first or not second:
        return 0.0
    return SequenceMatcher(None, " ".join(first), " ".join(second)).ratio()


def _sounds(name: str) -> list[str]:
    """The parts of a name as they sound, in the order of the alphabet."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    text = "".join(letter if letter.isalpha() else " " for letter in plain if not _mark(letter))
    for written, sound in SOUNDS:
        text = text.replace(written, sound)
    return sorted(_without_doubles(part) for part in text.split())


def _mark(letter: str) -> bool:
    return unicodedata.combining(letter) != 0 or letter in "'’ʻʼ`´"


def _without_doubles(text: str) -> str:
    return "".join(letter for at, letter in enumerate(text) if at == 0 or text[at - 1] != letter)
