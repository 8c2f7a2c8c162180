"""Where each page lives: one file of routes per app."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="run_list"), name="front"),
    path("", include("registry.urls")),
    path("", include("payments.urls")),
    path("admin/", admin.site.urls),
]
