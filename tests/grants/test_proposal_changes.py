"""An approver sees what changed since the proposal before, what checks find since, and who did what."""

from __future__ import annotations

import pytest

from grants.decisions.changes import changes_of, checks_since, parts_in
from grants.decisions.services.proposing import proposal_return
from tests.factories import municipality
from tests.grants.decisions import AT, family, heikki, kirsi, mark, proposed, taken
from tests.grants.test_support_pages import at, page, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def again():
    """A proposal after one that was returned: row 3 was accepted, row 2 is not touched."""
    application = taken(family(1, 2))
    proposal_return(proposed(application).pk, by=heikki(), at=AT, reason="Tarkista rivi 3.")
    return proposed(application, refused=[3])


def test_nothing_is_compared_with_nothing():
    assert changes_of(proposed(taken(family(1, 1)))) is None


def test_rows_that_changed_are_told_with_what_was_said_before(again):
    changes = changes_of(again)
    assert [(row.line, str(row.before), row.now) for row in changes.rows] == [
        (3, "hyväksytty", "Ei ensimmäinen kotikunta."),
    ]  # fmt: skip
    assert (changes.more, changes.before.amount_cents > again.amount_cents) == (0, True)


def test_comparing_costs_the_same_for_every_length(again, django_assert_num_queries):
    with django_assert_num_queries(3):
        changes_of(again)


def test_a_check_that_finds_something_else_since_is_told(hilkka):
    application = taken(family(1, 1))
    proposal = proposed(application)
    assert checks_since(proposal) == []
    taken(family(1, 0), applicant=municipality("853"))
    page(hilkka).post(at("support_check", application))
    assert [one.now.name for one in checks_since(proposal)] == ["duplicates"]
    shown = text(page(hilkka).get(at("support_detail", application)))
    assert "What checks find otherwise since this proposal" in shown


def test_who_marked_and_who_proposed_is_told_with_how_many_rows(again):
    told = {
        (one.hand.user.username, one.hand.part): one.marks for one in parts_in(again.application)
    }
    assert told["kirsi", "proposed"] == 3
    assert ("anna", "prepared") in told or len(told) >= 3


def test_the_page_tells_it(again, hilkka):
    shown = text(page(hilkka).get(at("support_detail", again.application)))
    for words in (
        "Tarkista rivi 3.",
        "Rows that have changed",
        "Rows marked",
        "Returned by",
    ):
        assert words in shown
    assert kirsi().get_full_name() in shown


def test_keys_are_told_of_where_rows_are_marked(kalle, hilkka):
    application = taken(family(1, 1))
    assert "bench-rows.js" in text(page(kalle).get(at("support_detail", application)))
    assert "bench-rows.js" not in text(page(hilkka).get(at("support_detail", application)))
    mark(application)
