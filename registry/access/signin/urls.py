"""Addresses of signing in: of django-allauth's pages only those that the service uses.

django-allauth looks its pages up by the names it gave them.
"""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path, reverse_lazy

from registry.access.doors import ANYONE, open_to
from registry.access.signin import views
from registry.access.signin.oidc import views as oidc

FOLDER = "registry/access/signin"
sign_in = views.SignInView.as_view(template_name=f"{FOLDER}/sign_in.html")
own = open_to(ANYONE)
OWN = reverse_lazy("mfa_index")

urlpatterns = [
    path("sign-in/", sign_in, name="login"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "sign-in/second-factor/",
        factors.AuthenticateView.as_view(template_name=f"{FOLDER}/second_factor.html"),
        name="mfa_authenticate",
    ),
    path(
        "sign-in/again/",
        own(ReauthenticateView.as_view(template_name=f"{FOLDER}/again.html")),
        name="account_reauthenticate",
    ),
    path(
        "sign-in/again/code/",
        own(factors.ReauthenticateView.as_view(template_name=f"{FOLDER}/again.html")),
        name="mfa_reauthenticate",
    ),
    path(
        "sign-in/again/passkey/",
        own(
            passkeys.ReauthenticateWebAuthnView.as_view(
                template_name=f"{FOLDER}/again_passkey.html"
            )
        ),
        name="mfa_reauthenticate_webauthn",
    ),
    path("sign-in/oidc/", oidc.oidc_begin, name="oidc_begin"),
    path("sign-in/oidc/answer/", oidc.oidc_answer, name="oidc_answer"),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="logout"),
    path(
        "own/sign-in/",
        own(factors.IndexView.as_view(template_name=f"{FOLDER}/own.html")),
        name="mfa_index",
    ),
    path(
        "own/password/",
        own(views.PasswordView.as_view(template_name=f"{FOLDER}/password.html")),
        name="account_change_password",
    ),
    path(
        "own/app/add/",
        own(totp.ActivateTOTPView.as_view(template_name=f"{FOLDER}/app_add.html")),
        name="mfa_activate_totp",
    ),
    path(
        "own/app/remove/",
        own(totp.DeactivateTOTPView.as_view(template_name=f"{FOLDER}/app_remove.html")),
        name="mfa_deactivate_totp",
    ),
    path(
        "own/passkeys/add/",
        own(passkeys.AddWebAuthnView.as_view(template_name=f"{FOLDER}/passkey_add.html")),
        name="mfa_add_webauthn",
    ),
    path(
        "own/passkeys/<int:pk>/remove/",
        own(
            views.PasskeyRemoveView.as_view(
                template_name=f"{FOLDER}/passkey_remove.html", success_url=OWN
            )
        ),
        name="mfa_remove_webauthn",
    ),
    path(
        "own/recovery-codes/",
        own(codes.ViewRecoveryCodesView.as_view(template_name=f"{FOLDER}/recovery_codes.html")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "own/recovery-codes/new/",
        own(
            codes.GenerateRecoveryCodesView.as_view(
                template_name=f"{FOLDER}/recovery_codes_new.html"
            )
        ),
        name="mfa_generate_recovery_codes",
    ),
]
