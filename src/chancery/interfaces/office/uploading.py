"""An upload as a file on disk, wherever the web server keeps it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile


@contextmanager
def on_disk(upload: "UploadedFile[bytes]") -> Iterator[Path]:
    """Give the path of an upload's bytes; they are gone afterwards."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as file:
        for piece in upload.chunks():
            file.write(piece)
        file.flush()
        yield Path(file.name)
