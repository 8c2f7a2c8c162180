"""Where each page lives: one file of routes per app."""

from django.contrib import admin
from django.urls import include, path

from config.navigation import front

handler429 = "registry.access.signin.views.too_many_requests"  # django-allauth asks for it

urlpatterns = [
    path("", front, name="front"),
    path("", include("registry.urls")),
    path("", include("payments.urls")),
    path("admin/", admin.site.urls),
]
