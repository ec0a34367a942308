"""Countries, cities, authorities and memberships for tests."""

from datetime import date

from chancery.domain.network.models import (
    City,
    Contribution,
    Country,
    IncomeClass,
    LocalAuthority,
    Membership,
    Network,
)


def make_country(iso3: str = "IND", name: str = "India", *, region: str = "Asia") -> Country:
    """Return a country, made on first use."""
    country, _ = Country.objects.get_or_create(iso3=iso3, defaults={"name": name, "region": region})
    return country


def classify(country: Country, code: str, *, fiscal_year: str = "FY23") -> IncomeClass:
    """Return the income class of a country in a year."""
    return IncomeClass.objects.create(country=country, fiscal_year=fiscal_year, code=code, source="test")


def make_city_council(city: str = "Mumbai", *, country: Country | None = None) -> LocalAuthority:
    """Return a city council, its city made on first use."""
    place, _ = City.objects.get_or_create(name=city, country=country or make_country())
    authority, _ = LocalAuthority.objects.get_or_create(name=f"{city} City Council", city=place)
    return authority


def make_member(city: City, *, paid_years: tuple[int, ...] = (2023,), joined_on: date = date(2010, 1, 1)) -> Membership:
    """Return a city's membership of Metropolis, its contributions paid for the years."""
    network, _ = Network.objects.get_or_create(slug="metropolis", defaults={"name": "Metropolis"})
    membership = Membership.objects.create(network=network, city=city, joined_on=joined_on)
    for year in paid_years:
        Contribution.objects.create(membership=membership, year=year, due_minor=500_000, paid_on=date(year, 3, 14))
    return membership
