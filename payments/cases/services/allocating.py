"""Deciding who a case is about, and where and when they lived, by evidence (P-08, C-39)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from config.lib.months import Month
from config.templatetags.finnish import day
from payments.cases.errors import CaseRefused
from payments.cases.models import Closing, ManualCase, ManualProposal, ManualResidence
from payments.cases.services.steps import attempted, case_locked, reason_given
from registry.access.hands import objection
from registry.access.models import Part, User
from registry.audit.models import Verb
from registry.models import Organisation, OrganisationKind, Person


def case_match(case_id: int, person: Person, *, by: User, reason: str) -> ManualCase:
    """Decide who in the register an application's case is about; what was allocated falls away.

    A case that a run found of the same person goes on in the application. Raises CaseRefused.
    """
    with attempted(Verb.CHANGED, by, _about(case_id)) as event:
        case = case_locked(case_id)
        event.persons = [person.pk]
        if case.proposal is None:
            raise CaseRefused(_("The run that found this case knows who it is about."))
        _refuse_member(case.proposal, by)
        if case.proposal.cases.filter(person=person).exclude(pk=case.pk).exists():
            raise CaseRefused(_("Another case of this application is already about this person."))
        case.residences.all().delete()
        case.months.all().delete()
        case.person, case.matched_because = person, reason_given(reason)
        case.save(update_fields=["person", "matched_because"])
        ManualCase.objects.found_by_runs().filter(
            person=person,
            is_authoritys=False,
            first_month__gte=case.first_month,
            last_month__lte=case.last_month,
        ).update(closed_as=Closing.APPLIED)
        return case


def case_allocate(
    case_id: int,
    municipality: Organisation,
    *,
    moved_in: date,
    moved_out: date,
    evidence: str,
    by: User,
) -> ManualResidence:
    """Allocate a person to a municipality from … to (inclusive), by evidence.

    The first day may be before the case's months, for the clock counts it (C-16); the last one is
    within them. Raises CaseRefused.
    """
    with attempted(Verb.CHANGED, by, _about(case_id)) as event:
        case = case_locked(case_id)
        if case.person is None:
            raise CaseRefused(_("First decide who in the register this is."))
        event.persons = [case.person_id]
        _refuse_member(case.proposal, by)
        _refuse_period(case, municipality, moved_in, moved_out)
        ManualCase.objects.filter(pk=case.pk).update(refused_because="")
        return ManualResidence.objects.create(
            case=case,
            person=case.person,
            municipality=municipality,
            moved_in=moved_in,
            moved_out=moved_out,
            evidence=reason_given(evidence),
            allocated_by=by,
        )


def allocation_remove(residence_id: int, *, by: User) -> None:
    """Take back an allocation that is not proposed yet. Raises CaseRefused."""
    residence = ManualResidence.objects.get(pk=residence_id)
    with attempted(Verb.CHANGED, by, _about(residence.case_id)) as event:
        case = case_locked(residence.case_id)
        event.persons = [residence.person_id]
        _refuse_member(case.proposal, by)
        case.residences.filter(pk=residence_id).delete()


def case_refuse(case_id: int, *, by: User, reason: str) -> ManualCase:
    """Propose that an application's case be refused, with a reason the applicant reads.

    Its allocations fall away. Raises CaseRefused.
    """
    with attempted(Verb.CHANGED, by, _about(case_id)):
        case = case_locked(case_id)
        if case.proposal is None:
            raise CaseRefused(_("Nobody has applied for this case, so there is nothing to refuse."))
        _refuse_member(case.proposal, by)
        case.residences.all().delete()
        case.months.all().delete()
        case.refused_because = reason_given(reason)
        case.save(update_fields=["refused_because"])
        return case


def _about(case_id: int) -> ManualCase:
    return ManualCase.objects.select_related("proposal__payee").get(pk=case_id)


def _refuse_member(proposal: ManualProposal | None, by: User) -> None:
    if proposal and (reason := objection(proposal, by, Part.PROPOSED, concerns=proposal.payee)):
        raise CaseRefused(reason)


def _refuse_period(
    case: ManualCase, municipality: Organisation, moved_in: date, moved_out: date
) -> None:
    if municipality.kind != OrganisationKind.MUNICIPALITY:
        raise CaseRefused(_("People live in municipalities; choose one."))
    if moved_out < moved_in:
        raise CaseRefused(_("The last day is before the first."))
    last = (Month.of(case.last_month) + 1).first_day - timedelta(days=1)
    if moved_out > last:
        raise CaseRefused(_("The case has months to {last} only.").format(last=day(last)))
    if case.residences.filter(moved_in__lte=moved_out, moved_out__gte=moved_in).exists():
        raise CaseRefused(
            _("Two allocations of a case do not overlap. Remove the other one first.")
        )
