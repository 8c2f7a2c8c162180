"""Django's own apps as this project sets them up."""

from django.contrib.admin.apps import AdminConfig


class CoordinatorAdminConfig(AdminConfig):
    """The administration site for coordinators."""

    default_site = "registry.access.site.CoordinatorSite"
