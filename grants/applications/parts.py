"""What the list of persons says about whether its application may be sent."""

from __future__ import annotations

from importlib import import_module

from django.utils.translation import gettext as _

from grants.applications.models import Application


def list_objection(application: Application) -> str | None:
    """Why the list of the application may not be sent, in a sentence; None if it may."""
    try:
        lists = import_module("grants.lists.services")
    except ModuleNotFoundError:
        return _("The application has no list of persons.")
    reason: str | None = lists.list_ready(application)
    return reason
