"""The file and its way: the same batch the same bytes, sent once, recovered after a crash."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from django.utils import translation
from lxml import etree

from payments.bank import outbound
from payments.bank.bankfile.schemas import SchemaBroken, validate
from payments.bank.errors import BatchRefused, NotDelivered
from payments.bank.models import Batch, BatchStatus, Transfer, TransferStatus
from payments.bank.services.sending import batch_send, batches_finish, batches_send
from payments.bank.services.steps import batch_cancel, document_of
from tests.payments.bank import AT, approved, draw_up, month_to_pay, read, status_report, user
from tests.payments.law import resident

pytestmark = pytest.mark.django_db
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """The folder that the bank takes files from."""
    settings.BANK_FOLDER = tmp_path / "bank"
    return settings.BANK_FOLDER


@pytest.fixture
def batch(folder) -> Batch:
    """November 2024, approved."""
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    return approved(draw_up())


def texts(batch: Batch, path: str) -> list[str]:
    found = etree.fromstring(bytes(batch.document)).findall(f".//p:{path.replace('/', '/p:')}", NS)
    return [node.text for node in found]


def test_the_file_has_the_sums_and_every_transfer(batch):
    assert texts(batch, "MsgId") == ["KK202411-1"]
    assert texts(batch, "CtrlSum") == ["191.67", "191.67"]
    assert texts(batch, "NbOfTxs") == ["2", "2"]
    assert texts(batch, "EndToEndId") == ["KK202411C09-1", "KK202411M398-1"]
    assert texts(batch, "InstdAmt") == ["28.75", "162.92"]
    assert texts(batch, "CdtrRefInf/Ref") == list(
        batch.transfers.order_by("pk").values_list("order__reference", flat=True)
    )


def test_no_person_is_named_in_the_file(batch):
    """P-10: a file to the bank knows payees alone."""
    assert texts(batch, "Nm") == [
        *[batch.debtor_name] * 2,
        "Päijät-Hämeen hyvinvointialue",
        "Lahti",
    ]
    assert b"Testi" not in bytes(batch.document)


def test_the_same_batch_gives_the_same_bytes(batch):
    assert document_of(batch) == batch.document


def test_what_does_not_follow_the_schema_is_not_written(batch):
    broken = bytes(batch.document).replace(b"<PmtMtd>TRF", b"<PmtMtd>XXX")
    with pytest.raises(SchemaBroken, match=r"Line .* does not follow the schema pain\.001"):
        validate(broken, "pain.001.001.09")


def test_a_batch_is_sent_under_its_message_id(batch, folder):
    sent = batch_send(batch.pk, user=None, at=AT)
    assert [file.name for file in folder.iterdir()] == ["KK202411-1.xml"]
    assert (folder / "KK202411-1.xml").read_bytes() == bytes(batch.document)
    assert (sent.status, sent.transfers.filter(status=TransferStatus.SENT).count()) == ("sent", 2)


def test_sending_again_is_refused(batch):
    batch_send(batch.pk, user=None, at=AT)
    with pytest.raises(BatchRefused, match="is sent: this step is not possible"):
        batch_send(batch.pk, user=None, at=AT)
    assert batches_send(user=None, at=AT) == []


def test_a_batch_that_is_not_approved_is_not_sent(folder):
    resident("A", moved_in="2024-05-10")
    month_to_pay()
    with pytest.raises(BatchRefused, match="is drawn up"):
        batch_send(draw_up().pk, user=None, at=AT)
    assert not folder.exists()


class Killed(BaseException):
    """The process ends here."""


def kill_while_sending(batch: Batch, *, before_the_file: bool) -> None:
    """Send, and end the process before or after the file is in its place."""
    deliver = outbound.Folder.deliver

    def dying(self: outbound.Folder, name: str, data: bytes) -> None:
        if not before_the_file:
            deliver(self, name, data)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbound.Folder, "deliver", dying)
        with pytest.raises(Killed):
            batch_send(batch.pk, user=None, at=AT)


@pytest.mark.parametrize("before_the_file", [True, False])
def test_a_crash_while_sending_is_recovered(batch, folder, before_the_file):
    kill_while_sending(batch, before_the_file=before_the_file)
    assert Batch.objects.get().status == BatchStatus.SENDING
    batches_finish(at=AT)
    assert Batch.objects.get().status == BatchStatus.SENT
    assert [file.read_bytes() for file in folder.iterdir()] == [bytes(batch.document)]


def test_what_is_being_sent_is_not_cancelled(batch):
    kill_while_sending(batch, before_the_file=True)
    with pytest.raises(BatchRefused, match="is being sent"):
        batch_cancel(batch.pk, user=user("katri"), at=AT)


def test_an_answer_proves_that_an_interrupted_file_arrived(batch):
    kill_while_sending(batch, before_the_file=False)
    read(status_report(batch.message_id))
    assert Batch.objects.get().status == BatchStatus.ACKNOWLEDGED
    assert set(Transfer.objects.values_list("status", flat=True)) == {TransferStatus.ACCEPTED}


def test_another_file_of_that_name_is_never_overwritten(batch, folder):
    folder.mkdir()
    (folder / "KK202411-1.xml").write_bytes(b"another")
    with pytest.raises(NotDelivered, match="Another file lies at the bank"):
        batch_send(batch.pk, user=None, at=AT)
    assert Batch.objects.get().status == BatchStatus.SENDING
    assert (folder / "KK202411-1.xml").read_bytes() == b"another"


def test_a_folder_that_cannot_be_written(batch, folder):
    folder.write_text("a file where the folder should be")
    with pytest.raises(NotDelivered, match="Sending it again is harmless"):
        batch_send(batch.pk, user=None, at=AT)


# SFTP, against a real server


@pytest.fixture
def server(settings, tmp_path) -> Iterator[Path]:
    """A real SFTP server in a thread; the folder that it serves."""
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    client.write_private_key(tmp_path / "key")
    served = tmp_path / "served"
    served.mkdir()
    settings.BANK_OUTBOUND = "payments.bank.outbound.Sftp"
    settings.BANK_SFTP_HOST, settings.BANK_SFTP_USER = "127.0.0.1", "keha"
    settings.BANK_SFTP_KEY = str(tmp_path / "key")
    settings.BANK_SFTP_KNOWN_HOSTS = str(tmp_path / "known_hosts")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listener = asyncio.run_coroutine_threadsafe(listen(host, client, served), loop).result()
    settings.BANK_SFTP_PORT = listener.get_port()
    public = host.export_public_key().decode().strip()
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{listener.get_port()} {public}\n")
    yield served
    asyncio.run_coroutine_threadsafe(stop(listener), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def listen(host, client, served: Path) -> asyncssh.SSHAcceptor:
    allowed = asyncssh.import_authorized_keys(client.export_public_key().decode())
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[host],
        authorized_client_keys=allowed,
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(served)),
    )


async def stop(listener: asyncssh.SSHAcceptor) -> None:
    listener.close()
    await listener.wait_closed()


def test_a_batch_goes_by_sftp(batch, server):
    batch_send(batch.pk, user=None, at=AT)
    assert [file.read_bytes() for file in server.iterdir()] == [bytes(batch.document)]


def test_a_file_already_there_by_sftp_is_the_same_or_refused(batch, server):
    name = server / "KK202411-1.xml"
    name.write_bytes(b"another")
    with pytest.raises(NotDelivered, match="Another file lies at the bank"):
        batch_send(batch.pk, user=None, at=AT)
    name.write_bytes(bytes(batch.document))
    assert batch_send(batch.pk, user=None, at=AT).status == BatchStatus.SENT
    assert [file.name for file in server.iterdir()] == [name.name]


def test_a_server_with_another_key_is_not_the_banks(batch, server, settings):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    known = Path(settings.BANK_SFTP_KNOWN_HOSTS)
    known.write_text(f"[127.0.0.1]:{settings.BANK_SFTP_PORT} {other}\n")
    with pytest.raises(NotDelivered, match="HostKeyNotVerifiable"):
        batch_send(batch.pk, user=None, at=AT)
    assert list(server.iterdir()) == []
