"""Load what ships with the software: countries and income classes, and the members of the demo."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from chancery.domain.network.models import (
    City,
    Contribution,
    Country,
    IncomeClass,
    LocalAuthority,
    Membership,
    Network,
)
from chancery.domain.network.readers.income_classes import income_classes
from chancery.domain.network.readers.regions import region_of

SOURCE = "World Bank, country classification by income level (CC BY 4.0)"


@transaction.atomic
def load_countries() -> int:
    """Load countries and their classes by fiscal year; loading again adds only what is new. Return the new rows."""
    known = set(Country.objects.values_list("iso3", flat=True))
    economies = income_classes().values()
    Country.objects.bulk_create(
        [Country(iso3=e.iso3, name=e.name, region=region_of(e.iso3)) for e in economies if e.iso3 not in known]
    )
    countries = {country.iso3: country for country in Country.objects.all()}
    classified = set(IncomeClass.objects.values_list("country__iso3", "fiscal_year"))
    rows = [
        IncomeClass(country=countries[economy.iso3], fiscal_year=year, code=code or "", source=SOURCE)
        for economy in economies
        for year, code in economy.classes.items()
        if (economy.iso3, year) not in classified
    ]
    IncomeClass.objects.bulk_create(rows, batch_size=400)
    return len(rows)


@transaction.atomic
def keep_city(*, name: str, iso3: str) -> LocalAuthority:
    """Return the listed authority of a city, added on first use.

    :raises Country.DoesNotExist: when the country is not on file.
    """
    city, _ = City.objects.get_or_create(name=name, country=Country.objects.get(iso3=iso3))
    authority, _ = LocalAuthority.objects.get_or_create(name=name, city=city)
    return authority


@transaction.atomic
def keep_demo_member(
    *, network: str, name: str, iso3: str, joined_on: date, paid: Iterable[int], source: str
) -> Membership:
    """Put a member of the demo on file, marked as demo, with the years it has paid for."""
    home, _ = Network.objects.get_or_create(slug=network.lower(), defaults={"name": network})
    city = keep_city(name=name, iso3=iso3).city
    membership, _ = Membership.objects.get_or_create(
        network=home, city=city, left_on=None, defaults={"joined_on": joined_on, "demo": True, "source": source}
    )
    for year in paid:
        Contribution.objects.get_or_create(
            membership=membership, year=year, defaults={"due_minor": 0, "paid_on": date(year, 3, 14)}
        )
    return membership
