"""Applications in the states that tests need."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db import connection

from grants.applications.states import ApplicationStatus, Deed
from grants.applications.steps import step_take
from grants.lists.checking.findings import findings_store
from grants.lists.models import ListFile, ListRow, ListState, PersonList
from grants.models import Application, Receipt
from tests.factories import ApplicationFactory, MembershipFactory, municipality

AT = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)
_serials = count(1000)


def send(application: Application, **values: Any) -> Application:
    """Send a draft, whatever it lacks."""
    officer = application.created_by
    sent = {
        "year": 2024,
        "serial": next(_serials),
        "submitted_at": AT,
        "submitted_by": officer,
        "content_hash": "0" * 64,
        "is_correct": True,
    }
    step_take(application, Deed.SENT, by=officer, at=AT, **sent | values)
    return application


def supports_made() -> dict[str, object]:
    """For the role matrix: the ids of a draft and of an application sent, of Lahti and of Turku."""
    made: dict[str, object] = {}
    for town, code in (("lahtis", "398"), ("turkus", "853")):
        applicant = municipality(code)
        officer = MembershipFactory.create(organisation=applicant).user
        values = {"applicant": applicant, "created_by": officer}
        sent = send(ApplicationFactory.create(**values))
        Receipt.objects.create(
            application=sent, language="fi", content=b"%PDF", content_hash="0" * 64
        )
        draft = ApplicationFactory.create(round__code="K2023", **values)
        made |= {f"{town} sent": sent.pk, f"{town} draft": draft.pk}
        made |= {f"{town} row": list_made(draft)}
    return made


def list_made(draft: Application) -> int:
    """The id of a faulty row of a list that a draft has, with its file."""
    person_list = PersonList.objects.create(
        application=draft,
        state=ListState.READ,
        number=1,
        is_current=True,
        file_name="lista.xlsx",
        sha256="0" * 64,
        size=4,
        uploaded_by=draft.created_by,
        uploaded_at=AT,
    )
    ListFile.objects.create(list=person_list, content=b"PK34")
    row = ListRow.objects.create(list=person_list, line=2, uma_number="T0001")
    findings_store(person_list)
    return row.pk


def ask_completion(application: Application, reviewer: Any) -> Application:
    """Take a sent application to be checked, and ask for a completion."""
    step_take(application, Deed.TAKEN, by=reviewer, at=AT)
    step_take(application, Deed.ASKED, by=reviewer, at=AT)
    return application


def put_in(status: ApplicationStatus) -> None:
    """Put every application in a state behind everybody's back; constraints are gone for the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for rule in ("sent_whole", "sent_before_it_is_handled"):
            cursor.execute(f"ALTER TABLE grants_application DROP CONSTRAINT application_{rule}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED; SET session_replication_role = replica")
        Application.objects.update(status=status)
        cursor.execute("SET session_replication_role = origin")
