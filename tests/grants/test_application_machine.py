"""Whatever officers and reviewers try in whatever order, the rules of a round hold (G-02, G-03)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from grants.applications import services
from grants.applications.content import content_hash
from grants.applications.states import STEPS, VOID, Deed
from grants.applications.steps import ApplicationRefused, application_locked, step_take
from grants.models import Application, Round
from registry.models import User
from tests.factories import MembershipFactory, UserFactory

BEGIN = datetime(2024, 4, 29, 12, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
CLOSED = datetime(2024, 5, 1, 0, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
SAID = {"contact_name": "Aino", "contact_email": "aino@example.org"}
OFFICIAL = (Deed.TAKEN, Deed.ASKED, Deed.RESUMED, Deed.PROPOSED, Deed.RETURNED, Deed.DECIDED)


class Applying(RuleBasedStateMachine):
    """Officers of one municipality and a reviewer, in a round that closes while they work."""

    applications = Bundle("applications")

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        Round.objects.filter(code="L2024").update(status="open")
        self.round = Round.objects.get(code="L2024")
        self.officer: User = MembershipFactory.create().user
        self.reviewer: User = UserFactory.create()
        self.at = BEGIN
        self.sent = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, act: Any, *, allowed: bool) -> Any:
        """Do it, and see that it is refused exactly when it is not allowed."""
        try:
            done = act()
        except ApplicationRefused:
            assert not allowed
            return None
        assert allowed
        return done

    def standing(self) -> Application | None:
        sent = Application.objects.filter(submitted_at__isnull=False)
        return sent.exclude(status__in=VOID).first()

    def replaceable(self) -> bool:
        standing = self.standing()
        open_states = ("submitted", "in_check", "completion_requested")
        return standing is None or (self.at < CLOSED and standing.status in open_states)

    @rule(target=applications)
    def begin(self) -> Any:
        draft = Application.objects.filter(status="draft").first()
        own = self.officer.access.organisation
        begun = self.attempt(
            lambda: services.application_begin(
                self.round, applicant=own, by=self.officer, at=self.at
            ),
            allowed=draft is not None or self.replaceable(),
        )
        assert draft is None or begun == draft
        return multiple() if begun is None or draft else begun.pk

    @rule(pk=applications, stale=st.booleans())
    def save(self, pk: int, *, stale: bool) -> None:
        application = Application.objects.get(pk=pk)
        version = application.version - stale
        self.attempt(
            lambda: services.application_save(
                pk, version=version, by=self.officer, at=self.at, said=SAID
            ),
            allowed=application.is_editable and not stale,
        )

    @rule(pk=applications)
    def send(self, pk: int) -> None:
        application = Application.objects.get(pk=pk)
        replaced = application.replaces
        counts = replaced is None or replaced.status in VOID or self.replaceable()
        seen = content_hash(application)
        is_whole = bool(application.contact_name and application.contact_email)
        done = self.attempt(
            lambda: services.application_send(pk, seen=seen, by=self.officer, at=self.at),
            allowed=application.status == "draft" and is_whole and counts,
        )
        if done:
            self.sent += 1
            assert done.serial == self.sent
            assert done.is_late == (self.at >= CLOSED)

    @rule(pk=consumes(applications))
    def withdraw(self, pk: int) -> None:
        application = Application.objects.get(pk=pk)
        self.attempt(
            lambda: services.application_withdraw(pk, by=self.officer, at=self.at),
            allowed=(Deed.WITHDRAWN, application.status) in STEPS,
        )

    @rule(pk=applications, deed=st.sampled_from(OFFICIAL))
    def handle(self, pk: int, deed: Deed) -> None:
        with transaction.atomic():
            application = application_locked(pk)
            self.attempt(
                lambda: step_take(application, deed, by=self.reviewer, at=self.at),
                allowed=(deed, application.status) in STEPS,
            )

    @rule(hours=st.integers(1, 12))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @invariant()
    def one_application_counts(self) -> None:
        sent = Application.objects.filter(submitted_at__isnull=False)
        assert sent.exclude(status__in=VOID).count() <= 1
        assert Application.objects.filter(status="draft").count() <= 1

    @invariant()
    def every_state_is_where_its_last_step_led(self) -> None:
        for application in Application.objects.all():
            last = application.steps.last()
            assert last is not None and last.status == application.status


@pytest.mark.django_db
def test_the_rules_of_a_round_hold_in_any_order(monkeypatch):
    monkeypatch.setattr(services, "list_ready", lambda _application: None)
    monkeypatch.setattr(services, "receipt_make", lambda _application: None)
    run_state_machine_as_test(Applying, settings=settings(max_examples=30, stateful_step_count=20))
