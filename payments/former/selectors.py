"""What pages show of former payments, and what was paid of a person by them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from config.lib.paging import PAGE_SIZE, Page, page_of
from payments.former.models import FormerImport, FormerImportQuerySet, FormerPayment
from registry.models import Organisation
from registry.people.secrecy import is_protected


@dataclass(frozen=True)
class Total:
    """A payee's year in an import: rows and cents."""

    payee: Organisation
    year: int
    rows: int
    cents: int


def imports_page(imports: FormerImportQuerySet, before: int | None) -> Page[FormerImport]:
    """Imports, the latest first, from before the given one; one query."""
    rows = imports.select_related("imported_by", "approved_by", "opened_by")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return page_of(rows.order_by("-pk"), after=before, key=lambda row: row.pk, size=PAGE_SIZE)


def import_totals(source: FormerImport) -> list[Total]:
    """The sums of an import by payee and year; two queries."""
    rows = (
        source.payments.order_by()
        .annotate(year=ExtractYear("benefit_month"))
        .values_list("payee", "year")
        .annotate(Count("pk"), Sum("amount_cents"))
        .order_by("payee__kind", "payee__code", "year")
    )
    found = list(rows)
    payees = Organisation.objects.in_bulk({payee for payee, *_rest in found})
    return [Total(payees[payee], year, count, cents) for payee, year, count, cents in found]


def payments_page(source: FormerImport, after: int | None) -> Page[FormerPayment]:
    """The rows of an import whose persons a list may name (P-11), from after a line; one query."""
    rows = source.payments.exclude(is_protected()).select_related("person", "payee")
    if after is not None:
        rows = rows.filter(line__gt=after)
    return page_of(rows.order_by("line"), after=after, key=lambda row: row.line, size=PAGE_SIZE)


def payments_of(numbers: Collection[int]) -> QuerySet[FormerPayment]:
    """Former payments in force under the numbers of a person, the latest month first; one query."""
    found = FormerPayment.objects.in_force().filter(person__in=numbers)
    return found.select_related("payee").order_by("-benefit_month", "payee", "component", "pk")
