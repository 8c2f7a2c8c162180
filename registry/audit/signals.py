"""Signing in, signing out, failing to, and what one signs in with, as it is told of (P-10)."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from registry.access.models import User
from registry.audit.models import AuditEvent, Purpose, Verb
from registry.audit.services import audit_record, sign_in_refused


def _record(user: User | None, verb: Verb, **event: Any) -> AuditEvent:
    return audit_record(verb=verb, actor=user, about=user, purpose=Purpose.ACCESS, **event)


@receiver(user_logged_in, dispatch_uid="audit_signed_in")
def signed_in(user: User, request: HttpRequest, **_kwargs: Any) -> None:
    """Log a sign-in, and what it was proved with."""
    records = get_authentication_records(request, user)
    _record(user, Verb.SIGNED_IN, details={"by": [r.get("type", r["method"]) for r in records]})


@receiver(user_logged_out, dispatch_uid="audit_signed_out")
def signed_out(user: User | None, **_kwargs: Any) -> None:
    """Log a sign-out; a session that had ended already names nobody."""
    _record(user, Verb.SIGNED_OUT)


@receiver(user_login_failed, dispatch_uid="audit_sign_in_failed")
def sign_in_failed(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Log a refused sign-in: the account tried if there is one, never what was typed."""
    sign_in_refused(username=credentials.get("username"))


@receiver(authentication_step_completed, dispatch_uid="audit_proved_again")
def proved_again(user: User, *, reauthenticated: bool = False, **_kwargs: Any) -> None:
    """Log a fresh sign-in within a session."""
    if reauthenticated:
        _record(user, Verb.SIGNED_IN, details={"again": True})


@receiver(factors.authentication_failed, dispatch_uid="audit_factor_failed")
def factor_failed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Log a second factor that was refused; whoever tried it has yet to show that they are it."""
    sign_in_refused(username=user.get_username(), factor=authenticator.type)


@receiver(factors.authenticator_added, dispatch_uid="audit_factor_added")
def factor_added(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Log a factor that was set up."""
    _record(user, Verb.CREATED, details={"factor": authenticator.type})


@receiver(factors.authenticator_removed, dispatch_uid="audit_factor_removed")
def factor_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Log a factor that its owner removed."""
    _record(user, Verb.DELETED, details={"factor": authenticator.type})


@receiver(factors.authenticator_reset, dispatch_uid="audit_factor_reset")
def factor_reset(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Log new recovery codes."""
    _record(user, Verb.CHANGED, details={"factor": authenticator.type})


@receiver(password_changed, dispatch_uid="audit_password_changed")
def password_has_changed(user: User, **_kwargs: Any) -> None:
    """Log a new password."""
    _record(user, Verb.CHANGED, details={"factor": "password"})
