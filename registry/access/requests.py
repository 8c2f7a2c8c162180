"""The request of someone who has signed in, which is every request but those of open pages."""

from django.http import HttpRequest

from registry.access.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is known (LoginRequiredMiddleware sees to it)."""

    user: User
