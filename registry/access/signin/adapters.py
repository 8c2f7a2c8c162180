"""What this service decides where django-allauth asks: nobody signs up, factors are sealed."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from config.lib import sealing
from registry.access.models import User
from registry.access.signin.factors import FACTORS, must_have_factor
from registry.access.signin.sessions import is_fresh
from registry.audit.services import sign_in_refused

# What proves who one is, of django-allauth's in the session; nothing else outlives a sign-in.
PROOFS = (AUTHENTICATION_METHODS_SESSION_KEY, "account_authentication_methods_user")
TEXTS = {
    "mfa/messages/totp_activated.txt": _("The authenticator app is in use."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is no longer in use."),
    "mfa/messages/webauthn_added.txt": _("The passkey is in use."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is no longer in use."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes."),
    "account/messages/password_changed.txt": _("The password is changed."),
}
AGAIN = {
    "reauthenticate": _("Use the password"),
    "mfa_reauthenticate": _("Use the authenticator app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
INCORRECT_CODE = _("The code is not right. Use the newest one of the app; each works once.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts that coordinators make, with user name and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": _("The current password is not right."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes and try again."),
        "username_password_mismatch": _("The user name or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_safe_url(self, url: str) -> bool:
        """Whether one may be led there: to this service's own pages, whatever the hosts allowed."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a new session in which nothing of the former is left."""
        proofs = {key: request.session[key] for key in PROOFS if key in request.session}
        request.session.flush()
        request.session.update(proofs)
        super().login(request, user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_refused(username=credentials.get("username"), reason="TooManyTries")
            raise

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say of a closed account what is said of a wrong password."""
        messages.error(request, self.error_messages["username_password_mismatch"])
        return redirect("login")

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": AGAIN[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:
        return not is_fresh(self.request.session, at=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_args: Any,
        message: str | None = None,
        **_kwargs: Any,
    ) -> None:
        """Say what has changed, in this service's words; being signed in needs no message."""
        if text := message or TEXTS.get(message_template or ""):
            messages.add_message(request, level, text)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed, and staff keep at least one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Your role requires a second factor: set up another before you remove this one."
        ),
        "cannot_generate_recovery_codes": _("Set up a second factor first."),
        "incorrect_code": INCORRECT_CODE,
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealing.seal(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(base64.b64decode(encrypted_text))

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """The address of an authenticator app as a QR code, drawn without inline style."""
        code = QRCode(image_factory=SvgPathImage)
        code.add_data(url)
        image: SvgPathImage = code.make_image()
        return image.to_string(encoding="unicode")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type not in FACTORS or not must_have_factor(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey {number}").format(number=number)

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        name = user.get_username()
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": name, "display_name": name}
