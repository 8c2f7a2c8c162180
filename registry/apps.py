from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Register")

    def ready(self) -> None:
        """Listen to sign-ins."""
        for module in ("registry.audit.signals", "registry.access.signin.fresh"):
            import_module(module)
