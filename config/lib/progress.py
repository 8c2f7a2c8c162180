"""Progress of long work: shown as bars on a terminal, silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

Progress = Callable[[str, int, int], None]  # what is being done, how much is done, of how much


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def bars() -> Iterator[Progress]:
    """Progress as one bar after another on the terminal's error stream."""
    if not sys.stderr.isatty():
        yield silent
        return
    current: list[tqdm[Any]] = []

    def show(what: str, done: int, total: int) -> None:
        if not current or current[-1].desc != f"{what}: ":
            _close(current)
            current.append(tqdm(total=total, desc=what, unit_scale=True, file=sys.stderr))
        current[-1].update(done - current[-1].n)

    try:
        yield show
    finally:
        _close(current)


def _close(current: list[tqdm[Any]]) -> None:
    while current:
        current.pop().close()
