"""Sessions end: after idle minutes, after hours whatever one does, and at sign-out.

When a session began, when it was last used and when its owner last proved who they are is kept in
the session itself, in seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

BEGAN, USED, PROVED = "began", "used", "proved"
MINUTE = 60  # seconds; the last use is written once a minute, not at each request

View = Callable[[HttpRequest], HttpResponse]


@receiver(user_logged_in, dispatch_uid="session_began")
def session_began(request: HttpRequest, **_kwargs: Any) -> None:
    """Note when the session began."""
    now = timezone.now().timestamp()
    request.session.update({BEGAN: now, USED: now, PROVED: now})


def proof_renewed(session: SessionBase, *, at: datetime) -> None:
    """Note that the session's owner has just proved again who they are."""
    session[PROVED] = at.timestamp()


def is_fresh(session: SessionBase, *, at: datetime) -> bool:
    """Whether the session's owner proved who they are within FRESH_SIGN_IN_MINUTES."""
    age: float = at.timestamp() - session.get(PROVED, 0)
    return age < settings.FRESH_SIGN_IN_MINUTES * MINUTE


def session_limits(get_response: View) -> View:
    """Middleware: end a session that has been idle or has lasted too long."""

    def answer(request: HttpRequest) -> HttpResponse:
        now = timezone.now().timestamp()
        if request.user.is_authenticated and _is_over(request.session, now):
            logout(request)
            messages.info(request, _("Your session had ended. Sign in again."))
            if request.method not in ("GET", "HEAD"):
                return redirect(settings.LOGIN_URL)  # what was sent is not sent again
        elif request.user.is_authenticated and now - request.session[USED] > MINUTE:
            request.session[USED] = now
        return get_response(request)

    return answer


def _is_over(session: SessionBase, now: float) -> bool:
    idle, age = now - session.get(USED, 0), now - session.get(BEGAN, 0)
    return idle > settings.SESSION_IDLE_MINUTES * MINUTE or age > settings.SESSION_HOURS * 3600
