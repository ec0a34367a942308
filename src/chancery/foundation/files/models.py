"""Files by hash; the bytes lie on disk under ``FILES_ROOT`` and never under a name a person chose."""

from django.db import models

from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class Purpose(models.TextChoices):
    """Why a file is kept; decides the allowed kinds and sizes."""

    ENDORSEMENT = "endorsement"
    PROOF_OF_TRANSFER = "proof of transfer"
    STATEMENT = "bank statement"
    DOCUMENT = "document"
    EXTERNAL_INVOICE = "external invoice"
    RAW_MAIL = "raw mail"
    DATA_COPY = "copy of one's data"


class StoredFile(models.Model):
    """One file: hash, size, kind as found in its bytes, and the name it was uploaded under."""

    sha256 = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=30, choices=Purpose.choices)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()

    privacy = Declaration(
        erase=Erase.DELETE,
        retention="stored_file",
        export=("name",),
    )


class FileRemoval(models.Model):
    """That the bytes of a file have to go: written with the deletion of its row, gone once the bytes are."""

    path = models.CharField(max_length=200, unique=True)
    ordered_at = models.DateTimeField()

    privacy = NOT_PERSONAL
