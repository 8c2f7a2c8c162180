"""The largest changes of a run, a sentence for each payee."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.lib.money import finnish
from payments.changes.models import Change, RunChange
from payments.changes.selectors import PayeeChange

CAUSES = 3  # of a payee's change that are named


def sentence(change: PayeeChange) -> str:
    """How many persons and how much more or less the payee is paid for, and above all why."""
    persons = change.persons - change.last_persons
    values = {
        "payee": change.payee.name,
        "persons": signed(f"{abs(persons)}", positive=persons > 0),
        "sum": signed(finnish(abs(change.cents)), positive=change.cents > 0),
        "causes": ", ".join(_cause(row) for row in change.rows[:CAUSES]),
    }
    if not persons:
        return _("{payee} {sum}: {causes}.").format(**values)
    return ngettext(
        "{payee} {persons} person, {sum}: {causes}.",
        "{payee} {persons} persons, {sum}: {causes}.",
        abs(persons),
    ).format(**values)


def signed(text: str, *, positive: bool) -> str:
    """A size with the sign of its direction."""
    return ("+" if positive else "\N{MINUS SIGN}") + text


def _cause(row: RunChange) -> str:
    number = row.persons
    cause = _texts(number)[Change(row.kind)].format(
        number=number, sum=signed(finnish(abs(row.cents)), positive=row.cents > 0)
    )
    if row.delivery_id is None:
        return cause
    if row.delivery_persons >= number:
        return _("{cause} from one delivery").format(cause=cause)
    return _("{cause} ({number} from one delivery)").format(
        cause=cause, number=row.delivery_persons
    )


def _texts(number: int) -> dict[Change, str]:
    return {
        Change.NEW: _("{number} new"),
        Change.LEFT: _("{number} left"),
        Change.MOVED_IN: _("{number} moved in"),
        Change.MOVED_AWAY: _("{number} moved away"),
        Change.LATE_IN: _("{number} known late"),
        Change.LATE_OUT: _("{number} no longer due"),
        Change.AGE: _("{number} in another age group"),
        Change.ADULT_BEGINS: _("adult component begins for {number}"),
        Change.ADULT_ENDS: _("adult component ends for {number}"),
        Change.RATE: _("another rate for {number}"),
        Change.AGREEMENT: ngettext(
            "agreement of the municipality, {number} person",
            "agreement of the municipality, {number} persons",
            number,
        ),
        Change.CORRECTION: _("corrections {sum}"),
    }
