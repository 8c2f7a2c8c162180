"""People who use the service."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in; their organisations and roles are dated rows of their own."""
