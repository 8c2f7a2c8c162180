"""Why a payee's sum for a person differs between two assessments.

The database tells the cause when it books (`payments/runs/sql/cause.sql`): it compares the
assessment that the ledger rests on with the run's own, and stores the first cause that holds on
each line of a correction. Any two assessments can be compared so, those of one benefit month
(a correction) or of two months that follow one another.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """What changed, from the payee's side; most hold in both directions, the sum's sign tells."""

    MOVED_AWAY = "moved_away", _("moved to another municipality")
    MOVED_IN = "moved_in", _("moved in from another municipality")
    DEATH = "death", _("date of death")
    CITIZENSHIP = "citizenship", _("Finnish citizenship")
    IDENTITY_CODE = "identity_code", _("personal identity code")
    NO_HOME = "no_home", _("no home municipality any more")
    REGISTERED_LATE = "registered_late", _("home municipality registered late")
    PERMIT_ENDED = "permit_ended", _("permit ended or out of scope")
    LATE_PERMIT = "late_permit", _("permit in scope known late")
    TIME = "time", _("compensation time counted anew")
    AGREEMENT = "agreement", _("municipality's agreement")
    AGE = "age", _("age group")
    ADULT = "adult", _("adult component")
    RATE = "rate", _("rate")
    MANUAL = "manual", _("manual allocation")
    JOINED = "joined", _("two numbers of one person")
    FORMER = "former", _("paid by the former system")
    OTHER = "other", _("other change")
