"""What makes acts safe to repeat, and the demo's clock."""

from django.db import models

from chancery.foundation.privacy.declarations import NOT_PERSONAL, Declaration, Erase


class FormToken(models.Model):
    """A form that was sent once: the second sending is led to the first one's result."""

    token = models.CharField(max_length=40, unique=True)
    user_id = models.BigIntegerField(null=True)
    result = models.CharField(max_length=300, blank=True)
    used_at = models.DateTimeField()

    privacy = Declaration(erase=Erase.DELETE, retention="form_token")


class DemoClock(models.Model):
    """The story's time: runs while a heartbeat keeps it running, stands still otherwise."""

    story_at = models.DateTimeField()
    machine_at = models.DateTimeField()
    running = models.BooleanField(default=False)

    privacy = NOT_PERSONAL


class Heartbeat(models.Model):
    """When a sweep of the worker last ended well."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    privacy = NOT_PERSONAL


class RateCount(models.Model):
    """How often something was tried in one window of time; the key is a salted hash and names nobody.

    ``window`` is the second of the epoch at which the window began.
    """

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rate_counted_once_a_window")]
