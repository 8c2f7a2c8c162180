"""Users and their rights, for coordinators to keep: rights are given, ended and revoked."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.lib.admin import Keepable, Trying, refusals_told
from registry.access.models import Grant, Membership, StaffRole, User

admin.site.unregister(Group)

REFUSALS = MappingProxyType(
    {
        "_by_another": _("Nobody gives a right to themselves: another coordinator does."),
        "staff_role_one_duty": _(
            "Cases, coordination and oversight are in different hands: end the other role first."
        ),
    }
)


@admin.register(User)
class PeopleAdmin(Keepable, UserAdmin):
    """Who can sign in; nobody is deleted, for the log names them."""

    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email", "is_active")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GrantAdmin(Keepable, Trying):
    """Rights of users: what was granted stands, but its last day, until it is revoked."""

    refusals = REFUSALS
    actions = ("revoke",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        kept = ["granted_by", "revoked_at"]
        return kept if obj is None else [f.name for f in self.opts.fields if f.name != "valid_to"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.revoked_at is None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:  # noqa: FBT001 # Django's signature
        if not change:
            assert isinstance(request.user, User)
            obj.granted_by = request.user
        super().save_model(request, obj, form, change)

    changeform_view = refusals_told(admin.ModelAdmin.changeform_view)

    @admin.action(description=_("Revoke, effective at the next request"))
    def revoke(self, request: HttpRequest, rights: QuerySet[Any]) -> None:
        standing = list(rights.filter(revoked_at=None))
        for right in standing:
            right.revoked_at = timezone.now()
            right.save(update_fields=["revoked_at"])
            self.log_change(request, right, [{"changed": {"fields": ["revoked_at"]}}])


@admin.register(StaffRole)
class StaffRoleAdmin(GrantAdmin):
    list_display = ("user", "role", "valid_from", "valid_to", "revoked_at", "granted_by")
    list_filter = ("role", "revoked_at")
    list_select_related = ("user", "granted_by")
    fields = ("user", "role", "valid_from", "valid_to", "granted_by", "revoked_at")
    search_fields = ("user__username", "user__last_name")


@admin.register(Membership)
class MembershipAdmin(GrantAdmin):
    list_display = (
        "user", "organisation", "right", "source", "valid_from", "valid_to", "revoked_at",
        "granted_by",
    )  # fmt: skip
    list_filter = ("right", "source", "revoked_at")
    list_select_related = ("user", "organisation", "granted_by")
    fields = ("user", "organisation", "right", "valid_from", "valid_to", "granted_by", "revoked_at")
    search_fields = ("user__username", "user__last_name", "organisation__name_fi")
