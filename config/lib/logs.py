"""Log lines without personal data: where an exception came from and its kind, not what it says.

The message of an exception may repeat a row, for example "Key (uma_number)=(…) already exists".
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutMessages(logging.Formatter):
    """Writes exceptions by class and place, the one that began it first."""

    def formatException(self, ei: Info) -> str:  # noqa: N802 # logging's name
        if ei[1] is None:
            return ""
        return "\n".join(map(_told, reversed(list(_chain(ei[1])))))


def _chain(exception: BaseException | None) -> Iterator[BaseException]:
    """An exception and those before it that it came from."""
    seen = set[int]()
    while exception is not None and id(exception) not in seen:
        seen.add(id(exception))
        yield exception
        hidden = exception.__suppress_context__
        exception = exception.__cause__ or (None if hidden else exception.__context__)


def _told(exception: BaseException) -> str:
    frames = "".join(traceback.format_tb(exception.__traceback__))
    kind = type(exception)
    return f"Traceback (most recent call last):\n{frames}{kind.__module__}.{kind.__qualname__}"
