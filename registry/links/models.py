"""Two UMA numbers found to be one person: a dated link that two people make and two people end.

The person goes on under one of the numbers. The other's facts are added to that one's, and it is
assessed no more (`payments/entitlement/stages/1_facts.sql`).
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.access.fields import somebody
from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.people.models import Person


class LinkStatus(models.TextChoices):
    """Where a link is; it stands from its confirmation until its end is confirmed."""

    PROPOSED = "proposed", _("proposed")
    STANDING = "standing", _("in force")
    ENDING = "ending", _("in force, its end proposed")
    ENDED = "ended", _("ended")
    REFUSED = "refused", _("refused")


STANDS = (LinkStatus.STANDING, LinkStatus.ENDING)
LIVE = (LinkStatus.PROPOSED, *STANDS)
WAITING = (LinkStatus.PROPOSED, LinkStatus.ENDING)


class PersonLinkQuerySet(models.QuerySet["PersonLink"]):
    def visible_to(self, user: User) -> Self:
        """Links that the user may open: those who decide on persons."""
        return for_roles(self, user, Role.REVIEWER, Role.APPROVER)

    def standing(self) -> Self:
        """Links in force."""
        return self.filter(status__in=STANDS)

    def waiting(self) -> Self:
        """Links that somebody has to confirm or refuse, or whose end."""
        return self.filter(status__in=WAITING)

    def of(self, person: Person) -> Self:
        """Links of the person, by either number."""
        return self.filter(Q(person=person) | Q(number=person))


class PersonLink(models.Model):
    """`number` is another UMA number of `person`, under whose number the person goes on.

    A trigger refuses chains, changes of what stands, and deletion.
    """

    person = models.ForeignKey(
        Person,
        verbose_name=_("goes on under"),
        on_delete=models.PROTECT,
        related_name="joined_numbers",
    )
    number = models.ForeignKey(
        Person, verbose_name=_("joined number"), on_delete=models.PROTECT, related_name="joined_to"
    )
    status = models.CharField(_("status"), max_length=8, choices=LinkStatus)
    source = models.CharField(_("source"), max_length=200)
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = somebody(_("proposed by"))
    proposed_on = models.DateField(_("proposed"))
    confirmed_by = somebody(_("confirmed by"), null=True)
    confirmed_on = models.DateField(_("in force from"), null=True)
    end_reason = models.CharField(_("ended because"), max_length=500, blank=True)
    end_proposed_by = somebody(_("end proposed by"), null=True)
    ended_by = somebody(_("end confirmed by"), null=True)
    ended_on = models.DateField(_("ended"), null=True)
    refused_because = models.CharField(_("refused because"), max_length=500, blank=True)

    objects = PersonLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("joined number")
        verbose_name_plural = _("joined numbers")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(name="link_of_two_numbers", condition=~Q(person=F("number"))),
            models.CheckConstraint(name="link_says_why", condition=~Q(reason="") & ~Q(source="")),
            models.UniqueConstraint(
                fields=("number",), name="link_one_live", condition=Q(status__in=LIVE)
            ),
            models.CheckConstraint(
                name="link_confirmed",
                condition=Q(
                    confirmed_by=None, confirmed_on=None, status__in=["proposed", "refused"]
                )
                | Q(
                    confirmed_by__isnull=False,
                    confirmed_on__gte=F("proposed_on"),
                    status__in=["standing", "ending", "ended"],
                ),
            ),
            models.CheckConstraint(
                name="link_ended",
                condition=Q(ended_by=None, ended_on=None) & ~Q(status="ended")
                | Q(ended_by__isnull=False, ended_on__gte=F("confirmed_on"), status="ended"),
            ),
            models.CheckConstraint(
                name="link_end_proposed",
                condition=Q(end_proposed_by__isnull=False, status__in=["ending", "ended"])
                & ~Q(end_reason="")
                | Q(end_proposed_by=None, end_reason="") & ~Q(status__in=["ending", "ended"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def stands(self) -> bool:
        """Whether the link is in force."""
        return self.status in STANDS

    @property
    def waits(self) -> bool:
        """Whether another person has to confirm or refuse it, or its end."""
        return self.status in WAITING
