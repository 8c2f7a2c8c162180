"""The figures of the report, by name, as its tables show them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from payments.reports.tables import Column

APPLICATIONS = (
    Column("received", _("Received")),
    Column("replaced", _("Replaced by a newer one")),
    Column("withdrawn", _("Withdrawn")),
    Column("granted", _("Granted")),
    Column("partly", _("Partly granted")),
    Column("refused", pgettext_lazy("applications", "Refused")),
    Column("inadmissible", _("Dismissed")),
    Column("days", _("Median of days from arrival to decision")),
    Column("claims_filed", _("Rectification claims filed")),
    Column("claims_open", _("Open at the end of the year")),
)
APPLIED = (
    Column("applied_under_7", _("Applied for, under 7 years")),
    Column("applied_from_7", _("Applied for, 7 years and over")),
)
ACCEPTED = (
    Column("accepted_under_7", _("Accepted, under 7 years")),
    Column("accepted_from_7", _("Accepted, 7 years and over")),
)
REFUSED = (Column("refused_persons", _("Persons refused")),)
PERSONS = (*APPLIED, *ACCEPTED, *REFUSED)
EUROS = (
    Column("applied_cents", _("Applied for"), is_money=True),
    Column("granted_cents", _("Granted"), is_money=True),
    Column("paid_cents", _("Paid"), is_money=True),
    Column("returned_cents", _("Returned by the bank"), is_money=True),
    Column("recovered_cents", _("Recovered"), is_money=True),
    Column("interest_cents", _("Interest of recoveries"), is_money=True),
)
ONLY_GRANTED = (EUROS[1],)
BY_VALUE = (
    Column("applied", _("Persons applied for")),
    Column("accepted", _("Persons accepted")),
)
REASONS = (Column("refused_persons", _("Persons")),)
FRAMES = (
    Column("allotted_cents", _("Allotted"), is_money=True),
    Column("committed_cents", _("Decided"), is_money=True),
    Column("paid_cents", _("Paid, less what was returned"), is_money=True),
    Column("left_cents", _("Left"), is_money=True),
)
