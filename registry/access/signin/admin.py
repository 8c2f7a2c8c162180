"""Second factors, for coordinators to take away when a phone is lost; their secrets stay unseen.

django-allauth's own tables are not shown: of e-mail addresses none is kept.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from config.lib.admin import Keepable
from registry.access.signin.models import Factor

admin.site.unregister([EmailAddress, Authenticator])


@admin.register(Factor)
class FactorAdmin(Keepable):
    list_display = ("whose", "kind", "used")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__last_name")
    fields = readonly_fields = ("whose", "kind", "used")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("user"), ordering="user__username")
    def whose(self, factor: Factor) -> str:
        return factor.user.get_username()

    @admin.display(description=_("kind"), ordering="type")
    def kind(self, factor: Factor) -> str:
        return factor.kind

    @admin.display(description=_("last used"), ordering="last_used_at")
    def used(self, factor: Factor) -> str:
        at = factor.last_used_at
        return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"
