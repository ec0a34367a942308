"""The permit that lets an erasure pass the write-once triggers, and what people asked for about their data."""

from django.db import models
from django.db.models import Q

from chancery.foundation.accounts.models import User
from chancery.foundation.files.models import StoredFile
from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class ErasurePermit(models.Model):
    """Exists only inside the transaction of an erasure; triggers on insert-only personal rows look for it."""

    reason = models.CharField(max_length=200)

    privacy = NOT_PERSONAL


class DataRequest(models.Model):
    """That somebody asked for a copy of their data: when it was made, and the file while it can be fetched."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="data_requests")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW,
        retention="trail",
        person="user__person",
        export=("asked_at", "answered_at"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(answered_at=None), name="data_request_open_once"),
            models.CheckConstraint(
                condition=Q(file=None) | Q(answered_at__isnull=False), name="data_request_with_a_file_is_answered"
            ),
        ]
