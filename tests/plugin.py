"""Loaded by pytest before pytest-django reads the settings: database up, translations compiled.

Both are done in processes of their own, so that coverage sees the project's modules imported.
"""

import os
import shutil
import subprocess
import sys

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, max_examples=200)
settings.register_profile("ci", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_report_header() -> str:
    """Tell whether browser tests run: a machine without Chromium passes the others."""
    return f"browser tests: {BROWSER or 'LEFT OUT, no chromium on this machine'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no browser."""
    if BROWSER is None and (left_out := [item for item in items if "e2e" in item.keywords]):
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.exit(done.stderr.strip(), returncode=2)
    return done.stdout.strip()


if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ.setdefault("DEMO", "true")  # keys for artificial data, on any server
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _run("config.lib.embedded", "start")
    _run("config.lib.messages", "compile")
