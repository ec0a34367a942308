"""An upload is what its name says, or it is refused by a reason."""

from contextlib import suppress
from io import BytesIO
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chancery.foundation.files.models import Purpose
from chancery.foundation.files.uploads import UploadRefused, check_upload


def picture(form: str) -> bytes:
    written = BytesIO()
    Image.effect_noise((32, 32), 50).save(written, form)
    return written.getvalue()


def with_a_broken_part(content: bytes) -> bytes:
    """Return a PNG whose picture data does not have the sum that it says, as after a transfer that broke off."""
    at = content.index(b"IDAT") + 8
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def check(content: bytes, name: str) -> None:
    check_upload(SimpleUploadedFile(name, content), Purpose.ENDORSEMENT)


def test_a_picture_whose_data_is_broken_is_refused_as_broken() -> None:
    with pytest.raises(UploadRefused) as refused:
        check(with_a_broken_part(picture("PNG")), "letter.png")

    assert refused.value.ruling.reasons == ("file_broken",)


@pytest.mark.parametrize(("form", "name"), [("PNG", "letter.png"), ("JPEG", "letter.jpg")])
def test_bytes_changed_anywhere_in_a_picture_are_taken_or_refused_and_never_an_error(form: str, name: str) -> None:
    chance, whole = Random(3), picture(form)  # noqa: S311 (no secret)
    for _ in range(300):
        content = bytearray(whole)
        for at in chance.sample(range(8, len(content)), 3):
            content[at] = chance.randrange(256)
        with suppress(UploadRefused):
            check(bytes(content), name)
