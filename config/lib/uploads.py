"""Files that people send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile


@contextmanager
def kept_in_a_file(upload: UploadedFile[Any]) -> Iterator[Path]:
    """A file with the upload's content for as long as the context lasts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield path
