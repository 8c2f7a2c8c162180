"""New keys for the secrets of second factors, which are sealed as identity codes are."""

from __future__ import annotations

import base64

from allauth.mfa.models import Authenticator
from django.db import transaction

from config.lib import sealing

SEALED = ("secret", "seed")  # of the data of an authenticator app, of recovery codes


@transaction.atomic
def factors_rotate() -> int:
    """Seal under the newest key what an older key sealed; return how many secrets.

    Raises CannotUnseal.
    """
    rotated = 0
    for factor in Authenticator.objects.exclude(
        type=Authenticator.Type.WEBAUTHN
    ).select_for_update():
        for name in SEALED:
            sealed = base64.b64decode(factor.data.get(name, ""))
            if sealed and sealed[0] != sealing.newest_version():
                secret = sealing.seal(sealing.unseal(sealed))
                factor.data[name] = base64.b64encode(secret).decode()
                factor.save(update_fields=["data"])
                rotated += 1
    return rotated
