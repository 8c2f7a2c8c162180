"""Mail that says something waits in the service, and where: no name, number or case in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override


def notice_send(to: Iterable[str], page: str, *parts: object, language: str) -> None:
    """Tell people, once the transaction is committed, that something waits on a page.

    A mail that cannot be sent stops nothing: it says only what the service shows anyway.
    """
    address = settings.SITE_ADDRESS + reverse(page, args=parts)
    with override(language):
        subject = _("Something waits for you in Kuntakorvaus")
        body = _(
            "Something waits for your organisation in Kuntakorvaus. Sign in to see it:\n{address}\n\n"
            "This message has no other content, and cannot be answered."
        ).format(address=address)
    for receiver in sorted({address for address in to if address}):
        _mail_when_committed(receiver, subject, body)


def _mail_when_committed(receiver: str, subject: str, body: str) -> None:
    def mail() -> None:  # Django names what failed by its name, which a partial has not
        send_mail(subject, body, None, [receiver])

    transaction.on_commit(mail, robust=True)
