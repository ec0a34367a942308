"""Marks that a piece of work has ended well, and when."""

from datetime import datetime

from django.db import transaction

from chancery.foundation.tasks.models import Heartbeat


@transaction.atomic
def note(name: str, *, at: datetime) -> None:
    """Mark that the work of this name ended well at an instant; a later mark replaces an earlier one."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def is_noted(name: str, *, since: datetime | None = None) -> bool:
    """Tell whether the work of this name ended well, at or after ``since`` where given."""
    marks = Heartbeat.objects.filter(name=name)
    return (marks.filter(at__gte=since) if since else marks).exists()


def count_noted(prefix: str) -> int:
    """Return how many works whose names begin so have ended well."""
    return Heartbeat.objects.filter(name__startswith=prefix).count()


def noted_at(name: str) -> datetime | None:
    """Return when the work of this name ended well last; None if it never did."""
    mark = Heartbeat.objects.filter(name=name).first()
    return mark.at if mark else None
