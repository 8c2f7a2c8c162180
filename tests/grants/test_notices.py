"""Mails that something waits, through a real mail server: when it is committed, and saying no more."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import transaction
from django.test import override_settings

from grants.notices import notice_send

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Post:
    """Keeps what a mail server was handed, by receiver."""

    def __init__(self) -> None:
        self.received: dict[str, Message] = {}

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        for receiver in envelope.rcpt_tos:
            self.received[receiver] = message_from_bytes(envelope.content or b"", policy=default)
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server of this test's own, and Django told of it."""
    kept, port = Post(), free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    with override_settings(EMAIL_BACKEND=SMTP_BACKEND, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        yield kept
    server.stop()


def notify(*to: str, language: str = "fi") -> None:
    notice_send(to, "application_detail", 7, language=language)


@pytest.mark.django_db(transaction=True)
def test_a_mail_says_that_something_waits_and_where(post):
    notify("aino@example.org", "", "aino@example.org")
    (message,) = post.received.values()
    assert message["Subject"] == "Sinulle on asiaa Kuntakorvauksessa"
    assert "/applications/7/" in message.get_content()


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_in_the_language_of_the_application(post):
    notify("ane@example.org", language="sv")
    assert post.received["ane@example.org"]["Subject"] == "Något väntar på dig i Kuntakorvaus"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_mailed_of_what_is_undone(post):
    with transaction.atomic():
        notify("aino@example.org")
        transaction.set_rollback(True)
    assert not post.received


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_stops_nothing():
    away = {"EMAIL_BACKEND": SMTP_BACKEND, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}
    with override_settings(**away), transaction.atomic():
        notify("aino@example.org")
