"""Count how the applicants of an edition, and those who shall take part, are composed."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from chancery.domain.admissions.models import Application, ApplicationAnswer
from chancery.domain.admissions.queries.desk import NO_CLASS
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.network.models import Country, IncomeClass
from chancery.domain.programme.models import Edition

NOT_SAID = ""


class Circle(StrEnum):
    """Whose composition is counted."""

    SENT = "sent"
    SHORTLIST = "shortlist"
    ADMITTED = "admitted"


@dataclass(frozen=True, slots=True)
class Composition:
    """How many there are of each kind; ``answers`` by question and the value given, blank where nothing was said."""

    total: int
    regions: Counter[str]
    classes: Counter[str]
    answers: dict[str, Counter[str]]


def count_composition(edition: Edition, circle: Circle, *, fiscal_year: str, questions: Collection[str]) -> Composition:
    """Count a circle of applicants by region, by income class of a fiscal year, and by what they answered."""
    rows = _circle(edition, circle)
    by_country = Counter[int | None]()
    for country, count in rows.values_list("authority__city__country").annotate(n=Count("pk")).order_by():
        by_country[country] += count
    total = by_country.total()
    regions = dict(Country.objects.filter(pk__in=list(filter(None, by_country))).values_list("pk", "region"))
    classes = dict(
        IncomeClass.objects.filter(fiscal_year=fiscal_year, country__in=regions).values_list("country", "code")
    )
    return Composition(
        total=total,
        regions=_summed(by_country, regions, unknown=NOT_SAID),
        classes=_summed(by_country, classes, unknown=NO_CLASS),
        answers=_answers(rows, questions, total),
    )


def _circle(edition: Edition, circle: Circle) -> QuerySet[Application]:
    rows = Application.objects.filter(edition=edition).exclude(submitted_at=None)
    admitted = Q(state=ApplicationState.ADMITTED)
    match circle:
        case Circle.SENT:
            return rows
        case Circle.ADMITTED:
            return rows.filter(admitted)
        case Circle.SHORTLIST:
            drafted = Application.objects.filter(
                edition=edition,
                state=ApplicationState.DECIDED,
                decisions__outcome=Outcome.ADMIT,
                decisions__standing__dropped_at=None,
            )
            return rows.filter(admitted | Q(pk__in=drafted.values("pk")))


def _summed(counts: Counter[int | None], kinds: dict[int, str], *, unknown: str) -> Counter[str]:
    summed = Counter[str]()
    for country, count in counts.items():
        summed[(kinds.get(country) if country else None) or unknown] += count
    return summed


def _answers(rows: QuerySet[Application], questions: Collection[str], total: int) -> dict[str, Counter[str]]:
    found = {key: Counter[str]() for key in questions}
    given = ApplicationAnswer.objects.filter(application__in=rows.values("pk"), key__in=questions).exclude(value="")
    for key, value, count in given.values_list("key", "value").annotate(n=Count("pk")).order_by():
        found[key][value] += count
    for counts in found.values():
        counts[NOT_SAID] = total - counts.total()
    return found
