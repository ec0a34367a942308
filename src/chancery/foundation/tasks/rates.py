"""Count tries against a rate, in the database, so that all web processes count together."""

import re
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from chancery.foundation.ruling import Refused, refusal
from chancery.foundation.tasks.models import RateCount

KEEP_COUNTS = timedelta(days=2)
# Some proxies write the port beside the address.
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]*):\d+")
# IPv4 addresses as a translator writes them (RFC 6052), and what of an IPv6 address one site has (RFC 6177).
TRANSLATED = ip_network("64:ff9b::/96")
SITE = 48
NO_ADDRESS = "no address"


class TooManyTries(Refused):
    """The rate is used up; waiting helps."""


@transaction.atomic
def count_try(*, scope: str, subject: str, rate: str, now: datetime) -> None:
    """Count one try of ``subject`` (an address, an IP) against ``rate``, written ``tries/seconds``.

    :raises TooManyTries: when there were too many in this window.
    """
    allowed = int(rate.partition("/")[0])
    counted, _ = RateCount.objects.get_or_create(**_counted_by(scope, subject, rate, now))
    RateCount.objects.filter(pk=counted.pk).update(count=F("count") + 1)
    counted.refresh_from_db()
    if counted.count > allowed:
        raise TooManyTries(refusal("too_many_tries"))


@transaction.atomic
def take_try_back(*, scope: str, subject: str, rate: str, now: datetime) -> None:
    """Take back a try that was counted and turned out to be right; counting it first lets no two share a count."""
    counted = RateCount.objects.filter(count__gt=0, **_counted_by(scope, subject, rate, now))
    counted.update(count=F("count") - 1)


@transaction.atomic
def forget_old_counts(*, now: datetime) -> None:
    """Delete the counts of windows that began long ago."""
    RateCount.objects.filter(window__lt=int((now - KEEP_COUNTS).timestamp())).delete()


def client_address(request: HttpRequest) -> str:
    """Return by what a caller is counted; behind our own proxy the last address it names, which a caller cannot forge.

    That is an IPv4 address, also one that stands in an IPv6 address, or else the network of 48 bits: whoever has one
    address there may have them all. Callers without an address are one.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    told = forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    with_port = WITH_PORT.fullmatch(told)
    try:
        address = ip_address((with_port[1] or with_port[2] or "") if with_port else told)
    except ValueError:
        return NO_ADDRESS
    if isinstance(address, IPv6Address):
        inside = _ipv4_in(address)
        return str(inside) if inside else str(ip_network((int(address), SITE), strict=False))
    return str(address)


def _counted_by(scope: str, subject: str, rate: str, now: datetime) -> dict[str, Any]:
    seconds = int(rate.partition("/")[2])
    key = salted_hmac(f"chancery.rates.{scope}", subject.lower(), algorithm="sha256").hexdigest()
    return {"key": key, "window": int(now.timestamp()) // seconds * seconds}


def _ipv4_in(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in TRANSLATED else address.ipv4_mapped
