"""Load the published support rounds from the repository's data files; copy one for the next year."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from pathlib import Path
from string import digits

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from config.lib.reference import Loaded, Values, typed_rows, upsert
from grants.rounds.models import BudgetFrame, Round, RoundAmount, RoundGround, RoundStatus

DATA = Path(__file__).resolve().parents[1] / "data"


class RoundRefused(ValueError):
    """The round cannot be made; the message says why."""


@transaction.atomic
def reference_load() -> dict[str, Loaded]:
    """Load rounds with their amounts and grounds, and budget frames. Raises BadReference."""
    frames = typed_rows(DATA / "budget_frames.csv", BudgetFrame)
    loaded = {"budget_frames": upsert(BudgetFrame, frames, key=("programme_year",))}
    published = typed_rows(DATA / "supplement_rounds.csv", Round)
    salary = typed_rows(DATA / "salary_rounds.csv", Round)
    rounds = upsert(Round, [*published, *salary], key=("code",))
    if rounds.new:
        _frames_set()
    amounts = _of_rounds("supplement_amounts.csv", RoundAmount)
    grounds = [
        {"ground_id": row.pop("ground"), **row}
        for row in _of_rounds("supplement_grounds.csv", RoundGround)
    ]
    return {
        **loaded,
        "rounds": rounds,
        "amounts": upsert(RoundAmount, amounts, key=("round_id", "applicant_kind", "min_age")),
        "round_grounds": upsert(RoundGround, grounds, key=("round_id", "ground_id")),
    }


def _frames_set() -> None:
    """Charge rounds without a frame to that of the year of their last arrivals, if there is one."""
    frame = BudgetFrame.objects.filter(programme_year=OuterRef("arrivals_to__year"))
    Round.objects.filter(frame=None).update(frame=Subquery(frame.values("pk")))


def _of_rounds(file: str, model: type[models.Model]) -> list[Values]:
    """Rows that belong to a round, which their file names by its code."""
    ids = dict(Round.objects.values_list("code", "id"))
    return [{"round_id": ids[row.pop("round")], **row} for row in typed_rows(DATA / file, model)]


DAYS = ("arrivals_from", "arrivals_to", "opens", "closes")
SAME = (
    "support", "rules_by", "min_committed_persons", "template_version", "guidance_fi",
    "guidance_sv", "provisions_fi", "provisions_sv",
)  # fmt: skip


@transaction.atomic
def round_copy(last: Round) -> Round:
    """Make next year's round of a round: a draft a year later, its amounts and grounds the same.

    Raises RoundRefused if there is one by that code.
    """
    code = f"{last.code.rstrip(digits)}{last.opens.year + 1}"
    if Round.objects.filter(code=code).exists():
        raise RoundRefused(_("There is a round {code} already.").format(code=code))
    new = Round(
        code=code,
        status=RoundStatus.DRAFT,
        source=_("copied from {code}, to be checked").format(code=last.code),
        **{name: getattr(last, name) for name in SAME},
        **{name: year_later(getattr(last, name)) for name in DAYS},
    )
    new.save(force_insert=True)
    copied(RoundAmount, last, new)
    copied(RoundGround, last, new)
    return new


def copied(model: type[models.Model], last: Round, new: Round) -> None:
    """Give a new round the rows of a kind that the last one has."""
    rows = list(model._default_manager.filter(round=last))
    for row in rows:
        row.pk, row.round = None, new  # type: ignore[attr-defined] # both kinds are a round's
    model._default_manager.bulk_create(rows)


def year_later(day: date) -> date:
    """The same day a year later; the last day of February stays the last."""
    is_last = (day.month, day.day) == (2, 29 if isleap(day.year) else 28)
    if is_last:
        return date(day.year + 1, 2, 29 if isleap(day.year + 1) else 28)
    return day.replace(year=day.year + 1)
