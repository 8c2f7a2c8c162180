"""Ways to the bank, one chosen by BANK_OUTBOUND; KEHA's own ledger would be one more (P-05)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Protocol

import asyncssh
from django.conf import settings
from django.utils.translation import gettext as _

from payments.bank.errors import NotDelivered


class Outbound(Protocol):
    """A way to the bank."""

    def deliver(self, name: str, data: bytes) -> None:
        """Put a file where the bank takes it, whole or not at all; the same again is harmless.

        Raises NotDelivered.
        """


class Folder:
    """A folder that the bank's own program watches: BANK_FOLDER."""

    def deliver(self, name: str, data: bytes) -> None:
        folder = Path(settings.BANK_FOLDER)
        part = folder / f".{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _refuse_other_content(name, _read(folder / name), data)
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # on the disk before the batch is said to be sent
            part.replace(folder / name)
        except OSError as failure:
            raise _not_delivered(name, failure) from failure


class Sftp:
    """The bank's SFTP server: BANK_SFTP_HOST, …; its host key must be the known one."""

    def deliver(self, name: str, data: bytes) -> None:
        try:
            asyncio.run(self._put(name, data))
        except (OSError, asyncssh.Error) as failure:
            raise _not_delivered(name, failure) from failure

    async def _put(self, name: str, data: bytes) -> None:
        async with (
            asyncssh.connect(
                settings.BANK_SFTP_HOST,
                settings.BANK_SFTP_PORT,
                username=settings.BANK_SFTP_USER,
                client_keys=[settings.BANK_SFTP_KEY],
                known_hosts=settings.BANK_SFTP_KNOWN_HOSTS,
                connect_timeout=30,
                login_timeout=30,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            place = f"{settings.BANK_SFTP_FOLDER}/{name}"
            there = await self._there(sftp, place)
            _refuse_other_content(name, there, data)
            if there is None:
                part = f"{settings.BANK_SFTP_FOLDER}/.{name}.part"
                async with sftp.open(part, "wb") as file:
                    await file.write(data)
                await sftp.rename(part, place)

    async def _there(self, sftp: asyncssh.SFTPClient, place: str) -> bytes | None:
        try:
            async with sftp.open(place, "rb") as file:
                there: bytes | str = await file.read()
                return there if isinstance(there, bytes) else there.encode()
        except asyncssh.SFTPNoSuchFile:
            return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _refuse_other_content(name: str, there: bytes | None, data: bytes) -> None:
    if there is not None and there != data:
        raise NotDelivered(_("Another file lies at the bank as {name}.").format(name=name))


def _not_delivered(name: str, failure: Exception) -> NotDelivered:
    return NotDelivered(
        _("{name} did not reach the bank ({failure}). Sending it again is harmless.").format(
            name=name, failure=type(failure).__name__
        )
    )
