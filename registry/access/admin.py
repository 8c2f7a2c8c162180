"""Users, for coordinators to keep."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from registry.access.models import User

admin.site.register(User, UserAdmin)
