"""The menu of every page: what its reader may open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from registry.access.doors import doors_of, is_open
from registry.access.rights import Access

MENU = (
    ("compensation", _("Compensation view")),
    ("application_front", _("Supplements")),
    ("support_list", _("Supports")),
    ("trial_list", _("Try new checks")),
    ("run_list", _("Runs")),
    ("claims_list", _("Claims")),
    ("case_list", _("Manual cases")),
    ("manual_list", _("Persons applied for")),
    ("decision_list", _("Decisions")),
    ("payment_list", _("Payments")),
    ("recovery_list", _("Recoveries")),
    ("report", _("Yearly report")),
    ("person_search", _("Persons")),
    ("delivery_list", _("Deliveries")),
    ("details_list", _("Bank details")),
    ("audit_log", _("Access log")),
    ("disclosure_log", _("Disclosure log")),
    ("extract_search", _("Extracts")),
    ("retention", _("Retention")),
    ("admin:index", _("Administration")),
)
# Pages that whoever may open the other reaches from there.
WITHIN = {"trial_list": "support_list", "manual_list": "case_list"}


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `menu`, a list of name, address, label and whether one is there."""
    return {"menu": SimpleLazyObject(lambda: _items(request))}


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.is_authenticated:
        return []
    access = request.user.access
    return [
        {"address": reverse(name), "label": label, "current": _is_within(request, reverse(name))}
        for name, label in MENU
        if _is_open(access, name) and not (name in WITHIN and _is_open(access, WITHIN[name]))
    ]


def _is_open(access: Access, name: str) -> bool:
    return is_open(access, doors_of(resolve(reverse(name)).func))


def _is_within(request: HttpRequest, address: str) -> bool:
    return request.path.startswith(address)
