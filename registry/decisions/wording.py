"""What letters of all decisions say alike: who decided, the mark of secrecy, what one may do (P-02 … P-04)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.access.models import User
from registry.decisions.models import Decision, Remedy
from registry.organisations.selectors import PAYING, authority_name

APPENDIX = "person-appendix"  # kind of the document that names persons (P-03)


def authority_of(decision: Decision) -> str:
    """Name of the paying authority on the day of the decision."""
    return authority_name(PAYING, decision.decided_on)


def secrecy_mark() -> str:
    """The mark of a secret document, as the Openness Act has it (P-03)."""
    return _("Secret – Openness Act (621/1999) 24.1 § 24 and 32")


def remedy_instructions(decision: Decision, authority: str) -> list[str]:
    """How the recipient may have the decision looked at again, by its day (P-04)."""
    if decision.remedy == Remedy.COURT:
        first = _(
            "The decision may be appealed against at the administrative court, in writing, within "
            "30 days of its service."
        )
    else:
        first = _(
            "Rectification of the decision may be claimed from {authority}, in writing, within 30 "
            "days of its service. A decision on the claim may then be appealed against at the "
            "administrative court."
        ).format(authority=authority)
    return [
        first,
        _(
            "The time begins on the day after the service. A decision fetched in the service is "
            "served on that day, one sent as an ordinary electronic message on the third day "
            "after it was sent, and one sent by post to an authority on the day it arrived. A last "
            "day that is a Saturday, Sunday, holiday, Independence Day, May Day, Christmas Eve or "
            "Midsummer Eve moves to the next working day."
        ),
        _(
            "Name the decision, the change that you claim and its grounds, and who gives further "
            "information; enclose what you refer to."
        ),
    ]


def person_named(user: User) -> str:
    """The name of an official, as a letter has it."""
    return user.get_full_name() or user.get_username()
