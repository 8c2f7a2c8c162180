"""A month that is computed twice: once undisturbed, here; once by workers under faults."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from config.lib.months import Month
from payments.models import Run, RunChunk, RunStatus, RunStep
from payments.runs.services import run_compute
from registry.models import User
from tests.chaos.browser import Browser
from tests.chaos.house import House, until
from tests.factories import StaffRoleFactory, UserFactory
from tests.payments.runs import texts


def member_of_staff(role: str) -> User:
    """Somebody new with a role."""
    user = UserFactory.create()
    StaffRoleFactory.create(user=user, role=role)
    return user


@dataclass
class Scene:
    """The next month: what an undisturbed run gives, and the run under faults."""

    house: House
    reviewer: User
    month: Month = field(init=False)
    undisturbed: tuple[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        last = Run.objects.approved().latest("month")
        self.month = Month.of(last.month) + 1
        run = run_compute(self.month, at=timezone.now())
        self.undisturbed = (run.lines_hash, texts(str(self.month)))
        self.browser = Browser(self.house, self.reviewer)

    @property
    def run(self) -> Run:
        """The open run, whoever has started it."""
        return Run.objects.open().get()

    def start(self) -> Run:
        """Press "Compute again" on the draft; return the run that takes its place."""
        draft = self.run
        assert self.browser.post("/runs/start/", month=self.month, seen=draft.pk) == 302
        started = self.run
        assert started.pk != draft.pk
        return started

    def staged(self) -> Run:
        """Start with the workers held back, so that a barrier can be raised before them."""
        self.house.pause_workers()
        return self.start()

    def victim(self) -> int:
        """The process that holds a part, or that has done the last one."""
        return int(until(self._holder, "somebody holds a part").held_by.split()[-1])

    def _holder(self) -> RunChunk | None:
        parts = RunChunk.objects.filter(run__status=RunStatus.COMPUTING).exclude(held_by="")
        held = parts.exclude(held_until=None).first()
        return held or parts.exclude(done_at=None).order_by("done_at").last()

    def parts_done(self) -> int:
        return RunChunk.objects.filter(run=self.run).exclude(done_at=None).count()

    def ends_as_undisturbed(self) -> None:
        """Wait until the run is finished by itself; its lines are those of the undisturbed one."""
        until(lambda: self.run.status == RunStatus.DRAFT, "the run is finished by itself")
        run = self.run
        assert (run.lines_hash, texts(str(self.month))) == self.undisturbed
        assert RunStep.objects.filter(run_id=run.pk, deed="computed").count() == 1
