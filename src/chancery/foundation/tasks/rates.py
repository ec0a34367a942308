"""Count tries against a rate, in the database, so that all web processes count together."""

from datetime import datetime, timedelta
from ipaddress import ip_network

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from chancery.foundation.ruling import Refused, refusal
from chancery.foundation.tasks.models import RateCount

KEEP_COUNTS = timedelta(days=2)


class TooManyTries(Refused):
    """The rate is used up; waiting helps."""


@transaction.atomic
def count_try(*, scope: str, subject: str, rate: str, now: datetime) -> None:
    """Count one try of ``subject`` (an address, an IP) against ``rate``, written ``tries/seconds``.

    :raises TooManyTries: when there were too many in this window.
    """
    allowed, seconds = (int(part) for part in rate.split("/"))
    key = salted_hmac(f"chancery.rates.{scope}", subject.lower(), algorithm="sha256").hexdigest()
    window = int(now.timestamp()) // seconds * seconds
    counted, _ = RateCount.objects.get_or_create(key=key, window=window)
    RateCount.objects.filter(pk=counted.pk).update(count=F("count") + 1)
    counted.refresh_from_db()
    if counted.count > allowed:
        raise TooManyTries(refusal("too_many_tries"))


@transaction.atomic
def forget_old_counts(*, now: datetime) -> None:
    """Delete the counts of windows that began long ago."""
    RateCount.objects.filter(window__lt=int((now - KEEP_COUNTS).timestamp())).delete()


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP; behind our own proxy the last one it names, which a caller cannot forge.

    Of an IPv6 address it is the network of 64 bits: whoever has one address there has them all.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    address = forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    try:
        return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    except ValueError:
        return address
