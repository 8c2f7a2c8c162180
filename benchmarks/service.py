"""The service as it runs: Redis, workers and the site, each a process of its own on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from registry.models import User

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds until everything answers
TOKEN = "t" * 32  # of the form and of its cookie: they only have to be the same


def has_redis() -> bool:
    """Whether the machine has a Redis server to start."""
    return shutil.which("redis-server") is not None


@contextmanager
def service(folder: Path, *, workers: int) -> Iterator[str]:
    """Start everything on the benchmark's database; yields the address of the site."""
    redis, site = _free_port(), _free_port()
    environment = os.environ | {"REDIS_URL": f"redis://127.0.0.1:{redis}/0", "DEMO": "true"}
    celery = ["celery", "--app", "config.celery", "worker", "--loglevel", "info"]
    commands = (
        ["redis-server", "--port", str(redis), "--save", "", "--bind", "127.0.0.1"],
        ["nice", sys.executable, "-m", *celery, "--concurrency", str(workers)],
        [sys.executable, "-m", "django", "runserver", "--noreload", str(site)],
    )
    log = folder / "service.log"
    with ExitStack() as running:
        for command in commands:
            running.enter_context(_running(command, environment, log))
        until(lambda: _answers(site) and b" ready." in log.read_bytes())
        yield f"http://127.0.0.1:{site}"


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """A process in a group of its own, ended with all that it started."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(true: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait until something is true. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as site:
        return site.connect_ex(("127.0.0.1", port)) == 0


class Visitor:
    """Somebody signed in, who asks the site for pages and sends files."""

    def __init__(self, address: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        self._address = address
        self._headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def open(self, path: str) -> None:
        """Ask for a page. Raises HTTPError."""
        request = urllib.request.Request(self._address + path, headers=self._headers)
        with urllib.request.urlopen(request) as answer:
            answer.read()

    def send(self, path: str, file: Path) -> None:
        """Send a file, and open the page that is then shown. Raises HTTPError."""
        with file.open("rb") as content:
            body = encode_multipart(BOUNDARY, {"file": content})
        headers = self._headers | {"Content-Type": MULTIPART_CONTENT}
        request = urllib.request.Request(self._address + path, data=body, headers=headers)
        with urllib.request.urlopen(request) as answer:
            answer.read()
