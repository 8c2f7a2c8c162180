"""Admin pages for tables of figures: what the database refuses is said, not crashed on.

`Figures` is a table that people keep, with import and export; `Kept` is a table that a service
owns, shown only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from copy import copy
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial, wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from import_export.widgets import (
    CharWidget,
    DateWidget,
    DecimalWidget,
    ForeignKeyWidget,
    Widget,
)

from config.lib.workbooks import WorkbookRefused, inspect

Refusals = Mapping[str, Promise]
MAX_WORKBOOK_BYTES = 10 * 1024 * 1024

# By SQLSTATE; an app adds sentences of its own, by what the database's message says.
SENTENCES: Refusals = {
    "23502": gettext_lazy("A value is missing."),
    "23503": gettext_lazy("Something else still refers to this row."),
    "23505": gettext_lazy("There is such a row already."),
    "23514": gettext_lazy("The values contradict one another; a period ends before it begins?"),
    "23P01": gettext_lazy("Another row of the same kind is in force on some of these days."),
}


def sentence(refused: IntegrityError, refusals: Refusals | None = None) -> str:
    """What the database refused, for people; its own words where there is no sentence."""
    for pattern, text in (refusals or {}).items():
        if found := re.search(pattern, str(refused)):
            return str(text) % found.groupdict()
    state = getattr(refused.__cause__, "sqlstate", "")
    return str(SENTENCES.get(state, str(refused).partition("\n")[0]))


class TrialForm(forms.ModelForm):
    """Asks the database itself whether the row may stand, in a savepoint that is undone."""

    refusals: Refusals = MappingProxyType({})

    def _post_clean(self) -> None:
        # The sentences below say more than the names of constraints that Django would show.
        self.instance.full_clean = partial(self.instance.full_clean, validate_constraints=False)
        super()._post_clean()  # type: ignore[misc] # unknown to the stubs

    def validate_unique(self) -> None:
        if self.errors:
            return
        trial = copy(self.instance)
        trial._state = copy(self.instance._state)  # noqa: SLF001 # a saved trial is not the row
        try:
            with transaction.atomic():
                trial.save()
                transaction.set_rollback(True)
        except IntegrityError as refused:
            self.add_error(None, sentence(refused, self.refusals))


View = Callable[..., HttpResponse]


def refusals_told(view: View) -> View:
    """Turn what the database refuses in an admin view into a message on the same page."""

    @wraps(view)
    def told(page: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(page, request, *args, **kwargs)
        except IntegrityError as refused:
            messages.error(request, sentence(refused, page.refusals))
            return HttpResponseRedirect(request.get_full_path())

    return told


class Day(DateWidget):
    """A date as in the data files, or as written in Finland."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.formats = ("%Y-%m-%d", "%d.%m.%Y")

    def clean(self, value: Any, row: Any = None, **options: Any) -> date | None:
        read: date | None = super().clean(value, row, **options)
        return read.date() if isinstance(read, datetime) else read


class Amount(DecimalWidget):
    """A decimal as in the data files whatever the page's language; a decimal comma is read too."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Decimal | None:
        try:
            return None if self.is_empty(value) else Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            raise ValueError(_("'%(value)s' is not a number.") % {"value": value}) from None

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:
        return value if options.get("force_native_type") or value is None else str(value)


class MaybeText(CharWidget):
    """A text, or none where the file has nothing."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str | None:
        return super().clean(value, row, **options) or None


class Table(ModelResource):
    """Rows in a file, one by one in savepoints, so that a refused row leaves the others shown."""

    WIDGETS_MAP = MappingProxyType(
        {**ModelResource.WIDGETS_MAP, "DateField": Day, "DecimalField": Amount}
    )
    refusals: Refusals = MappingProxyType({})

    def validate_instance(
        self,
        instance: models.Model,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,  # noqa: FBT001, FBT002 # the library's signature
    ) -> None:
        """Check types and choices here; what is allowed is the database's to say."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude=errors.keys(), validate_unique=False, validate_constraints=False
            )
        except ValidationError as wrong:
            errors = wrong.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def do_instance_save(self, instance: models.Model, is_create: bool) -> None:  # noqa: FBT001
        try:
            with transaction.atomic():
                super().do_instance_save(instance, is_create)
        except IntegrityError as refused:
            raise ValidationError(sentence(refused, self.refusals)) from refused


def table(
    model: type[models.Model],
    *,
    key: Collection[str],
    columns: Collection[str],
    refusals: Refusals | None = None,
    **widgets: Widget,
) -> type[Table]:
    """Make the file form of a table: its columns in order, its rows found by a natural key."""
    options = {
        "model": model,
        "fields": columns,
        "export_order": columns,
        "import_order": columns,
        "import_id_fields": key,
        "skip_unchanged": True,
        "use_transactions": True,
    }
    fields = {
        name: Field(attribute=name, column_name=name, widget=widget)
        for name, widget in widgets.items()
    }
    body = {"Meta": type("Meta", (), options), "refusals": refusals or {}, **fields}
    return type(f"{model.__name__}Table", (Table,), body)


class Reference(ForeignKeyWidget):
    """Another row, by its code among those of a kind."""

    def __init__(self, model: type[models.Model], field: str = "code", **kind: str) -> None:
        super().__init__(model, field=field)
        self.kind = kind

    def get_queryset(self, *args: Any, **options: Any) -> models.QuerySet[Any]:
        queryset: models.QuerySet[Any] = super().get_queryset(*args, **options)
        return queryset.filter(**self.kind)


class Keepable(admin.ModelAdmin):
    """Open to everybody whom the site lets in: what is not theirs is not registered there."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class Trying(admin.ModelAdmin):
    """Rows are tried on the database; `refusals` are sentences for what its triggers refuse."""

    form = TrialForm
    refusals: Refusals = MappingProxyType({})

    def get_form(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        form: Any = super().get_form(request, *args, **options)
        form.refusals = self.refusals
        return form


class InspectedXLSX(XLSX):
    """A workbook that is looked through before it is opened."""

    def create_dataset(self, in_stream: bytes) -> Any:
        with NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(in_stream)
            file.flush()
            inspect(Path(file.name), max_bytes=MAX_WORKBOOK_BYTES)
        return super().create_dataset(in_stream)


class Figures(Keepable, Trying, ImportExportModelAdmin):
    """A table that people keep."""

    import_formats = (InspectedXLSX, CSV)
    export_formats = (XLSX, CSV)

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if not isinstance(e, WorkbookRefused):
            super().add_data_read_fail_error_to_form(form, e)
            return
        said = _(
            "The file was not opened: it is no plain Excel workbook (.xlsx), or there is something "
            "in it that no table needs (%(reason)s). Copy the rows as values into a new workbook "
            "and send that."
        )
        form.add_error("import_file", said % {"reason": e.reason})

    changeform_view = refusals_told(ImportExportModelAdmin.changeform_view)
    changelist_view = refusals_told(ImportExportModelAdmin.changelist_view)
    delete_view = refusals_told(ImportExportModelAdmin.delete_view)


class Kept(Keepable):
    """A table that a service owns: shown, never edited."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
