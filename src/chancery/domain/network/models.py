"""Countries, their income classes by fiscal year, authorities, and membership by year."""

from django.db import models
from django.db.models import F, Q

from chancery.foundation.privacy.declarations import NOT_PERSONAL


class Country(models.Model):
    """A country or economy by its ISO 3166 alpha-3 code; XKX and CHI are the World Bank's own codes."""

    iso3 = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=40, blank=True)

    privacy = NOT_PERSONAL

    def __str__(self) -> str:
        return self.name


class IncomeClass(models.Model):
    """World Bank class of an economy in one fiscal year; a blank code is an economy without a class."""

    class Code(models.TextChoices):
        """Codes of the World Bank's table."""

        LOW = "L", "low"
        LOWER_MIDDLE = "LM", "lower middle"
        UPPER_MIDDLE = "UM", "upper middle"
        HIGH = "H", "high"

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="income_classes")
    fiscal_year = models.CharField(max_length=4)
    code = models.CharField(max_length=2, choices=Code.choices, blank=True)
    source = models.CharField(max_length=200)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "fiscal_year"], name="income_class_once_a_year")]


class City(models.Model):
    """A city or metropolitan area."""

    name = models.CharField(max_length=120)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="cities")

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="city_once_a_country")]

    def __str__(self) -> str:
        return self.name


class Network(models.Model):
    """A network of cities whose members may have a special rate."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)

    privacy = NOT_PERSONAL


class Membership(models.Model):
    """A city's membership of a network, from a day until a day (open when null)."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="memberships")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="memberships")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    demo = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "city"], condition=Q(left_on=None), name="membership_open_once"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="membership_ends_after_start"
            ),
        ]


class Contribution(models.Model):
    """What a member owes for a year and when it paid; ``due_minor`` null means that nothing is due."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="contributions")
    year = models.PositiveSmallIntegerField()
    due_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    paid_on = models.DateField(null=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "year"], name="contribution_once_a_year"),
            models.CheckConstraint(condition=Q(due_minor=None) | Q(due_minor__gte=0), name="contribution_not_negative"),
        ]


class LocalAuthority(models.Model):
    """A body that people work for: a city council, a metropolitan body, a municipal company.

    Whether its staff count as staff of a member city is decided once by an officer, with a reason
    (promise B4): see ``Standing``.
    """

    class Kind(models.TextChoices):
        """Kinds of body."""

        CITY = "city", "city council"
        METROPOLITAN = "metropolitan", "metropolitan body"
        COMPANY = "company", "municipal company"
        OTHER = "other", "other public body"

    name = models.CharField(max_length=160)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.CITY)
    listed = models.BooleanField(default=True)

    privacy = NOT_PERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "city"], name="authority_once_a_city")]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """An officer's decision whether an authority's staff count as staff of a member city."""

    authority = models.OneToOneField(LocalAuthority, on_delete=models.PROTECT, related_name="standing")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="standings")
    reason = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    privacy = NOT_PERSONAL
