"""Why a row, or a whole delivery, is refused, in sentences for those who mend it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryRefused(Exception):
    """The whole delivery is refused and nothing has changed; the message says what, where, how."""


class Refusal(models.TextChoices):
    """Why one row is refused; the other rows go in."""

    FIELD_COUNT = "field_count", _("The row has more or fewer fields than the header.")
    BAD_QUOTING = "bad_quoting", _("The quotation marks of the row do not match.")
    MISSING_VALUE = "missing_value", _("A value that every row must have is missing.")
    TOO_LONG = "too_long", _("The value is longer than the register can hold.")
    BAD_DATE = "bad_date", _("Not a date from 1850 on; write it like 2025-03-31.")
    BAD_BOOLEAN = "bad_boolean", _("Neither true nor false nor empty.")
    BAD_NUMBER = "bad_number", _("Not a year; write it like 2025.")
    UNKNOWN_GROUND = "unknown_ground", _("No such ground of residence permit.")
    UNKNOWN_MUNICIPALITY = (
        "unknown_municipality",
        _("No such municipality (198, 199 and 200 are not municipalities)."),
    )
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins", _("The last day is before the first.")
    BAD_IDENTITY_CODE = (
        "bad_identity_code",
        _("Not a personal identity code: its form or its date is wrong."),
    )
    WRONG_CHECK_CHARACTER = (
        "wrong_check_character",
        _("The check character of the personal identity code is wrong."),
    )
    IDENTITY_CODE_IN_FUTURE = (
        "identity_code_in_future",
        _("The birth date of the personal identity code is in the future."),
    )
    ARTIFICIAL_IDENTITY_CODE = (
        "artificial_identity_code",
        _("An artificial personal identity code (900–999), which no person has."),
    )
    PERSON_REFUSED = "person_refused", _("The row of the person in uma_persons.csv is refused.")
    UNKNOWN_PERSON = (
        "unknown_person",
        _("The person is neither in the register nor in uma_persons.csv."),
    )
    DUPLICATE_KEY = (
        "duplicate_key",
        _("An earlier row, or another person's in the register, has the same key."),
    )
    IDENTITY_CODE_OF_ANOTHER = (
        "identity_code_of_another",
        _("Another person has this personal identity code."),
    )
    OVERLAPPING_RESIDENCE = (
        "overlapping_residence",
        _("Overlaps an earlier row's entry of the same person."),
    )
    OVERLAPPING_AGREEMENT = (
        "overlapping_agreement",
        _("Overlaps an earlier row's agreement of the same municipality."),
    )


class Notice(models.TextChoices):
    """What is worth knowing but refuses nothing."""

    UNKNOWN_FILE = "unknown_file", _("The file is not part of a delivery and was not read.")
    AGREEMENTS_FILE = (
        "agreements_file",
        _("Agreements are read by import_agreements, not with a delivery."),
    )
    UNKNOWN_COLUMN = "unknown_column", _("The column is not part of the file and was not read.")
    BIRTH_DATE_DIFFERS = (
        "birth_date_differs",
        _("The birth date differs from the personal identity code."),
    )
    UNKNOWN_NATIONALITY = "unknown_nationality", _("The nationality is not in ISO 3166-1 alpha-3.")
    MORE = "more", _("There are more notices than are kept.")
