"""Admin pages that show persons' data log what each page showed (P-10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from config.lib.admin import Kept
from registry.audit.models import Purpose
from registry.audit.requests import page_record


class Watched(Kept):
    """A shown table of persons' data: one event a page, with the persons of the page."""

    def persons_of(self, rows: Sequence[Any]) -> list[int]:
        """Ids of the persons the rows concern."""
        return [row.person_id for row in rows]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and "cl" in (response.context_data or {}):
            rows = list(response.context_data["cl"].result_list)  # type: ignore[index] # told above
            self._record(request, self.model, rows)
        return response

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        **options: Any,
    ) -> HttpResponse:
        if (row := options.get("obj")) is not None:
            self._record(request, row, [row])
        return super().render_change_form(request, context, *args, **options)

    def _record(
        self, request: HttpRequest, about: models.Model | type[models.Model], rows: list[Any]
    ) -> None:
        persons = self.persons_of(rows)
        page_record(request, about=about, persons=persons, purpose=Purpose.ADMINISTRATION)
