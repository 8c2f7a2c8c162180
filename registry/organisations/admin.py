"""Organisations and authorities, for coordinators to keep; agreements, replaced by a file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.lib.admin import Figures, Kept, MaybeText, Reference, table
from config.lib.uploads import kept_in_a_file
from registry.access.requests import SignedInRequest
from registry.deliveries.refusals import DeliveryRefused
from registry.deliveries.services import agreements_import
from registry.deliveries.summaries import summary_line
from registry.organisations.forms import AgreementsForm
from registry.organisations.models import (
    Agreement,
    Authority,
    AuthorityName,
    Organisation,
    OrganisationKind,
    business_id_fault,
)

REFUSALS = {
    "organisation_ended_has_successor": _(
        "A municipality that ends names another one that it has merged into: somebody must be "
        "paid in its place."
    )
}


class BusinessId(MaybeText):
    """A business ID, judged as in the form."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str | None:
        read = super().clean(value, row, **options)
        if fault := business_id_fault(read):
            raise ValueError(fault)
        return read


@admin.register(Organisation)
class OrganisationAdmin(Figures):
    list_display = ("code", "name_fi", "name_sv", "kind", "valid_from", "valid_to", "merged_into")
    list_filter = ("kind", "in_aland", "language")
    list_select_related = ("merged_into",)
    search_fields = ("code", "name_fi", "name_sv", "business_id")
    refusals = REFUSALS
    resource_classes = (
        table(
            Organisation,
            key=("kind", "code"),
            columns=(
                "kind", "code", "name_fi", "name_sv", "language", "county", "in_aland",
                "business_id", "valid_from", "valid_to", "merged_into",
            ),
            refusals=REFUSALS,
            business_id=BusinessId(),
            county=Reference(Organisation, kind=OrganisationKind.COUNTY),
            merged_into=Reference(Organisation, kind=OrganisationKind.MUNICIPALITY),
        ),
    )  # fmt: skip


@admin.register(Authority)
class AuthorityAdmin(Figures):
    search_fields = ("code",)
    resource_classes = (table(Authority, key=("code",), columns=("code",)),)


@admin.register(AuthorityName)
class AuthorityNameAdmin(Figures):
    list_display = ("authority", "name_fi", "name_sv", "valid_from", "valid_to")
    list_filter = ("authority",)
    resource_classes = (
        table(
            AuthorityName,
            key=("authority", "valid_from"),
            columns=("authority", "name_fi", "name_sv", "valid_from", "valid_to", "source"),
            authority=Reference(Authority),
        ),
    )


@admin.register(Agreement)
class AgreementAdmin(Kept):
    list_display = ("municipality", "valid_from", "valid_to", "reference", "closed_by")
    list_select_related = ("municipality", "closed_by")
    search_fields = ("municipality__code", "municipality__name_fi", "municipality__name_sv")
    change_list_template = "admin/registry/agreement/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.import_view)
        return [path("import/", page, name="registry_agreement_import"), *super().get_urls()]

    def import_view(self, request: SignedInRequest) -> HttpResponse:
        """Replace the agreements of the municipalities that a file names."""
        form = AgreementsForm(request.POST or None, request.FILES or None)
        if form.is_valid() and self._imported(request, form):
            return HttpResponseRedirect(reverse("admin:registry_agreement_changelist"))
        context = {**self.admin_site.each_context(request), "form": form, "opts": self.opts}
        return TemplateResponse(request, "admin/registry/agreement/import.html", context)

    def _imported(self, request: SignedInRequest, form: AgreementsForm) -> bool:
        try:
            with kept_in_a_file(form.cleaned_data["file"]) as file:
                delivery = agreements_import(
                    file,
                    received_at=timezone.now(),
                    today=timezone.localdate(),
                    received_by=request.user,
                )
        except DeliveryRefused as refused:
            form.add_error("file", str(refused))
            return False
        messages.success(request, summary_line(delivery))
        return True
