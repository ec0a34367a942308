"""Find the authority that a visitor means, whatever the accents and capitals."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import get_language

from chancery.domain.network.models import LocalAuthority
from chancery.foundation.countries import country_name

MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Known:
    """An authority as the list of the look-up field names it; ``source`` is the name of its country on file."""

    id: int
    name: str
    city: str
    source: str
    iso3: str

    @property
    def label(self) -> str:
        """Name and country, as written in the field."""
        return f"{self.name}, {self.country}"

    @property
    def country(self) -> str:
        """The country in the language of the page."""
        return country_name(self.iso3, get_language() or "en", self.source)


def list_known() -> list[Known]:
    """Return the listed authorities by name."""
    rows = LocalAuthority.objects.filter(listed=True).order_by("name", "id")
    fields = ("id", "name", "city__name", "city__country__name", "city__country__iso3")
    return [Known(*row) for row in rows.values_list(*fields)]


def find_known(text: str, known: list[Known]) -> list[Known]:
    """Return the authorities that the text may mean: one where it names it fully, else those that contain it."""
    wanted = folded(text)
    exact = [each for each in known if wanted in _names_of(each)]
    if exact:
        return exact[:MOST_CHOICES]
    return [each for each in known if wanted in folded(f"{each.label} {each.city}")][:MOST_CHOICES]


def folded(text: str) -> str:
    """Return the text without accents, capitals and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())


def _names_of(known: Known) -> set[str]:
    """Return what names an authority fully; the country may be called as on the page or as in the source."""
    return {folded(name) for name in (known.label, f"{known.name}, {known.source}", known.name, known.city)}
