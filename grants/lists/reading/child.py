"""The process that reads one workbook: `python -m grants.lists.reading.child PATH SOUGHT`.

It has no secrets, no database and no more memory and time than a list needs; whatever a workbook
does to it, only it ends. It opens the file once it is told to, by a line on standard input: until
then it starts while the file is looked through. What it read goes to standard output as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
NICER = 10


def limit() -> None:
    """Take away what reading does not need, and let whoever asks for a page go first."""
    os.nice(NICER)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(path: str, sought: str) -> None:
    """Read a workbook when told to; write what it says of what is sought in it, written as JSON."""
    limit()
    gc.disable()  # a short life, and rows make no cycles
    from grants.lists.reading.sheets import Sought, workbook_read  # noqa: PLC0415 # under the limits

    if not sys.stdin.readline():
        return  # the file was refused, or whoever asked has fallen
    read = workbook_read(path, Sought(**json.loads(sought)))
    sys.stdout.write(json.dumps(vars(read), separators=(",", ":")))


if __name__ == "__main__":
    main(*sys.argv[1:3])
