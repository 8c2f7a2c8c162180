"""Lists of persons as sent, their rows, what was found in them and corrected (G-10 … G-12)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.lists.codes import ERRORS, Code
from grants.lists.languages import header_of
from registry.access.models import User
from registry.models import Ground, Organisation, Person

TEXT_LENGTH, NAME_LENGTH, FILE_NAME_LENGTH = 100, 200, 200


class ListState(models.TextChoices):
    WAITING = "waiting", _("waits to be read")
    READ = "read", _("read")
    REFUSED = "refused", _("refused")


class PersonListQuerySet(models.QuerySet["PersonList"]):
    def visible_to(self, user: User) -> Self:
        """Lists of the applications that the user may open."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def current(self) -> Self:
        """The list that each application stands on."""
        return self.filter(is_current=True)


class PersonList(models.Model):
    """A file that an officer sent for an application, and what became of it (G-12).

    A list that was read keeps its file as sent; of one that was refused only the reason stays.
    The lease says who reads it: `grants.lists.tasks`.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="lists")
    state = models.CharField(_("state"), max_length=7, choices=ListState, default=ListState.WAITING)
    number = models.PositiveIntegerField(_("version"), null=True, blank=True)
    is_current = models.BooleanField(_("current"), default=False)
    # Names of files may hold names of persons: shown to the applicant alone.
    file_name = models.CharField(_("name of the file"), max_length=FILE_NAME_LENGTH)
    sha256 = models.CharField(_("hash of the file (SHA-256)"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    refusal = models.CharField(_("refused because"), max_length=20, blank=True)
    refusal_details = models.JSONField(_("details of the refusal"), default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("sent"))
    held_until = models.DateTimeField(_("being read until"), null=True, blank=True)
    taken_at = models.DateTimeField(_("reading begun"), null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempts to read it"), default=0)

    objects = PersonListQuerySet.as_manager()

    class Meta:
        verbose_name = _("person list")
        verbose_name_plural = _("person lists")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("application", "number"), name="list_number"),
            models.UniqueConstraint(
                fields=("application",), name="list_one_current", condition=Q(is_current=True)
            ),
            models.CheckConstraint(
                name="list_state_whole",
                condition=Q(state=ListState.WAITING, number=None, is_current=False, refusal="")
                | Q(state=ListState.READ, number__isnull=False, refusal="")
                | (Q(state=ListState.REFUSED, number=None, is_current=False) & ~Q(refusal="")),
            ),
            models.CheckConstraint(
                name="list_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gte=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number or '–'}"


class ListFile(models.Model):
    """The bytes of a list as sent, in a table of their own so that nothing else reads them."""

    list = models.OneToOneField(
        PersonList, on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("file of a person list")
        verbose_name_plural = _("files of person lists")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


def _identifier(label: Any) -> models.CharField[str, str]:
    return models.CharField(label, max_length=TEXT_LENGTH, blank=True, db_collation="C")


class ListRowQuerySet(models.QuerySet["ListRow"]):
    def visible_to(self, user: User) -> Self:
        """Rows of the applications that the user may open."""
        return self.filter(list__application__in=Application.objects.visible_to(user))

    def kept(self) -> Self:
        """Rows that have not been removed from their list."""
        return self.filter(is_removed=False)

    def faultless(self) -> Self:
        """Rows that may be sent and paid: not removed, without an error (warnings may stand)."""
        return self.kept().exclude(findings__code__in=ERRORS)


class ListRow(models.Model):
    """A person of a list, as corrected; `raw` has the text of each column that means nothing."""

    list = models.ForeignKey(PersonList, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("row"))
    uma_number = _identifier(_("UMA customer number"))
    unhcr_number = _identifier(_("RGI or UNHCR number"))
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    nationality = models.CharField(_("nationality"), max_length=3, blank=True, db_collation="C")
    municipality = models.ForeignKey(
        Organisation,
        verbose_name=_("home municipality"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    moved_in = models.DateField(_("date of moving in"), null=True, blank=True)
    ground = models.ForeignKey(
        Ground,
        verbose_name=_("ground"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    quota_year = models.PositiveSmallIntegerField(_("quota year"), null=True, blank=True)
    raw = models.JSONField(_("texts without a meaning"), default=dict, blank=True)
    is_removed = models.BooleanField(_("removed"), default=False)
    # Whom the register knows by the row's identifier; never shown to the applicant.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="list_rows", null=True, blank=True
    )

    objects = ListRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a person list")
        verbose_name_plural = _("rows of person lists")
        ordering = ("list", "line")
        constraints = (models.UniqueConstraint(fields=("list", "line"), name="row_line"),)
        indexes = (
            models.Index("uma_number", name="row_uma", condition=~Q(uma_number="")),
            models.Index("unhcr_number", name="row_unhcr", condition=~Q(unhcr_number="")),
        )

    def __str__(self) -> str:
        return f"{self.list_id} {self.line}"


class RowFindingQuerySet(models.QuerySet["RowFinding"]):
    def errors(self) -> Self:
        """What must be fixed, or its row removed, before the list is sent."""
        return self.filter(code__in=ERRORS)

    def told(self) -> Self:
        """What the applicant may be told (P-11)."""
        return self.filter(is_hidden=False)


class RowFinding(models.Model):
    """One cause found in a row, in one column (G-11)."""

    list = models.ForeignKey(PersonList, on_delete=models.CASCADE, related_name="findings")
    row = models.ForeignKey(ListRow, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(_("finding"), max_length=24, choices=Code)
    column = models.CharField(_("column"), max_length=20)
    # Where a person under non-disclosure lives or lived is not told to the applicant (P-11).
    is_hidden = models.BooleanField(_("hidden from the applicant"), default=False)

    objects = RowFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding in a person list")
        verbose_name_plural = _("findings in person lists")
        ordering = ("row", "pk")
        constraints = (
            models.UniqueConstraint(fields=("row", "code", "column"), name="finding_once"),
            models.CheckConstraint(
                name="finding_hidden_is_no_error",
                condition=Q(is_hidden=False) | ~Q(code__in=sorted(ERRORS)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.row_id} {self.code}"

    @property
    def is_error(self) -> bool:
        """Whether it must be fixed before the list is sent."""
        return self.code in ERRORS


class RowCorrection(models.Model):
    """A value that somebody corrected in the page, from what to what; only added to (G-12).

    An empty column is the row itself: removed (`1`) or put back (``).
    """

    row = models.ForeignKey(ListRow, on_delete=models.PROTECT, related_name="corrections")
    column = models.CharField(_("column"), max_length=20, blank=True)
    old = models.CharField(_("was"), max_length=NAME_LENGTH, blank=True)
    new = models.CharField(_("is"), max_length=NAME_LENGTH, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("corrected by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("correction of a person list")
        verbose_name_plural = _("corrections of person lists")
        ordering = ("pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.row_id} {self.column}"

    @property
    def header(self) -> str:
        """The header of the column in the language of the page."""
        return header_of(self.column)
