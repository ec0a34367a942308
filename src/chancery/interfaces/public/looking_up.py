"""Find the authority that a visitor means, whatever the accents and capitals."""

import unicodedata
from dataclasses import dataclass

from chancery.domain.network.models import LocalAuthority

MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Known:
    """An authority as the list of the look-up field names it."""

    id: int
    name: str
    city: str
    country: str
    iso3: str

    @property
    def label(self) -> str:
        """Name and country, as written in the field."""
        return f"{self.name}, {self.country}"


def list_known() -> list[Known]:
    """Return the listed authorities by name."""
    rows = LocalAuthority.objects.filter(listed=True).order_by("name", "id")
    fields = ("id", "name", "city__name", "city__country__name", "city__country__iso3")
    return [Known(*row) for row in rows.values_list(*fields)]


def find_known(text: str, known: list[Known]) -> list[Known]:
    """Return the authorities that the text may mean: one where it names it fully, else those that contain it."""
    wanted = folded(text)
    exact = [each for each in known if wanted in {folded(each.label), folded(each.name), folded(each.city)}]
    if exact:
        return exact[:MOST_CHOICES]
    return [each for each in known if wanted in folded(f"{each.label} {each.city}")][:MOST_CHOICES]


def folded(text: str) -> str:
    """Return the text without accents, capitals and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())
