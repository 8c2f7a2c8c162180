"""What pages are made of besides templates: GOV.UK Frontend from npm, and how forms are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage
from django.forms.renderers import TemplatesSetting

COMPILED = Path("node_modules", "govuk-frontend", "dist", "govuk")
PREFIX = "govuk"
FILES = ("govuk-frontend.min.css", "govuk-frontend.min.js")  # no crown and no GDS fonts


class GovukFinder(BaseFinder):
    """Finds the compiled style and script of GOV.UK Frontend as `govuk/…`, and nothing else of it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BASE_DIR / COMPILED)
        self.storage.prefix = PREFIX  # type: ignore[attr-defined] # collectstatic's own name

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        """Warn when npm has not been run yet: the pages would stand there naked."""
        if all(map(self.storage.exists, FILES)):
            return []
        return [checks.Warning("GOV.UK Frontend is not installed.", hint="Run 'make install'.")]

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:  # noqa: FBT001, FBT002 # Django's signature
        """The place of one of the files; Django asks for a list with `find_all`."""
        prefix, _, name = path.partition("/")
        known = prefix == PREFIX and name in FILES
        found = [self.storage.path(name)] if known and self.storage.exists(name) else []
        return found if find_all else next(iter(found), [])

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        """The files there are, for collectstatic."""
        yield from ((name, self.storage) for name in FILES if self.storage.exists(name))


class GovukForms(TemplatesSetting):
    """Draws the fields of forms with the classes of GOV.UK Frontend."""

    field_template_name = "components/field.html"
