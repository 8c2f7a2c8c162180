"""The forms of signing in, as django-allauth reads them, with this service's texts."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

from registry.audit.services import sign_in_refused

LABELS = {
    "code": _("Code"),
    "login": _("User name"),
    "name": _("Name of the passkey"),
    "oldpassword": _("Current password"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "passwordless": _("Sign in with this passkey alone, without the password"),
}
CODE_WIDGET = {"autocomplete": "one-time-code", "spellcheck": "false"}


class Plain(forms.Form):
    """Labels say what a field is; no text stands inside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)


class SignInForm(Plain, account.LoginForm):
    pass


class PasswordAgainForm(Plain, account.ReauthenticateForm):
    pass


class NewPasswordForm(Plain, account.ChangePasswordForm):
    pass


class Coded(Plain):
    """A form with a code of an authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_WIDGET)


class CodeForm(Coded, codes.AuthenticateForm):
    pass


class CodeAgainForm(Coded, codes.ReauthenticateForm):
    pass


class NewTotpForm(Coded, ActivateTOTPForm):
    pass


class NewPasskeyForm(Plain, passkeys.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = ""


class WatchedPasskey(forms.Form):
    """A passkey that is refused is logged, as a wrong code is."""

    user: Any

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc] # of the form beside this one
        except forms.ValidationError:
            username = self.user.get_username() if self.user else None
            sign_in_refused(username=username, factor=Authenticator.Type.WEBAUTHN)
            raise


class PasskeyForm(WatchedPasskey, passkeys.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(WatchedPasskey, passkeys.ReauthenticateWebAuthnForm):
    pass


class PasskeySignInForm(WatchedPasskey, passkeys.LoginWebAuthnForm):
    pass
