"""Signing in, signing out and failing to, as Django tells of them (P-10)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from registry.access.models import User
from registry.audit.models import Outcome, Purpose, Verb
from registry.audit.services import audit_record


@receiver(user_logged_in, dispatch_uid="audit_signed_in")
def signed_in(user: User, **_kwargs: Any) -> None:
    """Log a sign-in."""
    audit_record(verb=Verb.SIGNED_IN, actor=user, about=user, purpose=Purpose.ACCESS)


@receiver(user_logged_out, dispatch_uid="audit_signed_out")
def signed_out(user: User | None, **_kwargs: Any) -> None:
    """Log a sign-out; a session that had ended already names nobody."""
    audit_record(verb=Verb.SIGNED_OUT, actor=user, about=user, purpose=Purpose.ACCESS)


@receiver(user_login_failed, dispatch_uid="audit_sign_in_failed")
def sign_in_failed(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Log a refused sign-in: the account tried if there is one, never what was typed."""
    tried = User.objects.filter(username=credentials.get("username")).first()
    audit_record(
        verb=Verb.SIGNED_IN,
        actor=None,
        about=tried or User,
        purpose=Purpose.ACCESS,
        outcome=Outcome.REFUSED,
    )
