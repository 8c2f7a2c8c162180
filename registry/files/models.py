"""Files that people send for a case, kept byte for byte.

A file has no visibility of its own: the model that links it to a case has `visible_to`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MAX_FILE_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 200


class FileKind(models.TextChoices):
    """What is accepted; known from a file's bytes, never from its name."""

    PDF = "pdf", "PDF"
    PNG = "png", _("PNG image")
    JPEG = "jpg", _("JPEG image")
    WORKBOOK = "xlsx", _("Excel workbook")
    TEXT = "docx", _("Word document")


class KeptFile(models.Model):
    """A file as it was sent. What nothing links to may be removed, nothing is ever changed."""

    # May hold names of persons: shown to those who may see the case, never in addresses or logs.
    name = models.CharField(_("name of the file"), max_length=NAME_LENGTH)
    kind = models.CharField(_("kind of file"), max_length=4, choices=FileKind)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("hash of the file (SHA-256)"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("kept file")
        verbose_name_plural = _("kept files")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="kept_file_whole",
                condition=Q(
                    size__range=(1, MAX_FILE_BYTES),
                    sha256__regex=r"^[0-9a-f]{64}$",
                    kind__in=FileKind.values,
                )
                & ~Q(name=""),
            ),
        )

    def __str__(self) -> str:
        return self.neutral_name

    @property
    def neutral_name(self) -> str:
        """The name under which the file is handed out, which tells nothing of anybody."""
        return f"liite-{self.pk}.{self.kind}"


class KeptBytes(models.Model):
    """The bytes of a kept file, in a table of their own so that nothing else reads them."""

    file = models.OneToOneField(
        KeptFile, on_delete=models.CASCADE, primary_key=True, related_name="bytes"
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("bytes of a kept file")
        verbose_name_plural = _("bytes of kept files")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"
