"""The permit that lets an erasure pass the write-once triggers, for one transaction."""

from django.db import models

from chancery.foundation.privacy.declarations import NOT_PERSONAL


class ErasurePermit(models.Model):
    """Exists only inside the transaction of an erasure; triggers on insert-only personal rows look for it."""

    reason = models.CharField(max_length=200)

    privacy = NOT_PERSONAL
