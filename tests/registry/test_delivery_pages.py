"""Pages of deliveries: counts, notices, refused rows with what must not be shown hidden."""

from __future__ import annotations

import pytest
from django.test import Client

from config.lib import sealing
from registry.deliveries.masking import masked
from registry.models import User
from tests.factories import DeliveryFactory, RejectedRowFactory

SIGNED_IN = 4  # queries of every page: the session, its user and what they may do
LOGGED = 1  # the event of a page of refused rows, which may be persons'


@pytest.fixture
def reader(client: Client, kalle: User) -> Client:
    client.force_login(kalle)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("personal_identity_code", "040590-900A", "040590-****"),
        ("personal_identity_code", "nonsense!", "nonsens****"),
        ("personal_identity_code", "", ""),
        ("uma_number", "040590A900A", "040590A****"),
        ("uma_number", "U0000123456", "U0000123456"),
        ("birth_date", "31.2.2020", "31.2.2020"),
        ("family_name", "Very long", "****"),
        ("", "U1,040590-900A,Testinen,Testi", ""),
    ],
)
def test_values_are_shown_without_names_and_ends_of_codes(column, value, shown):
    assert masked(column, value) == shown


def test_the_list_has_every_delivery_with_its_rows(reader):
    counts = {"uma_persons.csv": {"rows": 1200, "refused": 2}, "vtj_persons.csv": {"rows": 34}}
    delivery = DeliveryFactory.create(counts=counts)
    page = reader.get("/deliveries/").content.decode()
    assert f'href="/deliveries/{delivery.pk}/"' in page
    assert ">1\N{NO-BREAK SPACE}234<" in page and ">2<" in page


def test_a_delivery_shows_its_counts_and_notices(reader):
    notices = [
        {"file": "uma_persons.csv", "line": line, "code": "birth_date_differs"} for line in (9, 4)
    ]
    notices.append({"file": "uma_permits.csv", "column": "colour", "code": "unknown_column"})
    notices.append({"code": "more", "count": 17})
    delivery = DeliveryFactory.create(counts={"uma_persons.csv": {"rows": 5}}, notices=notices)
    page = reader.get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "The birth date differs from the personal identity code." in page and "4, 9" in page
    assert "colour" in page and ">17<" in page
    assert "No row was refused." in page


def test_refused_rows_are_shown_with_the_reason_and_without_the_code(reader):
    row = RejectedRowFactory.create(
        column="personal_identity_code",
        sealed_value=sealing.seal("040590-900A"),
        reason="wrong_check_character",
    )
    page = reader.get(f"/deliveries/{row.delivery_id}/").content.decode()
    assert "040590-****" in page and "900A" not in page
    assert "The check character of the personal identity code is wrong." in page


def test_a_value_whose_key_is_gone_is_not_shown(reader):
    row = RejectedRowFactory.create(sealed_value=b"\0unreadable")
    assert reader.get(f"/deliveries/{row.delivery_id}/").status_code == 200


def test_refused_rows_go_on_after_the_last_one_shown(reader):
    delivery = DeliveryFactory.create()
    for file in ("uma_permits.csv", "uma_persons.csv"):
        RejectedRowFactory.create_batch(60, delivery=delivery, file=file)
    address = f"/deliveries/{delivery.pk}/"
    first = reader.get(address)
    key = first.context["page"].next
    second = reader.get(address, {"after": str(key)})
    shown = [(row.file, row.line) for row in first.context["rows"] + second.context["rows"]]
    assert len(shown) == 120 and shown == sorted(set(shown))
    assert f"?after={key}" in first.content.decode().replace("%3A", ":")
    assert second.context["page"].next is None


@pytest.mark.parametrize("after", ["x", "uma_persons.csv:", "uma_persons.csv:²", "a:" + "9" * 30])
def test_an_address_that_begins_nowhere_is_not_found(reader, after):
    delivery = DeliveryFactory.create()
    assert reader.get(f"/deliveries/{delivery.pk}/", {"after": after}).status_code == 404


def test_a_delivery_that_is_not_there_is_not_found(reader):
    assert reader.get("/deliveries/0/").status_code == 404


def test_pages_cost_a_fixed_number_of_queries(reader, django_assert_num_queries):
    delivery = RejectedRowFactory.create().delivery
    RejectedRowFactory.create_batch(3, delivery=delivery)
    with django_assert_num_queries(SIGNED_IN + 1):
        reader.get("/deliveries/")
    with django_assert_num_queries(SIGNED_IN + 2 + LOGGED):
        reader.get(f"/deliveries/{delivery.pk}/")
