"""Documents are asked for inside a transaction with frozen facts, and rendered after it by the worker."""

from django.db import models

from chancery.foundation.files.models import StoredFile
from chancery.foundation.privacy.declarations import Declaration, Erase


class Document(models.Model):
    """A document that was asked for: which template, which frozen facts, in which language."""

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    filename = models.CharField(max_length=120)
    facts = models.JSONField()
    requested_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.KEEP_BY_LAW, retention="document", export=("filename",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_kind", "subject_id"], name="document_once_per_subject"),
        ]


class Rendering(models.Model):
    """The bytes of a document, stored once."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="rendering")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    rendered_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="document")


class RenderingAttempt(models.Model):
    """How often a document was tried and what went wrong last; cleared by success."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="attempt")
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    next_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.WITH_PARENT, retention="document")
