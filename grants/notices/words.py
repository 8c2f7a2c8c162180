"""What the mails say: that something waits and where; no name, number or case in them."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from config.templatetags.finnish import day
from grants.notices.models import Notice, NoticeCode

REMINDERS = (NoticeCode.COMPLETION_SOON, NoticeCode.HEARING_SOON)


def subject(notice: Notice) -> str:
    """The subject of the mail, in the active language."""
    if notice.code in REMINDERS:
        return _("Reminder: something waits for you in Kuntakorvaus")
    return _("Something waits for you in Kuntakorvaus")


def body(notice: Notice) -> str:
    """The text of the mail, in the active language."""
    end = _("This message has no other content, and cannot be answered.")
    return f"{_what(notice)}\n{_address(notice)}\n\n{end}"


def _what(notice: Notice) -> str:
    until = day(notice.day)
    match NoticeCode(notice.code):
        case NoticeCode.WAITS:
            return _("Something waits for your organisation in Kuntakorvaus. Sign in to see it:")
        case NoticeCode.COMPLETION_SOON:
            return _(
                "Your organisation is asked to complete something in Kuntakorvaus by {day}. "
                "Sign in to answer:"
            ).format(day=until)
        case NoticeCode.HEARING_SOON:
            return _(
                "Your organisation is heard in Kuntakorvaus and can answer by {day}. "
                "Sign in to answer:"
            ).format(day=until)
        case NoticeCode.COMPLETION_PAST | NoticeCode.HEARING_PAST:
            return _(
                "The last day to answer was {day}. You can still answer until the matter is gone "
                "on with. Sign in to see it:"
            ).format(day=until)
        case NoticeCode.NO_ANSWER:
            return _(
                "An applicant has not answered by {day}. The check can go on. Sign in to see it:"
            ).format(day=until)


def _address(notice: Notice) -> str:
    if notice.page:
        return settings.SITE_ADDRESS + reverse(notice.page, args=[notice.page_of])
    page = "support_detail" if notice.code == NoticeCode.NO_ANSWER else "application_detail"
    return settings.SITE_ADDRESS + reverse(page, args=[notice.application_id])
