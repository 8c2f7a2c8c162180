"""A house of real processes for faults: a Redis of its own, workers, two beats, the site.

All faults come from outside: signals, locks of another session, connections cut, Redis killed.
The code under test carries no hook for them.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import redis
from celery import Celery
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 5
PATIENCE = 120  # seconds within which everything must have ended by itself
LOOKS = 0.05  # seconds between looks


def until(true: Callable[[], Any], what: str, *, seconds: float = PATIENCE) -> Any:
    """Look until something is true. Fails the test when it takes too long."""
    pause = Event()
    for _look in range(int(seconds / LOOKS)):
        if found := true():
            return found
        pause.wait(LOOKS)
    raise AssertionError(f"not within {seconds} seconds: {what}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def database_url() -> str:
    """The address of the test's own database, for other processes."""
    name = connection.settings_dict["NAME"]
    assert name.startswith("test_"), "faults are never done to another database"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class House:
    """The processes, the faults done to them, and their names for the report."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: Counter[str] = Counter()
        self.redis_port, self.web_port = free_port(), free_port()
        self.bank = folder / "bank"
        self.bank.mkdir()
        self.redis_url = f"redis://127.0.0.1:{self.redis_port}/0"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.redis_url,
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "BANK_FOLDER": str(self.bank),
            "DEMO": "true",
        }

    # --- Processes ---------------------------------------------------------------------------

    def open(self) -> None:
        """Start everything and wait until it answers."""
        self.start_redis()
        for name in ("worker-1", "worker-2", "beat-1", "beat-2", "web"):
            self.start(name)
        until(self._all_up, "workers and the site are up")

    def close(self) -> None:
        """End everything that was started."""
        with ExitStack() as stack:
            for name in list(self.running):
                stack.callback(self._end, name)

    def start(self, name: str) -> None:
        """Start a process of the service, in a group of its own."""
        arguments = {
            "worker": ["celery", "--app", "config.celery", "worker", "--concurrency", "1",
                       "--hostname", f"{name}@house", "--without-gossip", "--without-mingle", "--loglevel", "info"],
            "beat": ["celery", "--app", "config.celery", "beat", "--schedule",
                     str(self.folder / name)],
        }.get(name.partition("-")[0], ["django", "runserver", "--noreload", str(self.web_port)])  # fmt: skip
        self._launch(name, [sys.executable, "-m", *arguments])

    def start_redis(self) -> None:
        """Start the Redis server, empty, and wait until it answers."""
        port, folder = str(self.redis_port), str(self.folder)
        command = ["redis-server", "--port", port, "--save", "", "--dir", folder]
        self._launch("redis", [*command, "--appendonly", "no", "--bind", "127.0.0.1"])
        until(self._redis_answers, "Redis answers")

    def _launch(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _end(self, name: str) -> None:
        process = self.running.pop(name)
        for stop in (signal.SIGCONT, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, stop)
        process.wait()

    def _redis_answers(self) -> bool:
        try:
            return bool(redis.Redis(port=self.redis_port).ping())
        except redis.ConnectionError:
            return False

    def _all_up(self) -> bool:
        with socket.socket() as site:
            if site.connect_ex(("127.0.0.1", self.web_port)):
                return False
        return all(self._is_ready(name) for name in ("worker-1", "worker-2"))

    def _is_ready(self, name: str) -> bool:
        return b" ready." in (self.folder / f"{name}.log").read_bytes()

    def message(self, task: str, *args: object, **kwargs: object) -> None:
        """Send a task's message, as any version of the code might."""
        Celery(broker=self.redis_url).send_task(task, args=args, kwargs=kwargs)

    # --- Faults ------------------------------------------------------------------------------

    def kill_child(self, pid: int) -> None:
        """Kill the process that computes, with no time to tidy; its worker starts another."""
        self.faults["pool process killed"] += 1
        os.kill(pid, signal.SIGKILL)

    def kill_worker(self, pid: int) -> None:
        """Kill a whole worker, as a machine that loses power; another is started in its place."""
        self.faults["worker killed"] += 1
        name = self.worker_of(pid)
        self._end(name)
        self.start(name)

    def worker_of(self, pid: int) -> str:
        """The worker a process belongs to."""
        group = os.getpgid(pid)
        return next(name for name, process in self.running.items() if process.pid == group)

    def freeze(self, pid: int) -> None:
        """Stop a process where it is; it keeps all it holds."""
        self.faults["process frozen"] += 1
        os.kill(pid, signal.SIGSTOP)

    def restart_redis(self) -> None:
        """Kill Redis with every message in it, and start an empty one."""
        self.stop_redis()
        self.start_redis()

    def stop_redis(self) -> None:
        """Kill Redis with every message in it."""
        self.faults["Redis killed"] += 1
        self._end("redis")

    def cut_connections(self) -> None:
        """End every session of the database but the test's own."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND application_name <> 'barrier'"
            )
            self.faults["connections cut"] += cursor.fetchone()[0]

    def pause_workers(self) -> None:
        """Hold the workers back until `resume_workers`, so that a scene can be set."""
        self._signal_workers(signal.SIGSTOP)

    def resume_workers(self) -> None:
        self._signal_workers(signal.SIGCONT)

    def _signal_workers(self, signal_sent: signal.Signals) -> None:
        for name, process in self.running.items():
            if name.startswith("worker"):
                os.killpg(process.pid, signal_sent)
