"""Read who is a member, what was contributed, and which income class counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from chancery.domain.network.models import (
    Contribution,
    Country,
    IncomeClass,
    LocalAuthority,
    Membership,
    Standing,
)
from chancery.foundation.countries import alphabetical, country_name, is_present_day


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFacts:
    """What the network knows about an authority; ``None`` is "not known", never "no".

    ``is_member`` None: nobody has decided yet whether this body's staff count as staff of a member city (B4).
    ``contributions_paid`` None: not on file. ``nothing_due``: the member owed nothing for the reference year.
    """

    authority: str
    iso3: str
    country: str
    is_member: bool | None
    member_city: str = ""
    reference_year: int | None = None
    contributions_paid: bool | None = None
    paid_on: date | None = None
    nothing_due: bool = False
    fiscal_year: str | None = None
    income_class: str | None = None
    decided_because: str = ""
    demo: bool = False

    def country_in(self, language: str) -> str:
        """Return what a language calls the country; ``country`` is its name in the source."""
        return country_name(self.iso3, language, self.country)


def fee_facts(
    *, authority: LocalAuthority, on: date, reference_year: int | None, fiscal_year: str | None
) -> NetworkFacts:
    """Return the facts about an authority that a fee rests on, as of a day."""
    standing = Standing.objects.select_related("membership__city").filter(authority=authority).first()
    membership = _membership(authority, standing, on)
    contribution = _contribution(membership, reference_year)
    country = authority.city.country
    return NetworkFacts(
        authority=authority.name,
        iso3=country.iso3,
        country=country.name,
        is_member=_counts_as_member(authority, standing, membership),
        member_city=membership.city.name if membership else "",
        reference_year=reference_year,
        contributions_paid=_has_paid(contribution, on),
        paid_on=contribution.paid_on if contribution else None,
        nothing_due=_owed_nothing(membership, contribution, reference_year),
        fiscal_year=fiscal_year,
        income_class=find_income_class(country, fiscal_year),
        decided_because=standing.reason if standing else "",
        demo=bool(membership and membership.demo),
    )


def country_facts(*, country: Country, reference_year: int | None, fiscal_year: str | None) -> NetworkFacts:
    """Return the facts about somebody of whom only the country is known: quoted as no member."""
    return NetworkFacts(
        authority="",
        iso3=country.iso3,
        country=country.name,
        is_member=False,
        reference_year=reference_year,
        fiscal_year=fiscal_year,
        income_class=find_income_class(country, fiscal_year),
    )


def find_income_class(country: Country, fiscal_year: str | None) -> str | None:
    """Return the class of an economy in a fiscal year, or None where there is none on file."""
    if fiscal_year is None:
        return None
    found = IncomeClass.objects.filter(country=country, fiscal_year=fiscal_year).first()
    return (found.code or None) if found else None


def memberships_on(day: date) -> QuerySet[Membership]:
    """Return the memberships in force on a day."""
    return Membership.objects.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)


def list_authorities(*, words: str = "", members_only: bool = False) -> QuerySet[LocalAuthority]:
    """Return authorities with city, country, standing and the open memberships of their cities, by name."""
    open_memberships = Prefetch(
        "city__memberships",
        queryset=Membership.objects.filter(left_on=None).prefetch_related("contributions"),
        to_attr="open_memberships",
    )
    rows = (
        LocalAuthority.objects.select_related("city__country", "standing__membership__city")
        .prefetch_related(open_memberships)
        .order_by("name", "id")
    )
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(city__name__icontains=words) | Q(city__country__name__icontains=words)
        )
    if members_only:
        rows = rows.filter(city__memberships__left_on=None, city__memberships__isnull=False).distinct()
    return rows


def list_undecided() -> QuerySet[LocalAuthority]:
    """Return bodies of member cities whose staff nobody has decided about yet."""
    return (
        list_authorities()
        .exclude(kind=LocalAuthority.Kind.CITY)
        .filter(standing=None, city__memberships__left_on=None, city__memberships__isnull=False)
        .distinct()
    )


def list_country_names(language: str, *, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return code and name of the countries and economies of today, in a language and in the order of its alphabet.

    Former states are offered no more; one that somebody has chosen before stays (``keep``).
    """
    kept = set(keep)
    rows = Country.objects.values_list("iso3", "name")
    named = [(iso3, country_name(iso3, language, name)) for iso3, name in rows if is_present_day(iso3) or iso3 in kept]
    in_order = alphabetical(language)
    return sorted(named, key=lambda row: in_order(row[1]))


def _membership(authority: LocalAuthority, standing: Standing | None, on: date) -> Membership | None:
    if standing is not None:
        membership = standing.membership
        return membership if membership and membership.pk in set(_in_force(on, membership)) else None
    return memberships_on(on).filter(city=authority.city).select_related("city").order_by("id").first()


def _in_force(on: date, membership: Membership) -> QuerySet[Membership, int]:
    return memberships_on(on).filter(pk=membership.pk).values_list("pk", flat=True)


def _counts_as_member(
    authority: LocalAuthority, standing: Standing | None, membership: Membership | None
) -> bool | None:
    if membership is None:
        return False
    if standing is None and authority.kind != LocalAuthority.Kind.CITY:
        return None
    return True


def _contribution(membership: Membership | None, year: int | None) -> Contribution | None:
    if membership is None or year is None:
        return None
    return Contribution.objects.filter(membership=membership, year=year).first()


def _has_paid(contribution: Contribution | None, on: date) -> bool | None:
    if contribution is None:
        return None
    return contribution.paid_on is not None and contribution.paid_on <= on


def _owed_nothing(membership: Membership | None, contribution: Contribution | None, year: int | None) -> bool:
    """Whether no contribution was due for the year: an officer then decides what that means (B4)."""
    if membership is None or year is None:
        return False
    if contribution is not None:
        return contribution.paid_on is None and not contribution.due_minor
    return membership.joined_on.year > year
