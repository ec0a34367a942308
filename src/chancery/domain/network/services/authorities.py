"""Add authorities that the list does not hold yet."""

from datetime import datetime

from django.db import transaction

from chancery.domain.network.models import City, Country, LocalAuthority
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class CountryUnknown(Refused):
    """No country has this code."""


@transaction.atomic
def add_unlisted_authority(*, city: str, country: str, body: str = "", actor: Actor, now: datetime) -> LocalAuthority:
    """Keep an authority that somebody wrote in; without a body it is the city itself.

    It stays off the public list until the office takes it in, and whether a body's staff count as staff of a member
    city is left to an officer (promise B4).

    :raises CountryUnknown: when no country has the code ``country`` (ISO 3166 alpha-3).
    """
    place = Country.objects.filter(iso3=country).first()
    if place is None:
        raise CountryUnknown(refusal("country_unknown"), f"no country has the code {country!r}")
    home, _ = City.objects.get_or_create(name=city[:120], country=place)
    kind = LocalAuthority.Kind.OTHER if body else LocalAuthority.Kind.CITY
    authority, created = LocalAuthority.objects.get_or_create(
        name=(body or city)[:160], city=home, defaults={"kind": kind, "listed": False}
    )
    if created:
        record(Event.AUTHORITY_ADDED, actor=actor, subject=authority, now=now, facts={"listed": False})
    return authority
