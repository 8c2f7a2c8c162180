"""Reading a workbook in a process of its own, which may end in any way (design: hostile workbooks)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from django.conf import settings

from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.reading.sheets import Read, Sought
from grants.lists.schema import Column
from registry.deliveries.staging import collector_paused

SECONDS = 30
ENVIRONMENT = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "RUST_BACKTRACE": "0"}


class Reader:
    """A process that is ready to read one workbook; it starts while the file is looked through."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        sought = json.dumps(vars(Sought.of(columns)))
        command = [sys.executable, "-m", "grants.lists.reading.child", str(path), sought]
        self._process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may repeat what the workbook says
        )

    def read(self) -> Read:
        """Read the list of the workbook, which has been looked through. Raises ListRefused."""
        try:
            written, _nothing = self._process.communicate(b"\n", timeout=SECONDS)
            with collector_paused():
                return Read(**json.loads(written))
        except (subprocess.SubprocessError, OSError, ValueError, TypeError) as failed:
            raise ListRefused(Refusal.UNREADABLE) from failed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        with self._process:  # closes its pipes and waits for its end
            self._process.kill()
