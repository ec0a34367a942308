"""Who comes to a rehearsal: invented people with names in many scripts, from cities of every kind.

Drawn from a seed: the same seed brings the same people with the same fates.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chancery.interfaces.demo.cast import Applicant


class Home(StrEnum):
    """What the network knows about a city."""

    MEMBER = "member, dues paid"
    LOW_INCOME = "member of low income"
    UNCLASSIFIED = "member, economy without a class"
    DUES_UNKNOWN = "member, dues not on file"
    OUTSIDE = "no member"
    UNLISTED = "not on the list"


class Fate(StrEnum):
    """What becomes of an application."""

    DRAFT = "never sent"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    WAITING = "waiting list"
    NEXT_EDITION = "next edition"
    ADMITTED = "admitted"


class Talk(StrEnum):
    """How the dialogue goes."""

    CALL = "a call"
    PAGE = "an answer on the page"
    MAIL = "an answer by mail"
    SILENCE = "no answer, then a call"


class Paying(StrEnum):
    """How the money comes."""

    EXACT = "exact, with the reference"
    IN_TEXT = "exact, the reference in the text"
    IN_PARTS = "in two parts"
    MISTYPED = "with a mistyped reference"
    TOO_MUCH = "too much"
    SHORT = "less the charges of a bank"
    TWICE = "twice"
    PENDING_FIRST = "pending, then booked"
    RETURNED = "taken back by the bank"
    OTHER_CURRENCY = "in dollars"
    NEVER = "not at all"


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody is there for; ``group`` numbers the groups, 0 is none."""

    home: Home
    fate: Fate
    paying: Paying = Paying.EXACT
    talk: Talk = Talk.CALL
    payer_known: bool = True
    group: int = 0


@dataclass(frozen=True, slots=True)
class Guest:
    """An applicant and their part."""

    who: Applicant
    part: Part


# The first ones play these parts, so that a small rehearsal has most of them; the others draw theirs.
FIRST = (
    Part(Home.LOW_INCOME, Fate.ADMITTED, Paying.NEVER, Talk.PAGE),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.EXACT, Talk.CALL, group=1),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.IN_TEXT, Talk.CALL, group=1),
    Part(Home.OUTSIDE, Fate.DECLINED),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.IN_PARTS, Talk.MAIL),
    Part(Home.UNLISTED, Fate.ADMITTED, Paying.MISTYPED, Talk.SILENCE),
    Part(Home.OUTSIDE, Fate.WITHDRAWN),
    Part(Home.UNCLASSIFIED, Fate.ADMITTED, Paying.EXACT),
    Part(Home.MEMBER, Fate.DRAFT),
    Part(Home.DUES_UNKNOWN, Fate.ADMITTED, Paying.TWICE),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.RETURNED),
    Part(Home.OUTSIDE, Fate.WAITING),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.TOO_MUCH, payer_known=False),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.SHORT),
    Part(Home.OUTSIDE, Fate.NEXT_EDITION),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.PENDING_FIRST),
    Part(Home.MEMBER, Fate.ADMITTED, Paying.OTHER_CURRENCY),
)
FATES = {
    Fate.ADMITTED: 70,
    Fate.DRAFT: 8,
    Fate.WITHDRAWN: 6,
    Fate.DECLINED: 6,
    Fate.WAITING: 5,
    Fate.NEXT_EDITION: 5,
}
HOMES = {
    Home.MEMBER: 50,
    Home.OUTSIDE: 20,
    Home.LOW_INCOME: 12,
    Home.UNLISTED: 8,
    Home.UNCLASSIFIED: 5,
    Home.DUES_UNKNOWN: 5,
}
GROUPED = 0.15  # of those who draw their part, how many bring a colleague

