"""Loaded by pytest before pytest-django reads the settings: database up, translations compiled.

Both are done in processes of their own, so that coverage sees the project's modules imported.
"""

import os
import subprocess
import sys

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, max_examples=200)
settings.register_profile("ci", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
