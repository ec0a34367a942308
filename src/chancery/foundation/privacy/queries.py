"""Read what people asked for about their data."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from chancery.foundation.accounts.models import User
from chancery.foundation.privacy.models import DataRequest


def waiting_request(user: User) -> DataRequest | None:
    """Return what somebody asked for and waits for."""
    return DataRequest.objects.filter(user=user, answered_at=None).first()


def newest_copy(user: User) -> DataRequest | None:
    """Return the newest request of somebody whose file can still be fetched."""
    kept = DataRequest.objects.filter(user=user, file__isnull=False).select_related("file")
    return kept.order_by("-answered_at", "-pk").first()


def copy_of_the_day(user: User, *, now: datetime) -> DataRequest | None:
    """Return the copy that somebody got less than a day ago: until then no other one is made."""
    copy = newest_copy(user)
    return copy if copy and copy.answered_at and copy.answered_at > now - timedelta(days=1) else None


def list_waiting() -> QuerySet[DataRequest]:
    """Return all requests that nobody answered yet, the oldest first."""
    return DataRequest.objects.filter(answered_at=None).select_related("user").order_by("pk")


def list_copies(before: datetime) -> QuerySet[DataRequest]:
    """Return the requests whose file was made before an instant and is still there."""
    return DataRequest.objects.filter(file__isnull=False, answered_at__lte=before).order_by("pk")
