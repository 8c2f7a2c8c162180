"""Joining two UMA numbers of one person, and undoing it: one proposes, another confirms (P-01)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date

from django.utils.translation import gettext as _

from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import attempt
from registry.links.errors import LinkRefused
from registry.links.models import LIVE, LinkStatus, PersonLink
from registry.people.models import Person, PersonDetails


def case_of(link: PersonLink) -> str:
    """What the access log calls the case of a link."""
    return f"link {link.pk}"


def link_propose(
    person: Person, number: Person, *, reason: str, source: str, by: User, today: date
) -> PersonLink:
    """Propose that `number` is another UMA number of the person, who goes on under their own.

    Raises LinkRefused if they are the same, if either is joined already, or if only the number
    that would be joined has an identity code.
    """
    with _attempted(Verb.PROPOSED, by) as event:
        event.persons = sorted({person.pk, number.pk})
        said, seen_in = _given(reason), _given(source)
        _refuse_hand(PersonLink(), by, Part.PROPOSED)
        _refuse_unfit(person, number)
        link = PersonLink.objects.create(
            person=person,
            number=number,
            status=LinkStatus.PROPOSED,
            source=seen_in,
            reason=said,
            proposed_by=by,
            proposed_on=today,
        )
        event.object_id, event.case_ref = str(link.pk), case_of(link)
        return link


def link_confirm(link_id: int, *, by: User, today: date) -> PersonLink:
    """Confirm what is proposed: the link, or its end. Raises LinkRefused.

    The next run knows it, and corrects what was paid under both numbers.
    """
    with _attempted(Verb.APPROVED, by, link_id) as event:
        link = _locked(link_id, LinkStatus.PROPOSED, LinkStatus.ENDING)
        event.persons = sorted({link.person_id, link.number_id})
        _refuse_hand(link, by, Part.APPROVED)
        if link.status == LinkStatus.PROPOSED:
            link.status, link.confirmed_by, link.confirmed_on = LinkStatus.STANDING, by, today
        else:
            link.status, link.ended_by, link.ended_on = LinkStatus.ENDED, by, today
        link.save()
        return link


def link_refuse(link_id: int, *, by: User, reason: str) -> PersonLink:
    """Refuse what is proposed, with a reason: no link comes of it, or it stays in force.

    Raises LinkRefused.
    """
    with _attempted(Verb.RETURNED, by, link_id) as event:
        link = _locked(link_id, LinkStatus.PROPOSED, LinkStatus.ENDING)
        event.persons = sorted({link.person_id, link.number_id})
        link.refused_because = _given(reason)
        if link.status == LinkStatus.PROPOSED:
            link.status = LinkStatus.REFUSED
        else:
            link.status, link.end_proposed_by, link.end_reason = LinkStatus.STANDING, None, ""
        link.save()
        return link


def link_end_propose(link_id: int, *, by: User, reason: str) -> PersonLink:
    """Propose that the link ends, for the numbers are of two persons after all. Raises LinkRefused."""
    with _attempted(Verb.PROPOSED, by, link_id) as event:
        link = _locked(link_id, LinkStatus.STANDING)
        event.persons = sorted({link.person_id, link.number_id})
        _refuse_hand(link, by, Part.PROPOSED)
        link.status, link.end_proposed_by = LinkStatus.ENDING, by
        link.end_reason, link.refused_because = _given(reason), ""
        link.save()
        return link


def barrier(link: PersonLink, by: User) -> str | None:
    """Why the user may not confirm what is proposed, in a sentence; None if they may."""
    return objection(link, by, Part.APPROVED)


def _refuse_hand(link: PersonLink, by: User, part: Part) -> None:
    if reason := objection(link, by, part):
        raise LinkRefused(reason)


def _refuse_unfit(person: Person, number: Person) -> None:
    """Refuse numbers that cannot be joined. The persons are locked, so that nobody joins them."""
    if person == number:
        raise LinkRefused(_("This is the same UMA number. Give the other one."))
    both = [person.pk, number.pk]
    list(Person.objects.select_for_update().filter(pk__in=both).order_by("pk"))
    live = PersonLink.objects.filter(status__in=LIVE)
    if live.filter(number__in=both).exists():
        raise LinkRefused(
            _("One of the numbers is already joined to another, or that is proposed. End it first.")
        )
    if live.filter(person=number).exists():
        raise LinkRefused(
            _(
                "Other numbers are joined to this one. Join it the other way round, or end them first."
            )
        )
    coded = PersonDetails.objects.current().filter(person__in=both, identity__isnull=False)
    if set(coded.values_list("person", flat=True)) == {number.pk}:
        raise LinkRefused(
            _(
                "The person goes on under the number that has the identity code. Open that number's "
                "page and join this one to it."
            )
        )


def _locked(link_id: int, *statuses: LinkStatus) -> PersonLink:
    link = PersonLink.objects.select_for_update(of=("self",)).get(pk=link_id)
    if link.status not in statuses:
        raise LinkRefused(
            _("This link is now: {status}. Open it anew.").format(status=link.get_status_display())
        )
    return link


def _given(text: str) -> str:
    if not text.strip():
        raise LinkRefused(_("Say why, and where it was seen."))
    return text.strip()


def _attempted(
    verb: Verb, by: User, link_id: int | None = None
) -> AbstractContextManager[AuditEvent]:
    about = PersonLink.objects.filter(pk=link_id).first() if link_id else None
    return attempt(
        LinkRefused,
        verb=verb,
        actor=by,
        about=about or PersonLink,
        case_ref=case_of(about) if about else "",
        purpose=Purpose.COMPENSATION,
    )