# Given names, winds as surnames; each in Latin letters and as written at home (blank: the same).
NAMES: tuple[tuple[str, str, str, str], ...] = (
    ("Nour", "نور", "Samiel", "سميل"),
    ("Karim", "كريم", "Haboub", "هبوب"),
    ("Ming", "明", "Beifeng", "北風"),
    ("Haruka", "遥", "Kogarashi", "木枯"),
    ("Minseo", "민서", "Hanui", "하늬"),
    ("Anila", "अनिला", "Loo", "लू"),
    ("Irene", "Ειρήνη", "Livas", "Λίβας"),
    ("Darya", "Дарья", "Buran", "Буран"),
    ("Somchai", "สมชาย", "Lom", "ลม"),
    ("Kavitha", "கவிதா", "Katru", "காற்று"),
    ("Sokha", "សុខា", "Khyal", "ខ្យល់"),
    ("Lakshmi", "లక్ష్మి", "Gali", "గాలి"),
    ("Ketevan", "ქეთევან", "Kari", "ქარი"),
    ("Meheret", "መኸረት", "Nefas", "ነፋስ"),
    ("Tamar", "תמר", "Sharav", "שרב"),
    ("Łucja", "", "Halniak", ""),
    ("Ngọc", "", "Gió Lào", ""),
    ("Željko", "", "Jugović", ""),
    ("Eydís", "", "Hnúkaþeyr", ""),
    ("Ayşe", "", "Poyraz", ""),
    ("Maria da Conceição", "", "Ventania de Albuquerque e Silva", ""),
    ("Siobhán", "", "O'Gaoithe", ""),
    ("Thabo", "", "Bergwind", ""),
    ("Mele", "", "Kona", ""),
)
CITIES: dict[Home, tuple[tuple[str, str], ...]] = {
    Home.MEMBER: (
        ("Accra", "GHA"),
        ("Bangkok", "THA"),
        ("Berlin", "DEU"),
        ("Brussels", "BEL"),
        ("Casablanca", "MAR"),
        ("Dakar", "SEN"),
        ("Medellín", "COL"),
        ("Montréal", "CAN"),
        ("Seoul", "KOR"),
        ("Torino", "ITA"),
        ("Warsaw", "POL"),
    ),
    Home.LOW_INCOME: (
        ("Bamako", "MLI"),
        ("Kampala", "UGA"),
        ("Addis Ababa", "ETH"),
        ("Conakry", "GIN"),
        ("Kigali", "RWA"),
        ("Maputo", "MOZ"),
    ),
    Home.UNCLASSIFIED: (("Caracas", "VEN"),),
    Home.DUES_UNKNOWN: (("Gauteng", "ZAF"),),
    Home.OUTSIDE: (
        ("Athens", "GRC"),
        ("Hanoi", "VNM"),
        ("Lima", "PER"),
        ("Mumbai", "IND"),
        ("Nairobi", "KEN"),
        ("Quezon City", "PHL"),
        ("Zagreb", "HRV"),
    ),
    Home.UNLISTED: (
        ("Vila do Vento", "PRT"),
        ("Blåstad", "SWE"),
        ("Puerto Alisio", "CRI"),
        ("Ventópolis", "VEN"),
        ("Simoun-Ville", "NER"),
    ),
}
POSTS = ("Adviser for partnerships", "Head of planning", "Project officer, housing", "Deputy director, mobility")
SENIORITIES = ("starting", "junior", "middle", "senior", "leading")
PROBLEMS = (
    "Floods reach the old market every year and no district owns the plan.",
    "Young people leave because rents eat their first wage.",
    "Buses and trains are run by two bodies that do not share a timetable.",
    "Heat kills in the same four quarters each summer.",
)
EXPERIENCES = (
    "We paid waste pickers by weight and lost money until the cooperative joined the board.",
    "Neighbours drew the bus lanes with us; two of the five were built.",
    "A water fund with upstream villages; the second year it ran dry.",
)


def draw_guests(count: int, dice: random.Random) -> list[Guest]:
    """Return that many people in the order in which they come."""
    parts = list(FIRST[:count])
    group = 1
    while len(parts) < count:
        part = _draw_part(dice)
        room = count - len(parts)
        if part.fate is Fate.ADMITTED and room > 1 and dice.random() < GROUPED:
            group += 1
            size = min(dice.choice((2, 2, 3)), room)
            parts += [_in_group(part, group, dice) for _ in range(size)]
        else:
            parts.append(part)
    homes = _cities(parts, dice)
    return [
        Guest(_person(number, *home, dice), part)
        for number, (part, home) in enumerate(zip(parts, homes, strict=True), 1)
    ]


def _draw_part(dice: random.Random) -> Part:
    fate, home = _weighed(FATES, dice), _weighed(HOMES, dice)
    paying = Paying.NEVER if home is Home.LOW_INCOME else dice.choice(list(Paying))
    return Part(home, fate, paying, dice.choice(list(Talk)), payer_known=dice.random() > 0.1)


def _in_group(part: Part, group: int, dice: random.Random) -> Part:
    paying = Paying.NEVER if part.home is Home.LOW_INCOME else dice.choice(list(Paying))
    return Part(part.home, part.fate, paying, dice.choice(list(Talk)), group=group)


def _weighed[T](weights: dict[T, int], dice: random.Random) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]


def _cities(parts: Sequence[Part], dice: random.Random) -> Iterator[tuple[str, str]]:
    """Yield a city for each part; a group comes from one city."""
    of_group: dict[int, tuple[str, str]] = {}
    for part in parts:
        drawn = dice.choice(CITIES[part.home])
        yield of_group.setdefault(part.group, drawn) if part.group else drawn


def _person(number: int, city: str, iso3: str, dice: random.Random) -> Applicant:
    given, given_home, wind, wind_home = dice.choice(NAMES)
    return Applicant(
        key=f"R-{number:04}",
        name=f"{given} {wind}",
        native=f"{given_home} {wind_home}".strip(),
        city=city,
        iso3=iso3,
        post=dice.choice(POSTS),
        seniority=dice.choice(SENIORITIES),
        years=str(dice.randint(1, 35)),
        unit=dice.choice(("yes", "no")),
        metropolitan=dice.choice(("yes", "no")),
        languages=dice.choice(("en", "fr, en", "es, en")),
        problem=dice.choice(PROBLEMS),
        experience=dice.choice(EXPERIENCES),
        namesake=str(number),
    )
