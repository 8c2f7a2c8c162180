"""What can be wrong with a row of a list: a code each, with its sentences (G-11)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.TextChoices):
    """Findings, as a heading says them; errors first (G-11)."""

    MISSING_IDENTIFIER = "missing_identifier", _("The identifier is missing")
    IDENTIFIER_FORM = "identifier_form", _("The identifier is too short or too long")
    DATE_UNREADABLE = "date_unreadable", _("The date is missing or impossible")
    BIRTH_AFTER_MOVE = "birth_after_move", _("Born after moving in")
    NATIONALITY_UNKNOWN = "nationality_unknown", _("The nationality is missing or unknown")
    MUNICIPALITY_UNKNOWN = "municipality_unknown", _("The municipality is missing or unknown")
    GROUND_UNKNOWN = "ground_unknown", _("The ground of the permit is missing or unknown")
    MOVED_OUTSIDE = "moved_outside", _("Moved in outside the round's arrivals")
    GROUND_NOT_IN_ROUND = "ground_not_in_round", _("The ground is not one of the round's")
    NOT_OWN_MUNICIPALITY = "not_own_municipality", _("The municipality is not the applicant's")
    SAME_PERSON_TWICE = "same_person_twice", _("The same person is in the list twice")
    QUOTA_YEAR_MISSING = "quota_year_missing", _("The quota year is missing")
    NOT_IN_REGISTER = "not_in_register", _("The identifier is not found in the register")
    BIRTH_DATE_DIFFERS = "birth_date_differs", _("The date of birth differs from the register")
    NATIONALITY_DIFFERS = "nationality_differs", _("The nationality differs from the register")
    GROUND_DIFFERS = "ground_differs", _("The ground differs from the register")
    MUNICIPALITY_DIFFERS = "municipality_differs", _("The municipality differs from the register")
    MOVED_IN_DIFFERS = "moved_in_differs", _("The date of moving in differs from the register")
    NOT_FIRST_HOME = "not_first_home", _("Not the first home municipality")
    CLAIMED_ELSEWHERE = "claimed_elsewhere", _("Also claimed by another applicant")
    CLAIMED_EARLIER = "claimed_earlier", _("Also claimed in another round or application")
    BOTH_SUPPORTS = "both_supports", _("Both supports are applied for")
    UNHCR_FORM = "unhcr_form", _("The number does not look like a UNHCR number")


C = Code

# What must be fixed, or the row removed, before sending; all else is a warning.
ERRORS = frozenset(
    {
        C.MISSING_IDENTIFIER, C.IDENTIFIER_FORM, C.DATE_UNREADABLE, C.BIRTH_AFTER_MOVE,
        C.NATIONALITY_UNKNOWN, C.MUNICIPALITY_UNKNOWN, C.GROUND_UNKNOWN, C.MOVED_OUTSIDE,
        C.GROUND_NOT_IN_ROUND, C.NOT_OWN_MUNICIPALITY, C.SAME_PERSON_TWICE, C.QUOTA_YEAR_MISSING,
    }
)  # fmt: skip

# What to do about each, in a row and above the rows that have it.
ADVICE = {
    C.MISSING_IDENTIFIER: _("Give the UMA customer number, or the RGI or UNHCR number."),
    C.IDENTIFIER_FORM: _("An identifier has 3 to 40 characters: look whether it was cut off."),
    C.DATE_UNREADABLE: _("Write a day of the calendar, for example 5.3.2022."),
    C.BIRTH_AFTER_MOVE: _("Look at both dates: nobody moves in before being born."),
    C.NATIONALITY_UNKNOWN: _("Choose a country of the list, or write its code of three letters."),
    C.MUNICIPALITY_UNKNOWN: _("Choose a municipality of the list."),
    C.GROUND_UNKNOWN: _("Choose a ground of the list, or write its code."),
    C.MOVED_OUTSIDE: _("Only persons who moved in during the round's arrivals are applied for."),
    C.GROUND_NOT_IN_ROUND: _("Only the grounds of the round are supported; remove the row if so."),
    C.NOT_OWN_MUNICIPALITY: _(
        "Apply for those whose first home municipality is yours, and remove the others."
    ),
    C.SAME_PERSON_TWICE: _("Keep one of the rows and remove the others."),
    C.QUOTA_YEAR_MISSING: _("Give the year of the quota, four digits."),
    C.NOT_IN_REGISTER: _("Look whether the identifier is right. The reviewer sees this too."),
    C.BIRTH_DATE_DIFFERS: _("Look whether the date is right. The reviewer sees this too."),
    C.NATIONALITY_DIFFERS: _("Look whether the country is right. The reviewer sees this too."),
    C.GROUND_DIFFERS: _("Look at the ground of the permit. The reviewer sees this too."),
    C.MUNICIPALITY_DIFFERS: _("Look whether the identifier is right. The reviewer sees this too."),
    C.MOVED_IN_DIFFERS: _("Look whether the date is right. The reviewer sees this too."),
    C.NOT_FIRST_HOME: _(
        "The support is paid to the first home municipality alone. The reviewer sees this too."
    ),
    C.CLAIMED_ELSEWHERE: _("The support is paid once for a person. The reviewer decides."),
    C.CLAIMED_EARLIER: _("The support is paid once for a person. The reviewer decides."),
    C.BOTH_SUPPORTS: _("The reviewer decides whether both are paid for the person."),
    C.UNHCR_FORM: _("It usually looks like 123-45C67890. Look whether it is right."),
}
