"""Pages of deliveries: what came in, when, and which rows were refused."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.lib.routes import whole_number
from registry.access.doors import open_to, visible_or_404
from registry.access.models import Role
from registry.access.requests import SignedInRequest
from registry.audit.requests import page_record
from registry.deliveries import selectors
from registry.deliveries.models import Delivery
from registry.deliveries.selectors import RowKey


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def delivery_list(request: SignedInRequest) -> HttpResponse:
    """All deliveries, the newest first."""
    deliveries = Delivery.objects.visible_to(request.user)
    page = selectors.deliveries_page(deliveries, whole_number(request, "after"))
    rows = [
        (delivery, selectors.rows_in(delivery), selectors.rows_refused(delivery))
        for delivery in page.rows
    ]
    return render(request, "registry/deliveries/list.html", {"page": page, "rows": rows})


@open_to(Role.REVIEWER, Role.APPROVER)
@require_safe
def delivery_detail(request: SignedInRequest, delivery_id: int) -> HttpResponse:
    """One delivery: counts by file, notices, refused rows."""
    delivery = visible_or_404(request, Delivery, "received_by", pk=delivery_id)
    page = selectors.refused_page(delivery, _row_key(request))
    page_record(request, about=delivery)
    context = {
        "delivery": delivery,
        "refused": selectors.rows_refused(delivery),
        "notices": selectors.notices_grouped(delivery),
        "page": page,
        "rows": [selectors.refused_shown(row) for row in page.rows],
    }
    return render(request, "registry/deliveries/detail.html", context)


def _row_key(request: HttpRequest) -> RowKey | None:
    """Where the page begins, from the address. Raises Http404."""
    text = request.GET.get("after")
    try:
        return None if text is None else RowKey.parse(text)
    except ValueError:
        raise Http404 from None
