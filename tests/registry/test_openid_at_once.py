"""Two first sign-ins of one person at the same moment make one user."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from registry.access.signin.oidc.claims import Person
from registry.access.signin.oidc.models import Subject
from registry.access.signin.oidc.services import person_sign_in
from registry.models import Organisation
from tests.factories import municipality

AT = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
BOTH = Barrier(2)
LAHTI = "0149669-3"


def sign_in(person: Person) -> int:
    BOTH.wait(timeout=30)
    try:
        return person_sign_in(person, at=AT).user.pk
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_user():
    Organisation.objects.filter(pk=municipality("398").pk).update(business_id=LAHTI)
    person = Person("https://idp.example", "subject", "Anna", "Lahtinen", frozenset({LAHTI}))
    with ThreadPoolExecutor(2) as pool:
        users = set(pool.map(sign_in, [person, person]))
    assert users == {Subject.objects.get().user_id}
