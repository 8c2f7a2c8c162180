"""Addresses of sign-in, language, the access log and deliveries."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.i18n import set_language

from registry.access import views as access
from registry.audit import views as audit
from registry.deliveries import views as deliveries

urlpatterns = [
    path(
        "sign-in/",
        LoginView.as_view(
            template_name="registry/access/sign_in.html", redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("organisation/", access.organisation_choose, name="organisation_choose"),
    path("access-log/", audit.audit_log, name="audit_log"),
    path("deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("deliveries/<int:delivery_id>/", deliveries.delivery_detail, name="delivery_detail"),
]
