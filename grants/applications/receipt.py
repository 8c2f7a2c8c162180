"""The receipt of an application: what was sent, when to the second, under which number and hash."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.lib.money import finnish
from config.lib.pdf import pdf_document
from config.templatetags.finnish import day
from grants.applications.models import Application, Receipt
from grants.applications.selectors import list_part
from registry.organisations.selectors import PAYING, authority_name

TEMPLATE = "documents/application_receipt.typ"


def receipt_make(application: Application) -> Receipt:
    """Make and keep the receipt of an application that is being sent, in its own language."""
    assert application.submitted_at
    language = application.language
    with override(language):
        context = receipt_context(application)
        content = pdf_document(TEMPLATE, context, language=language, at=application.submitted_at)
    return Receipt.objects.create(
        application=application,
        language=language,
        content=content,
        content_hash=sha256(content).hexdigest(),
    )


def receipt_context(application: Application) -> dict[str, Any]:
    """What the receipt says, in the active language."""
    assert application.submitted_at
    arrived = localtime(application.submitted_at)
    authority = authority_name(PAYING, arrived.date())
    return {
        "title": _("Application received"),
        "sender": authority,
        "recipient": [application.applicant.name],
        "reference": application.number,
        "day": day(arrived.date()),
        "received": [
            [_("Application number"), application.number],
            [_("Round"), f"{application.round.code}, {application.round.get_support_display()}"],
            [_("Arrived"), second(application)],
            [_("In time"), _("no, after the window closed") if application.is_late else _("yes")],
            [_("Hash of what was sent"), application.content_hash],
        ],
        "said": [*said_facts(application), *_list_facts(application)],
        "headings": [_("What was received"), _("What was said")],
        "paragraphs": _paragraphs(application),
    }


def second(application: Application) -> str:
    """The second of arrival as it is written: `15.5.2023 23.59.59`."""
    if application.submitted_at is None:
        return ""
    arrived = localtime(application.submitted_at)
    return f"{day(arrived.date())} {arrived:%H.%M.%S}"


def said_facts(application: Application) -> list[list[str]]:
    """What the applicant said, as label and value."""
    has_agreement = _("yes") if application.has_agreement else _("no")
    facts = [
        [_("Contact person"), application.contact_name],
        [_("E-mail"), application.contact_email],
        [_("Telephone"), application.contact_phone],
        [_("Language of the decision"), application.get_language_display()],
        [_("Agreement and integration programme in force"), has_agreement],
    ]
    if application.committed_persons is not None:
        facts.append(
            [_("Persons committed to in the calendar year"), str(application.committed_persons)]
        )
    if application.ceiling_eur is not None:
        cents = int(application.ceiling_eur * 100)
        facts += [
            [_("Employee who works with refugees already"), application.worker_name],
            [_("Employee's title"), application.worker_title],
            [_("Salary costs applied for at most"), finnish(cents)],
        ]
    return [fact for fact in facts if fact[1]]


def _list_facts(application: Application) -> list[list[str]]:
    """How many persons of each age the list has, what is applied for, the hash of its file."""
    part = list_part(application)
    if part is None:
        return []
    ages = [
        [
            _("{kind}, aged {ages}").format(kind=group.kind, ages=group.ages),
            f"{group.persons} × {finnish(group.a_person_cents)} = {finnish(group.sum_cents)}",
        ]
        for group in part.groups
    ]
    return [
        *ages,
        [_("Applied for in total"), finnish(part.cents)],
        [_("Hash of the file"), part.sha256],
    ]


def _paragraphs(application: Application) -> list[str]:
    late = _(
        "The application came after the window of the round had closed. It is registered, and "
        "whether it is looked into is decided with reasons."
    )
    kept = _(
        "The application is handled in the service, where its state, requests to complete it and "
        "the decision are found. Its sender has declared that what it says is correct."
    )
    return [late, kept] if application.is_late else [kept]
