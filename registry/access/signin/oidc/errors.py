"""Why a sign-in by OpenID Connect is refused; the log names the class, the page says less."""


class SignInRefused(Exception):
    """The provider's answer is not believed."""


class ProviderRefused(SignInRefused):
    """The provider said no, or its user did."""


class ProviderUnreachable(SignInRefused):
    """The provider does not answer, or not as one."""


class WrongState(SignInRefused):
    """The answer belongs to no sign-in begun in this browser, to an old one or to one answered."""


class ForgedToken(SignInRefused):
    """The token is unsigned, or not signed by the provider."""


class WrongIssuer(SignInRefused):
    """The token or the answer is another provider's."""


class WrongAudience(SignInRefused):
    """The token is meant for another service."""


class WrongTime(SignInRefused):
    """The token has expired, or is not valid yet."""


class WrongNonce(SignInRefused):
    """The token was issued for another sign-in."""


class WrongSubject(SignInRefused):
    """The token names nobody, or userinfo somebody else."""


class NoMandate(SignInRefused):
    """An unknown person without a mandate for an organisation of this service."""
