"""Second factors as coordinators see them: whose, of which kind, never the secret."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

KINDS = {
    Authenticator.Type.TOTP: _("Authenticator app"),
    Authenticator.Type.WEBAUTHN: _("Passkey"),
    Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
}


class Factor(Authenticator):
    """django-allauth's row of a second factor, by this house's name."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return str(KINDS[Authenticator.Type(self.type)])
