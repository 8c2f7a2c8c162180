"""Why a run is refused: each carries one sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _


class RunRefused(ValueError):
    """The step cannot be taken; the message says why and what can be done."""


class WrongMonth(RunRefused):
    """Runs follow one another month by month (C-37)."""


class RunChanged(RunRefused):
    """What the run rests on is no longer what was computed or checked (C-36)."""


class RunBusy(RunRefused):
    """Others are computing another run just now."""


class RunUnfinished(RunRefused):
    """Parts of the run are missing: still computed, or set aside with their errors."""


class SamePerson(RunRefused):
    """Nobody approves what they themselves had a part in (P-01)."""


class AnomaliesWait(RunRefused):
    """Something of the run is beyond its limit, and nobody has accepted it with a reason."""


class NotConserved(RunRefused):
    """Booked, lines and claimable entries do not add up to what is expected (C-35)."""


NO_DELIVERY = _("No delivery has been imported: there is nothing to compute from.")
