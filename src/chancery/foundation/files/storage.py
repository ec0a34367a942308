"""Write and read the bytes of files; the name on disk is random and says nothing."""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from chancery.foundation.files.models import Purpose, StoredFile

PIECE = 1024 * 1024


def store_bytes(content: bytes, *, purpose: Purpose, name: str, content_type: str, now: datetime) -> StoredFile:
    """Write the bytes to disk first and the row after, so that a row never points to nothing."""
    token = secrets.token_hex(16)
    path = Path(token[:2]) / token
    target = settings.FILES_ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.write_bytes(content)
    return StoredFile.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        content_type=content_type,
        size=len(content),
        name=Path(name).name[:200],
        path=str(path),
        created_at=now,
    )


def store_copy(source: Path, *, purpose: Purpose, name: str, content_type: str, now: datetime) -> StoredFile:
    """Keep a copy of a file of any size without loading it; the hash is made on the way."""
    token = secrets.token_hex(16)
    path = Path(token[:2]) / token
    target = settings.FILES_ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(PIECE):
            digest.update(piece)
            size += writing.write(piece)
    return StoredFile.objects.create(
        sha256=digest.hexdigest(),
        purpose=purpose,
        content_type=content_type,
        size=size,
        name=Path(name).name[:200],
        path=str(path),
        created_at=now,
    )


def path_of(file: StoredFile) -> Path:
    """Return where the bytes lie."""
    return Path(settings.FILES_ROOT) / file.path


def read_bytes(file: StoredFile) -> bytes:
    """Return the bytes of a file."""
    return path_of(file).read_bytes()
