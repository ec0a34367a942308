"""A promise with a clock."""

from django.db import models
from django.db.models import Q

from chancery.foundation.privacy.declarations import NOT_PERSONAL


class Obligation(models.Model):
    """Something we owe someone by a day; met or still open, never deleted."""

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    basis = models.CharField(max_length=200)
    met_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_id"],
                condition=Q(met_at=None, dropped_at=None),
                name="obligation_open_once",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="obligation_open", condition=Q(met_at=None, dropped_at=None))]
