"""Uploads are taken only when extension, content and size fit their purpose; images are written anew.

The libraries that look into files are loaded by the first upload: every process would wait for them otherwise.
"""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from chancery.foundation.files.models import Purpose
from chancery.foundation.ruling import Refused, refusal

MEGABYTE = 1024 * 1024
_PDF = {".pdf": "application/pdf"}
_IMAGES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
ALLOWED: dict[Purpose, tuple[dict[str, str], int]] = {
    Purpose.ENDORSEMENT: ({**_PDF, **_IMAGES}, 10 * MEGABYTE),
    Purpose.PROOF_OF_TRANSFER: ({**_PDF, **_IMAGES}, 10 * MEGABYTE),
    Purpose.EXTERNAL_INVOICE: (_PDF, 10 * MEGABYTE),
}
LARGEST_IMAGE = 50_000_000  # pixels: larger ones are a way to fill the memory


# What Pillow raises at pictures that are half copied or made up; a broken part of a PNG is a syntax error to it.
BROKEN = (OSError, ValueError, SyntaxError, struct.error, zlib.error, OverflowError, LookupError, TypeError)


class UploadRefused(Refused):
    """The file is too large, of another kind than allowed, or not what its name says."""


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """Bytes that were found to be what they claim to be."""

    content: bytes
    content_type: str
    name: str


def check_upload(upload: "UploadedFile[bytes]", purpose: Purpose) -> CheckedUpload:
    """Return the checked bytes of an upload.

    :raises UploadRefused: ``file_too_large``, ``file_empty``, ``file_kind`` or ``file_broken``.
    """
    kinds, largest = ALLOWED[purpose]
    name = Path(upload.name or "file").name
    if not upload.size:
        raise UploadRefused(refusal("file_empty"))
    if upload.size > largest:
        raise UploadRefused(refusal("file_too_large"))
    content_type = kinds.get(Path(name).suffix.lower())
    content = upload.read()
    if content_type is None or content_type not in _found_types(content):
        raise UploadRefused(refusal("file_kind"))
    if content_type.startswith("image/"):
        content = _written_anew(content, content_type)
    return CheckedUpload(content=content, content_type=content_type, name=name)


def _found_types(content: bytes) -> set[str]:
    import puremagic

    try:
        return {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _written_anew(content: bytes, content_type: str) -> bytes:
    from PIL import Image

    try:
        with Image.open(BytesIO(content)) as image:
            if image.width * image.height > LARGEST_IMAGE:
                raise UploadRefused(refusal("file_too_large"))
            target = BytesIO()
            image.convert("RGB").save(target, "JPEG" if content_type == "image/jpeg" else "PNG")
            return target.getvalue()
    except (*BROKEN, Image.DecompressionBombError) as error:
        raise UploadRefused(refusal("file_broken")) from error
