"""Several workers compute what one does, to the byte (C-36)."""

import pytest
from django.db import connection

from payments.models import Run, RunChunk, RunStatus
from payments.runs import preparing, services
from tests.payments.law import family_of, home, permit, person_rows
from tests.payments.runs import approve, compute, deliver, texts

pytestmark = pytest.mark.django_db(transaction=True)

SINCE = "2024-05-10"
TOWNS = ("398", "091", "478", "588", "507")


def people() -> list:
    """Ten persons over five chunks, some following others across them."""
    alone = [
        person_rows(f"A{n}", moved_in=SINCE, homes=[home(town, SINCE)])
        for n, town in enumerate(TOWNS)
    ]
    family = [
        person_rows(f"F{n}", moved_in=SINCE, permits=[family_of(f"A{n}", SINCE)]) for n in range(3)
    ]
    children = [
        person_rows(f"C{n}", born="2024-05-10", moved_in=SINCE, permits=[permit("45", SINCE)],
                    born_in_finland=True, parents=f"F{n} A{n}") for n in range(2)
    ]  # fmt: skip
    return alone + family + children


@pytest.fixture
def small_chunks(monkeypatch):
    """Two persons a chunk, counted from the first."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE registry_person_id_seq RESTART")
    monkeypatch.setattr(preparing, "CHUNK_LEAST", 2)
    monkeypatch.setattr(preparing, "CHUNK_MOST", 2)


def test_two_workers_give_what_one_gives(small_chunks):
    deliver(*people())
    approve(compute("2024-11", workers=2))
    deliver(person_rows("A0", moved_in=SINCE, died="2024-10-01"), person_rows("Z", moved_in=SINCE))
    one = compute("2024-12", workers=1)
    found = texts("2024-12")
    two = compute("2024-12", workers=2)
    assert RunChunk.objects.filter(run=two, done_at__isnull=False).count() == 6
    assert texts("2024-12") == found
    assert (two.input_hash, two.lines_hash) == (one.input_hash, one.lines_hash)
    assert approve(two)


def test_chunks_change_nothing(small_chunks, monkeypatch):
    deliver(*people())
    compute("2024-11")
    found = texts("2024-11")
    monkeypatch.setattr(preparing, "CHUNK_LEAST", 20_000)
    monkeypatch.setattr(preparing, "CHUNK_MOST", 20_000)
    compute("2024-11")
    assert texts("2024-11") == found


def test_a_run_that_broke_off_is_gone_on_with(small_chunks, monkeypatch):
    """Whoever comes next does what is left, and nothing twice."""
    deliver(*people())
    compute("2024-11")
    found = texts("2024-11")
    with monkeypatch.context() as broken:
        broken.setattr(services, "run_sum", lambda run: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            compute("2024-11", workers=2)
    broke_off = Run.objects.get(status=RunStatus.COMPUTING)
    assert compute("2024-11", workers=2).pk == broke_off.pk
    assert texts("2024-11") == found
    assert set(broke_off.chunks.values_list("attempt", flat=True)) == {1}
