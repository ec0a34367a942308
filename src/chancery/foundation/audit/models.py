"""Audit rows are written once; the seal stands in a row of its own so that writers never wait for one another."""

from django.db import models

from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class AuditEvent(models.Model):
    """One thing that happened; holds ids and figures only, and a salted hash of the personal part."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    payload_hash = models.CharField(max_length=64, blank=True)

    privacy = Declaration(
        erase=Erase.KEEP_BY_LAW,
        retention="trail",
        export=("at", "name", "facts"),
    )

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="audit_subject")]


class AuditPersonalPart(models.Model):
    """The words and names that belong to an event; may be erased, the hash in the event stays."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="personal_part")
    salt = models.CharField(max_length=32)
    payload = models.JSONField()

    privacy = Declaration(erase=Erase.DELETE, retention="application", export=("payload",))


class AuditSeal(models.Model):
    """Position of an event in the chain and the hash up to it; written by the sealer only."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    position = models.BigIntegerField(unique=True)
    chain_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    privacy = NOT_PERSONAL
