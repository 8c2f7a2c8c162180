"""Whatever a bank or anybody sends: a refusal in a sentence, or entries with an outcome each."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments.bank.bankfile.answers import answer_read
from payments.bank.bankfile.hardened import MAX_BYTES, NotReadable
from payments.bank.errors import AnswerRefused
from payments.bank.models import Answer, AnswerEntry, Transfer, TransferStatus
from payments.bank.selectors.ledger import proofs
from payments.bank.services.reading import answer_receive
from tests.payments.bank import (
    AT,
    balance,
    booked,
    entry,
    month_to_pay,
    sent,
    status_report,
    transfer_status,
)
from tests.payments.law import resident

TOWN, COUNTY = "KK202411M398-1", "KK202411C09-1"
BALANCES = balance("OPBD", "1000.00") + balance("CLBD", "808.33")
BOTH = (entry(TOWN, "162.92"), entry(COUNTY, "28.75", reference="R2"))
GOOD = [
    status_report("KK202411-1"),
    status_report("KK202411-1", group="RJCT", reason="FF01"),
    status_report(
        "KK202411-1",
        group="PART",
        transfers=transfer_status(TOWN, "RJCT", "AC04") + transfer_status(COUNTY, "ACSP"),
    ),
    booked(*BOTH),
    booked(*BOTH, entry(TOWN, "162.92", side="CRDT", returned="AC04", reference="R3")),
    booked(*BOTH, kind="camt.053.001.08", balances=BALANCES),
]
TOKENS = [
    b"", b"\0", b"<", b">", b"&", b"&amp;", b"&#0;", b"&#x41;", b"]]>", b"<![CDATA[KK]]>", b"<!--x-->",
    b"<?x y?>", b"<!DOCTYPE a>", b"\xff", b"\xef\xbb\xbf", b"pain.001.001.09", b"camt.052.001.08",
    b"camt.054.001.08", b"pain.002.001.10", b"<Ntry>", b"</Ntry>", b"NaN", b"1E400", b"-1", b"1e99",
    b"0.001", b"9" * 40, b"x" * 400, b"CRDT", b"DBIT", b"BOOK", b"PDNG", b"RJCT", b"DUPL", b"USD",
    b"2024-02-30", b"0000-00-00", b"KK202411-1", TOWN.encode(), COUNTY.encode(), "Å\U0001f600".encode(),
    b"<RvslInd>true</RvslInd>", b"<AcctSvcrRef>R9</AcctSvcrRef>",
]  # fmt: skip
FUZZ = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Each of these reads the database: fewer, so that the suite stays quick.
FUZZ_DATABASE = settings(FUZZ, max_examples=60)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good answer with bytes cut out, put in or repeated at a few places."""
    content = draw(st.sampled_from(GOOD))
    for _change in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 60)))
        token = draw(st.sampled_from([*TOKENS, content[start:end] * 2]))
        content = content[:start] + token + content[end:]
    return content


def amounts() -> st.SearchStrategy[str]:
    return st.sampled_from(["162.92", "28.75", "0.01", "0", "162.929", "1000000000000", "1e2"])


@st.composite
def bookings(draw: st.DrawFn) -> bytes:
    """A notification of anything: our payments and others, any way round, any amount."""
    entries = st.builds(
        entry,
        st.sampled_from([TOWN, COUNTY, "KK202411M398-2", "", "INV-1", "NOTPROVIDED"]),
        amounts(),
        side=st.sampled_from(["DBIT", "CRDT"]),
        returned=st.sampled_from(["", "AC04"]),
        reference=st.sampled_from(["R1", "R2", "R3"]),
        status=st.sampled_from(["BOOK", "PDNG", "INFO"]),
    )
    return booked(*draw(st.lists(entries, max_size=6)))


@st.composite
def reports(draw: st.DrawFn) -> bytes:
    """A status report of anything."""
    codes = ["ACCP", "ACSC", "RJCT", "PDNG", "PART", "XXXX", ""]
    said = st.builds(
        transfer_status,
        st.sampled_from([TOWN, COUNTY, "KK", ""]),
        st.sampled_from(codes),
        st.sampled_from(["", "AC04", "DUPL"]),
    )
    return status_report(
        draw(st.sampled_from(["KK202411-1", "KK202411-2", "X"])),
        group=draw(st.sampled_from(codes)),
        reason=draw(st.sampled_from(["", "FF01", "DUPL"])),
        transfers="".join(draw(st.lists(said, max_size=4))),
        sums=draw(
            st.sampled_from(
                ["", "<OrgnlNbOfTxs>2</OrgnlNbOfTxs>", "<OrgnlCtrlSum>7</OrgnlCtrlSum>"]
            )
        ),
    )


def parses(data: bytes) -> None:
    """It is read, or refused in a sentence."""
    with suppress(NotReadable):
        assert answer_read(data).message_id


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@FUZZ
def test_garbage(data):
    parses(data)


@given(mutated())
@FUZZ
def test_mutations_of_good_answers(data):
    parses(data)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
HEAD = "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.08'>"


@pytest.mark.parametrize(
    "bomb",
    [
        f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]><x>&l9;</x>".encode(),
        b"<!DOCTYPE x [<!ENTITY a '" + b"x" * 10**6 + b"'>]><x>" + b"&a;" * 1000 + b"</x>",
        b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>",
        b"<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://localhost:9/'>%a;]><x/>",
        b"<x>&undeclared;</x>",
        HEAD.encode() + b"<a>" * 100_000,
        b"<x " + b"".join(b"a%d='' " % n for n in range(100_000)) + b"/>",
        b"<x>" + b"y" * (11 * 1024**2) + b"</x>",
        b" " * (MAX_BYTES + 1),
        f"<?xml version='1.0' encoding='utf-16'?>{HEAD}</Document>".encode("utf-16"),
        f"<?xml version='1.0' encoding='bogus'?>{HEAD}</Document>".encode(),
        f"{HEAD}<BkToCstmrDbtCdtNtfctn/></Document>".encode(),
        b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.08.9'/>",
        b"<Document xmlns='urn:evil:camt.054.001.08'/>",
        b"<x:Document xmlns:x='urn:iso:std:iso:20022:tech:xsd:pain.002.001.10'/>",
    ],
    ids=range(15),
)
def test_bombs(bomb):
    with pytest.raises(NotReadable):
        answer_read(bomb)


@pytest.fixture
def batch(db) -> None:
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    sent()


@given(st.lists(bookings() | reports() | mutated(), min_size=1, max_size=4))
@FUZZ_DATABASE
def test_any_answers_in_any_order(batch, answers):
    """Nothing by halves, nobody paid twice, and the sums agree whatever is said."""
    with transaction.atomic():
        for data in answers:
            receives(data)
        assert not any(proof.difference for proof in proofs())
        transaction.set_rollback(True)


def receives(data: bytes) -> None:
    """An answer is kept with all its entries, or refused with nothing changed."""
    before = (standing(), Answer.objects.count(), AnswerEntry.objects.count())
    try:
        answer, _is_new = answer_receive(data, received_by=None, at=AT)
    except AnswerRefused:
        assert (standing(), Answer.objects.count(), AnswerEntry.objects.count()) == before
    else:
        said = answer.applied + answer.repeated + answer.strangers
        assert answer.entries.count() == said


def standing() -> list[tuple[str, TransferStatus]]:
    return list(Transfer.objects.order_by("pk").values_list("end_to_end_id", "status"))
