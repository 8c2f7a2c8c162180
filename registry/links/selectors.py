"""Which numbers are one person's, and what pages show of links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.lib.paging import PAGE_SIZE, Page, page_of
from config.templatetags.finnish import day
from registry.links.models import LIVE, PersonLink, PersonLinkQuerySet
from registry.people.models import Person
from registry.people.selectors import PersonFacts, person_facts


def main_of(person: Person) -> Person:
    """The number that the person goes on under: the person's own unless it is joined; one query."""
    link = PersonLink.objects.standing().filter(number=person).select_related("person").first()
    return link.person if link else person


def numbers_of(person: Person) -> list[int]:
    """Ids of the person and of the numbers joined to it, in the order they were; one query."""
    joined = PersonLink.objects.standing().filter(person=person).order_by("pk")
    return [person.pk, *joined.values_list("number", flat=True)]


def same_person(person: Person) -> set[int]:
    """Ids of all the numbers of the person by whichever of them; two queries."""
    return set(numbers_of(main_of(person)))


@dataclass(frozen=True)
class OfPerson:
    """A person's links by either number, and the number the person goes on under if another."""

    links: list[PersonLink]
    goes_on_as: Person | None
    numbers: list[int]  # the person's and those joined to it
    may_join: bool


def links_of(person: Person) -> OfPerson:
    """The person's links, those ended and refused too, the latest first; one query."""
    links = list(PersonLink.objects.of(person).select_related("person", "number").order_by("-pk"))
    own = [link for link in links if link.number_id == person.pk and link.status in LIVE]
    joined = [link.number_id for link in reversed(links) if link.stands and link not in own]
    return OfPerson(
        links,
        next((link.person for link in own if link.stands), None),
        [person.pk, *joined],
        may_join=not own,
    )


@dataclass(frozen=True)
class Compared:
    """Both numbers beside one another, the person's first."""

    label: str
    values: tuple[str, str]

    @property
    def differs(self) -> bool:
        return self.values[0] != self.values[1]


def numbers_compared(link: PersonLink) -> list[Compared]:
    """What the registers say under each number; at most ten queries."""
    facts = [person_facts(person) for person in (link.person, link.number)]
    yes, no = _("known"), _("missing")

    def row(label: str, of: Callable[[PersonFacts], str]) -> Compared:
        return Compared(label, (of(facts[0]), of(facts[1])))

    return [
        row(_("Name"), _name),
        row(_("Birth date"), lambda f: day(f.details.birth_date) if f.details else ""),
        row(_("Nationality"), lambda f: f.details.nationality if f.details else ""),
        row(_("Personal identity code"), lambda f: yes if f.identity else no),
        row(_("RGI number"), lambda f: f.details.rgi_number if f.details else ""),
        row(_("UNHCR number"), lambda f: f.details.unhcr_number if f.details else ""),
        row(
            _("Permits"),
            lambda f: ", ".join(f"{p.permit_number} ({p.ground_id})" for p in f.permits),
        ),
        row(
            _("Home municipalities"),
            lambda f: ", ".join(f"{h.municipality.name} {day(h.moved_in)}" for h in f.residences),
        ),
    ]


def _name(facts: PersonFacts) -> str:
    return facts.details.full_name if facts.details else ""


def links_page(links: PersonLinkQuerySet, before: int | None) -> Page[PersonLink]:
    """Links, the latest first, from before the given one; one query."""
    rows = links.select_related("person", "number", "proposed_by", "confirmed_by")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows.order_by("-pk"), after=before, key=lambda link: link.pk, size=PAGE_SIZE)
