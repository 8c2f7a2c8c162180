"""The app's admin pages, by subject in the folders beside this file."""

from registry.access import admin as access
from registry.access.signin import admin as signin
from registry.deliveries import admin as deliveries
from registry.organisations import admin as organisations
from registry.people import admin as people

__all__ = ["access", "deliveries", "organisations", "people", "signin"]
