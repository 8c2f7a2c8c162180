"""Making an extract: what it tells is read, and the making of it logged (P-10, P-15)."""

from __future__ import annotations

from django.db import transaction

from payments.extracts.selectors import Held, person_held, person_sections
from payments.extracts.values import Section
from registry.audit.models import DATA_SUBJECT, EXTRACT, Purpose, Verb
from registry.audit.services import audit_record, disclosure_record
from registry.models import Person, User

GROUND = "EU 2016/679, 15"


@transaction.atomic
def extract_make(
    person: Person, *, actor: User, form: str, named: bool
) -> tuple[Held, list[Section]]:
    """Log that a person's extract is handed out, and return what it tells."""
    audit_record(
        verb=Verb.EXPORTED,
        actor=actor,
        about=person,
        persons=[person.pk],
        purpose=Purpose.DATA_SUBJECT,
        details={"extract": form},
    )
    disclosure_record(
        actor=actor,
        recipient=DATA_SUBJECT,
        content_class=EXTRACT,
        ground=GROUND,
        persons=[person.pk],
    )
    held = person_held(person)
    return held, person_sections(held, named=named)
