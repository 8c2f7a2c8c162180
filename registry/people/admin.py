"""Grounds, for coordinators to keep; persons and their facts without names, to look at."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin

from config.lib.admin import Figures, table
from registry.audit.admin import Watched
from registry.people.models import Ground, Permit, Person, PersonDetails, Residence


@admin.register(Ground)
class GroundAdmin(Figures):
    list_display = ("code", "name_fi", "name_sv", "scope", "in_scope_from", "in_scope_to")
    list_filter = ("scope",)
    search_fields = ("code", "name_fi", "name_sv", "name_en")
    resource_classes = (
        table(
            Ground,
            key=("code",),
            columns=(
                "code", "name_fi", "name_sv", "name_en", "scope", "in_scope_from", "in_scope_to",
                "source",
            ),
        ),
    )  # fmt: skip


@admin.register(Person)
class PersonAdmin(Watched):
    """Persons by UMA customer number alone; what is known of them is shown on their own page."""

    search_fields = ("=uma_number",)
    fields = ("uma_number",)

    def persons_of(self, rows: Sequence[Person]) -> list[int]:
        return [person.pk for person in rows]


@admin.register(Permit)
class PermitAdmin(Watched):
    list_display = ("permit_number", "person", "ground", "valid_from", "valid_to", "closed_by")
    list_select_related = ("person", "ground", "closed_by")
    search_fields = ("=permit_number", "=person__uma_number")


@admin.register(Residence)
class ResidenceAdmin(Watched):
    list_display = ("municipality", "moved_in", "moved_out", "registered_on", "closed_by")
    list_select_related = ("municipality", "closed_by")
    search_fields = ("=municipality__code", "=identity__details__person__uma_number")
    exclude = ("identity",)

    def persons_of(self, rows: Sequence[Residence]) -> list[int]:
        identities = [row.identity_id for row in rows]
        holders = PersonDetails.objects.current().filter(identity__in=identities)
        return list(holders.values_list("person", flat=True))
