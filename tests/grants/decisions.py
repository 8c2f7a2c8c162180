"""Applications with lists on their way to a decision, in short."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from grants.applications.states import ApplicationStatus
from grants.decisions.models import SupportProposal
from grants.decisions.services.deciding import decision_make
from grants.decisions.services.proposing import decision_propose
from grants.models import Application, CheckTrial, ListRow, Phrase, Round
from grants.review.marking import rows_mark
from grants.review.models import PhraseUse
from grants.review.services import application_assign
from grants.trials.services import trial_do, trials_begin
from registry.models import Organisation, StaffRole, User
from tests.factories import StaffRoleFactory, UserFactory, municipality
from tests.grants.applications import send
from tests.grants.lists import listed

AT = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
TODAY = date(2024, 5, 6)
CHILD, ADULT = date(2020, 5, 1), date(1990, 5, 1)


def staff(name: str, role: str) -> User:
    """A member of staff by name, with the role."""
    user = User.objects.filter(username=name).first() or UserFactory.create(username=name)
    if not StaffRole.objects.filter(user=user, role=role).exists():
        StaffRoleFactory.create(user=user, role=role)
    return user


def kirsi() -> User:
    """Who presents."""
    return staff("kirsi", "reviewer")


def heikki() -> User:
    """Who approves."""
    return staff("heikki", "approver")


def refusal(code: str = "test-refusal", **values: Any) -> Phrase:
    """A reason of the phrase library."""
    texts = {"text_fi": "Ei ensimmäinen kotikunta.", "text_sv": "Inte den första hemkommunen."}
    given = {"use": PhraseUse.REFUSAL, **texts, **values}
    return Phrase.objects.get_or_create(code=code, defaults=given)[0]


def needless() -> Phrase:
    """Why an applicant need not be heard."""
    return Phrase.objects.get(code="hearing-needless")


def family(
    children: int, adults: int, *, round_: str = "L2024", mark: str = "T"
) -> list[dict[str, Any]]:
    """Rows of children below seven and of others, who moved in during the round's arrivals."""
    moved_in = {"L2023": date(2022, 5, 1), "K2023": date(2023, 5, 1)}.get(round_, date(2023, 5, 1))
    births = [CHILD] * children + [ADULT] * adults
    return [
        {"uma_number": f"{mark}{n:04}", "birth_date": born, "moved_in": moved_in}
        for n, born in enumerate(births, start=1)
    ]


def taken(
    rows: Iterable[dict[str, Any]],
    *,
    round_: str = "L2024",
    applicant: Organisation | None = None,
    **sent: Any,
) -> Application:
    """An application with a list, sent and taken to be checked."""
    draft = listed(rows, round_=round_, applicant=applicant).application
    application = send(draft, **sent)
    return application_assign(application.pk, reviewer=kirsi(), by=kirsi(), at=AT)


def mark(application: Application, *, refused: Iterable[int] = ()) -> None:
    """Mark every row as accepted, but for those by line."""
    lines = dict(ListRow.objects.filter(list__application=application).values_list("pk", "line"))
    chosen = {row: refusal() if line in set(refused) else None for row, line in lines.items()}
    rows_mark(application.pk, marks=chosen, by=kirsi(), at=AT)


def proposed(
    application: Application, *, refused: Iterable[int] = (), **more: Any
) -> SupportProposal:
    """A proposal of a taken application, with every row marked."""
    refused = list(refused)
    mark(application, refused=refused)
    why = {"reasons": "Perustelut.", "unheard": needless()} if refused else {"reasons": ""}
    given = {**why, "by": kirsi(), "at": AT, **more}
    return decision_propose(application.pk, **given)


def decided(
    application: Application, *, refused: Iterable[int] = (), **more: Any
) -> SupportProposal:
    """The decision on a taken application."""
    return decision_make(proposed(application, refused=refused, **more).pk, by=heikki(), at=AT)


def status(application: Application) -> ApplicationStatus:
    """The state an application is in now."""
    return ApplicationStatus(Application.objects.get(pk=application.pk).status)


def tried(round_: str, name: str = "duplicates") -> CheckTrial:
    """The trial of a check's new version on a round, done."""
    asked = trials_begin(Round.objects.get(code=round_), names=[name], by=kirsi(), at=AT)
    trial_do(asked[0].pk, at=AT)
    return CheckTrial.objects.get(pk=asked[0].pk)


def cases_made() -> dict[str, object]:
    """For the role matrix: ids of applications in check, proposed, decided and tried; two towns'."""
    made: dict[str, object] = {}
    for town, code in (("lahtis", "398"), ("turkus", "853")):
        lahti, rows = municipality(code), family(1, 1, mark=code)
        checked = taken(rows, round_="L2023", applicant=lahti)
        waits = proposed(taken(rows, round_="L2021", applicant=lahti), refused=[2])
        closed = decided(taken(family(1, 1, mark=f"{code}X"), round_="L2020", applicant=lahti))
        made |= {
            f"{town} checked": checked.pk,
            f"{town} proposed": waits.application_id,
            f"{town} decided": closed.application_id,
        }
    made["lahtis trial"] = tried("L2020").pk
    return made
