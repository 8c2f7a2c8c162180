"""Reading a workbook in a process of its own, which may end in any way (design: hostile workbooks)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from grants.lists.reading.refusals import ListRefused, Refusal
from grants.lists.reading.sheets import Read, Sought
from grants.lists.schema import Column
from registry.deliveries.staging import collector_paused

SECONDS = 30
ENVIRONMENT = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "RUST_BACKTRACE": "0"}


def read_apart(path: Path, columns: Sequence[Column]) -> Read:
    """Read the list of a workbook that has been looked through. Raises ListRefused."""
    sought = json.dumps(vars(Sought.of(columns)))
    command = [sys.executable, "-m", "grants.lists.reading.child", str(path), sought]
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may repeat what the workbook says
            timeout=SECONDS,
            check=True,
        )
        with collector_paused():
            return Read(**json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, TypeError) as failed:
        raise ListRefused(Refusal.UNREADABLE) from failed
