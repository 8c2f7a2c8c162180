"""Addresses of sign-in, language, the access log, deliveries and joined numbers."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from registry.access import views as access
from registry.audit import views as audit
from registry.deliveries import views as deliveries
from registry.links import views as links

urlpatterns = [
    path("", include("registry.access.signin.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("organisation/", access.organisation_choose, name="organisation_choose"),
    path("access-log/", audit.audit_log, name="audit_log"),
    path("access-log/verify/", audit.audit_verify, name="audit_verify"),
    path("disclosure-log/", audit.disclosure_log, name="disclosure_log"),
    path("deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("deliveries/<int:delivery_id>/", deliveries.delivery_detail, name="delivery_detail"),
    path("persons/<int:person_id>/join/", links.link_propose, name="link_propose"),
    path("joined/", links.link_list, name="link_list"),
    path("joined/<int:link_id>/", links.link_detail, name="link_detail"),
    path("joined/<int:link_id>/confirm/", links.link_confirm, name="link_confirm"),
    path("joined/<int:link_id>/refuse/", links.link_refuse, name="link_refuse"),
    path("joined/<int:link_id>/end/", links.link_end, name="link_end"),
]
