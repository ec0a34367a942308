"""Invented cities, their councils as banks write them, and people: some names are alike on purpose."""

import random
from dataclasses import dataclass

HEADS = ("Alta", "Belmo", "Cala", "Dorva", "Esti", "Fenna", "Gran", "Hol", "Iri", "Jasmo", "Kar", "Lum", "Mira", "Nor")
MIDDLES = ("ba", "de", "gi", "lo", "mu", "na", "pi", "ro", "sa", "te", "vi", "zu", "che", "dri", "fo", "ga")
TAILS = ("burg", "cio", "dal", "grad", "kirk", "lia", "mar", "nova", "pur", "ra", "ria", "stan", "ton", "ville", "wick")
# Names that several cities share, or that look like one another.
ALIKE = (
    *("San José", "San Juan", "San Jorge", "Santiago", "Santiago", "Guadalajara", "Guadalajara", "Córdoba", "Córdoba"),
    *("Valencia", "Valencia", "Victoria", "Victoria", "Hamilton", "Hamilton", "Mérida", "Mérida", "León", "Lyon"),
    *("Cartagena", "Cartago", "Trípoli", "Tripolis", "Barcelona", "Barcelos", "Salamanca", "Salamá"),
)
FIRST = (
    "Ada",
    "Bruno",
    "Chiara",
    "Dragan",
    "Élodie",
    "Farid",
    "Greta",
    "Hiro",
    "Iryna",
    "João",
    "Kofi",
    "Lucía",
    "Maj",
)
WINDS = (
    "Brisa",
    "Cierzo",
    "Lodos",
    "Ostro",
    "Puelche",
    "Shamal",
    "Terral",
    "Vardar",
    "Xaloc",
    "Zonda",
    "Bora",
    "Gregal",
)
SONS = ("", "ez", "ov", "sen", "ini", "oğlu", "ska", "ide", "aki", "ul", "ert", "ano")
MINISTRIES = (
    "TRESOR PUBLIC",
    "MINISTRY OF LOCAL GOVERNMENT",
    "MINISTERE DE L'INTERIEUR",
    "NATIONAL TREASURY",
    "BANCO DEL ESTADO",
    "STATE FINANCE OFFICE",
)
OTHER_COMPANIES = ("SOCIEDAD EJEMPLO SL", "MUSTER GMBH", "EXAMPLE TRAVEL LTD", "HOTEL MUESTRA SA", "PAPELERIA TAL SC")
OFFICIAL = (
    "VILLE DE {}",
    "AYUNTAMIENTO DE {}",
    "{} CITY COUNCIL",
    "MUNICIPALITY OF {}",
    "COMMUNE DE {}",
    "CITTA METROPOLITANA DI {}",
    "STADT {}",
    "INTENDENCIA DE {}",
    "MUNICIPIO {}",
)


@dataclass(frozen=True, slots=True)
class Payer:
    """A council that pays for its people."""

    key: str
    city: str
    legal_name: str
    authority: str

    @classmethod
    def new(cls, chance: random.Random) -> "Payer":
        """Return a council of a city that no other one is called after."""
        city = "".join((chance.choice(HEADS), *(chance.choice(MIDDLES) for _ in range(3)), chance.choice(TAILS)))
        return cls(f"payer {chance.random()}", city, f"City of {city}", f"{city} Metropolitan Authority")


def make_payers(chance: random.Random, count: int) -> list[Payer]:
    """Return councils, those with names that are alike among them."""
    alike = [Payer(f"alike {number}", city, f"City of {city}", f"{city} Council") for number, city in enumerate(ALIKE)]
    return [*alike, *(Payer.new(chance) for _ in range(count - len(alike)))]


def make_person(chance: random.Random) -> str:
    """Return a name of an invented person."""
    second = f"{chance.choice(WINDS)}{chance.choice(SONS)}"
    third = f"{chance.choice(WINDS)}{chance.choice(SONS)}" if chance.random() < 0.4 else ""
    return " ".join(filter(None, (chance.choice(FIRST), second, third)))


def council_names(payer: Payer) -> list[str]:
    """Return how banks write a council: in capitals, in some language, now and then cut off."""
    plain = payer.city.upper()
    return [form.format(plain) for form in OFFICIAL]
