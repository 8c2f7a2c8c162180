"""Mails that something waits, through a real mail server: when it is committed, until it is sent, and
saying no more."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone, translation

from grants.applications.completion import completion_answer
from grants.hearings.services import hearing_ask
from grants.models import Application, Notice
from grants.notices import tasks
from grants.notices.outbox import notice_put
from grants.notices.reminders import reminders_store
from grants.notices.services import PAUSES, notice_deliver, notices_deliver
from grants.review.services import completion_ask, completion_extend
from tests.factories import ApplicationFactory, UserFactory
from tests.grants.decisions import AT, TODAY, family, kirsi, mark, taken

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
LAST = TODAY + timedelta(days=14)


class Post:
    """Keeps what a mail server was handed, by receiver; refuses the first ones if it is to."""

    def __init__(self) -> None:
        self.received: dict[str, Message] = {}
        self.to_refuse = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.to_refuse:
            self.to_refuse -= 1
            return f"451 {envelope.rcpt_tos[0]} is to wait"
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


def drafted(**more) -> Application:
    return ApplicationFactory.create(contact_email="aino@example.org", **more)


def put(application: Application, also=None) -> Notice:
    notice_put(application, at=AT, also=also)
    return Notice.objects.latest("pk")


@pytest.mark.django_db(transaction=True)
def test_a_mail_says_that_something_waits_and_where(post):
    application = drafted()
    put(application, UserFactory.create(email="aino@example.org"))
    (message,) = post.received.values()
    assert message["Subject"] == "Sinulle on asiaa Kuntakorvauksessa"
    assert f"/applications/{application.pk}/" in message.get_content()
    assert Notice.objects.get().sent_at


@pytest.mark.django_db(transaction=True)
def test_each_is_told_in_their_language(post):
    """The contact person in that of the application, who acts in that of the page."""
    with translation.override("en"):
        put(drafted(language="sv"), UserFactory.create(email="ann@example.org"))
    subjects = {to: message["Subject"] for to, message in post.received.items()}
    assert subjects == {
        "aino@example.org": "Något väntar på dig i Kuntakorvaus",
        "ann@example.org": "Something waits for you in Kuntakorvaus",
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_is_mailed_of_what_is_undone(post):
    with transaction.atomic():
        put(drafted())
        transaction.set_rollback(True)
    assert not post.received
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_stops_nothing():
    away = {"EMAIL_BACKEND": SMTP_BACKEND, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}
    with override_settings(**away):
        put(drafted())
    notice = Notice.objects.get()
    assert (notice.attempts, notice.last_error) == (1, "ConnectionRefusedError")


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_was_refused_is_sent_later_and_once(post):
    post.to_refuse = 2
    notice = put(drafted())
    assert not post.received
    at = timezone.now()
    assert notices_deliver(at=at) == 0  # its pause is not over
    assert notices_deliver(at=at + timedelta(minutes=2)) == 0
    assert notices_deliver(at=at + timedelta(minutes=6)) == 0
    assert notices_deliver(at=at + timedelta(minutes=8)) == 1
    notice.refresh_from_db()
    assert (notice.attempts, notice.last_error, list(post.received)) == (
        3,
        "",
        ["aino@example.org"],
    )
    assert notice_deliver(notice.pk, at=at + timedelta(days=1)) is None


@pytest.mark.django_db(transaction=True)
def test_what_the_server_says_is_not_kept(post):
    post.to_refuse = 1
    put(drafted())
    assert Notice.objects.get().last_error == "SMTPDataError"


@pytest.mark.django_db
def test_a_mail_is_given_up_in_the_end(post):
    post.to_refuse, at = 100, AT
    notice = put(drafted())
    for _try in range(2 * len(PAUSES)):
        notice_deliver(notice.pk, at=at)
        at += timedelta(days=2)
    notice.refresh_from_db()
    assert (notice.attempts, notice.sent_at) == (len(PAUSES), None)
    assert list(PAUSES[:-1]) == sorted(PAUSES[:-1])


@pytest.fixture
def asked(db) -> Application:
    """A completion is asked for, to be answered in two weeks."""
    application = taken(family(1, 1), contact_email="aino@example.org")
    kirsi().__class__.objects.filter(username="kirsi").update(email="kirsi@example.org")
    completion_ask(application.pk, asked="Sopimus.", answer_by=LAST, by=kirsi(), at=AT, today=TODAY)
    Notice.objects.all().delete()
    return application


def remind(day) -> list[tuple[str, str]]:
    """Remind on a day; what has been stored so far, in order."""
    reminders_store(at=AT, today=day)
    stored = Notice.objects.exclude(day=None).order_by("pk")
    return [(one.code, one.recipient.email if one.recipient else "contact") for one in stored]


def test_the_applicant_is_reminded_before_the_day_and_both_after_it_each_once(asked):
    assert remind(LAST - timedelta(days=4)) == []
    soon = ("completion_soon", "contact")
    assert remind(LAST - timedelta(days=3)) == [soon]
    assert remind(LAST) == [soon]
    past = [soon, ("completion_past", "contact"), ("no_answer", "kirsi@example.org")]
    assert remind(LAST + timedelta(days=1)) == past
    assert remind(LAST + timedelta(days=2)) == past


def test_a_later_day_is_reminded_of_anew(asked):
    remind(LAST - timedelta(days=1))
    later = LAST + timedelta(days=7)
    completion_extend(asked.pk, answer_by=later, by=kirsi(), at=AT)
    assert remind(LAST + timedelta(days=1)) == [("completion_soon", "contact")]
    assert len(remind(later)) == 2


def test_who_has_answered_is_not_reminded(asked, anna):
    completion_answer(asked.pk, by=anna, at=AT, answer="Tässä.")
    assert remind(LAST) == []
    assert remind(LAST + timedelta(days=1)) == []


def test_days_long_past_are_not_told_of(asked):
    assert remind(LAST + timedelta(days=8)) == []


def test_hearings_are_reminded_of_too(db):
    application = taken(family(1, 1), contact_email="aino@example.org")
    mark(application, refused=[2])
    hearing_ask(application.pk, question="", answer_by=LAST, by=kirsi(), at=AT)
    assert remind(LAST) == [("hearing_soon", "contact")]
    assert remind(LAST + timedelta(days=1))[1:] == [("hearing_past", "contact")]


def test_the_database_keeps_a_reminder_to_one(asked):
    remind(LAST)
    notice = Notice.objects.latest("pk")
    notice.pk = None
    with pytest.raises(IntegrityError, match="notice_reminds_once"), transaction.atomic():
        notice.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_reminders_say_the_day_and_nothing_of_the_case(asked, mailoutbox, language):
    for day in (LAST, LAST + timedelta(days=1)):
        reminders_store(at=AT, today=day)
    Notice.objects.update(language=language)
    tasks.sweep()
    assert len(mailoutbox) == 3
    for message in mailoutbox:
        assert "20.5.2024" in message.body
        assert not [word for word in ("HAK", "L2024", "Lahti") if word in message.body]


def test_coordinators_see_what_waits_and_change_nothing(asked, client, tuula):
    client.force_login(tuula)
    remind(LAST)
    shown = client.get("/admin/grants/notice/").content.decode()
    assert str(asked) in shown
    assert "aino@example.org" not in shown
    pk = Notice.objects.latest("pk").pk
    assert client.post(f"/admin/grants/notice/{pk}/change/", {}).status_code == 403
    assert connection.in_atomic_block
