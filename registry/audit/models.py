"""Who looked at what, what was handed out, and the seals that keep both as they were (P-10).

Rows are only ever added: triggers refuse the rest, whoever asks. No row holds a name, an identity
code or a UMA customer number: persons are named by their ids.
"""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from registry.access.models import Role, User
from registry.access.rights import for_roles
from registry.organisations.models import Organisation


class Verb(models.TextChoices):
    VIEWED = "viewed", _("viewed")
    SEARCHED = "searched", _("searched")
    EXPORTED = "exported", _("exported")
    IMPORTED = "imported", _("imported")
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")
    CHECKED = "checked", _("checked")
    APPROVED = "approved", _("approved")
    PROPOSED = "proposed", _("proposed")
    RETURNED = "returned", _("returned")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SERVED = "served", _("served")
    SIGNED_IN = "signed_in", _("signed in")
    SIGNED_OUT = "signed_out", _("signed out")


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class Purpose(models.TextChoices):
    COMPENSATION = "compensation", _("calculated compensation")
    SUPPLEMENTS = "supplements", _("supplements")
    ADMINISTRATION = "administration", _("administration")
    ACCESS = "access", _("sign-in")
    OVERSIGHT = "oversight", _("oversight of the log")
    DATA_SUBJECT = "data_subject", _("request of the data subject")


# Recipients and contents of disclosures that are not an organisation's name or a file's.
DATA_SUBJECT = gettext_noop("the data subject")
EXTRACT = gettext_noop("extract of one person")


class Log(models.TextChoices):
    """The logs that share one chain of seals."""

    AUDIT = "audit", _("access log")
    DISCLOSURE = "disclosure", _("disclosure log")


def _persons() -> ArrayField[Any, Any]:
    return ArrayField(models.BigIntegerField(), verbose_name=_("persons concerned"), default=list)


class LogQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Entries that the user may read: those who oversee the log."""
        return for_roles(self, user, Role.DATA_PROTECTION_OFFICER)


class LogEntry(models.Model):
    """What every entry of a log says: when by the database's clock, who, for whom, about what."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"), db_default=Now())
    actor = models.ForeignKey(
        User,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        help_text=_("Empty: the system itself."),
    )
    acting_for = models.ForeignKey(
        Organisation,
        verbose_name=_("acting for"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
    )
    case_ref = models.CharField(_("case"), max_length=40, blank=True)
    persons = _persons()

    objects = LogQuerySet.as_manager()

    class Meta:
        abstract = True


class AuditEvent(LogEntry):
    """One thing done or tried: a page of persons looked at, a step taken, a sign-in (P-10)."""

    verb = models.CharField(_("what was done"), max_length=10, choices=Verb)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.DONE)
    object_type = models.CharField(_("object"), max_length=60, blank=True)
    object_id = models.CharField(_("object's id"), max_length=40, blank=True)
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose, blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event of the access log")
        verbose_name_plural = _("access log")
        default_permissions = ("view",)
        indexes = (
            GinIndex(fields=("persons",), name="audit_persons"),
            models.Index(fields=("actor", "id"), name="audit_actor"),
            models.Index(fields=("at",), name="audit_at"),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class DisclosureEvent(LogEntry):
    """Persons' data handed out: to whom, which content, on what ground (P-10)."""

    recipient = models.CharField(_("recipient"), max_length=200)
    content_class = models.CharField(_("content"), max_length=40)
    ground = models.CharField(_("ground in law"), max_length=200)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosure log")
        default_permissions = ("view",)
        indexes = (GinIndex(fields=("persons",), name="disclosure_persons"),)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"

    @property
    def recipient_shown(self) -> str:
        """The recipient in the language of the page, where it is not a name."""
        return gettext(self.recipient)

    @property
    def content_shown(self) -> str:
        """The content in the language of the page."""
        return gettext(self.content_class)


class Unsealed(models.Model):
    """An entry that no seal holds yet; put here by trigger, taken away by the seal."""

    pk = models.CompositePrimaryKey("log", "event_id")
    log = models.CharField(max_length=10, choices=Log)
    event_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.log} #{self.event_id}"


class Seal(models.Model):
    """A link of the chain: entries of one log in order of id, each with its digest.

    `hash` = SHA-256 of the previous hash, number, log, moment, ids and digests
    (`registry.audit.chain`), so that the list itself is kept and a wrong entry found by its id.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    log = models.CharField(_("log"), max_length=10, choices=Log)
    count = models.IntegerField(_("entries"))
    first_event = models.BigIntegerField(_("first entry"))
    last_event = models.BigIntegerField(_("last entry"))
    event_ids = ArrayField(models.BigIntegerField(), verbose_name=_("entries in order"))
    digests = models.BinaryField(_("digests of the entries"))
    previous_hash = models.BinaryField(_("previous hash"))
    hash = models.BinaryField(_("hash"))
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"


class Verification(models.Model):
    """What a verification of the logs found; a result kept for the pages, itself no proof."""

    at = models.DateTimeField(_("time"))
    broken = models.TextField(_("first broken link"), blank=True)
    entries = models.BigIntegerField(_("entries"), default=0)
    seals = models.BigIntegerField(_("seals"), default=0)

    class Meta:
        verbose_name = _("verification of the log")
        verbose_name_plural = _("verifications of the log")
        default_permissions = ("view",)
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
