"""Types of command arguments; what is wrong with one is exit code 2."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

from django.utils.translation import gettext as _


def existing_path(text: str) -> Path:
    """A file or folder that is there."""
    path = Path(text)
    try:
        there = path.exists()
    except (OSError, ValueError):
        there = False
    if not there:
        raise ArgumentTypeError(_("%(path)s does not exist.") % {"path": text})
    return path


def writable_path(text: str) -> Path:
    """A file that can be written: not a folder, in a folder that is there."""
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():
        raise ArgumentTypeError(_("%(path)s cannot be written.") % {"path": text})
    return path
