"""Where each page lives: one file of routes per app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.lib import showcase, statements
from payments.start.views import front

handler429 = "registry.access.signin.views.too_many_requests"  # django-allauth asks for it

urlpatterns = [
    path("", front, name="front"),
    path("", include("registry.urls")),
    path("", include("grants.urls")),
    path("", include("payments.urls")),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns += [path("components/", showcase.showcase, name="components")]
