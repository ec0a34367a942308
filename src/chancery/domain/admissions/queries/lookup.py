"""Find the authority that an applicant means by what was typed, and the applicant's own files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet

from chancery.domain.admissions.models import Application, ApplicationAnswer, ApplicationPart, Submission
from chancery.domain.admissions.policies.names import fold
from chancery.domain.admissions.states import SETTLED
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.models import User
from chancery.foundation.countries import country_name
from chancery.foundation.files.models import StoredFile
from chancery.foundation.search import matching

LONGEST_LIST = 1000
MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class SentCopy:
    """When an application was sent, and the file of its copy once that is made."""

    submitted_at: datetime
    copy: StoredFile | None


def authority_label(name: str, city: str, country: str) -> str:
    """Return an authority as the list offers it: body, city and country, each said once."""
    return ", ".join(dict.fromkeys((name, city, country)))


def list_authority_labels(language: str) -> list[str]:
    """Return what the list offers, by name, with the countries in a language; one query."""
    rows = _listed().values_list("name", "city__name", "city__country__iso3", "city__country__name")[:LONGEST_LIST]
    return [authority_label(name, city, country_name(iso3, language, source)) for name, city, iso3, source in rows]


def find_listed_authority(typed: str) -> LocalAuthority | None:
    """Return the listed authority that the words name without doubt: its label, its name or its city.

    The label may be in any language of the house: somebody may change the language after choosing.
    """
    wanted = fold(typed)
    if not wanted:
        return None
    rows = list(_listed().values_list("pk", "name", "city__name", "city__country__iso3", "city__country__name"))
    by_label = {
        pk
        for pk, name, city, iso3, source in rows
        for country in _names_of(iso3, source)
        if fold(authority_label(name, city, country)) == wanted
    }
    by_word = {pk for pk, name, city, *_country in rows if wanted in {fold(name), fold(city)}}
    for found in (by_label, by_word):
        if len(found) == 1:
            return LocalAuthority.objects.select_related("city__country").get(pk=found.pop())
    return None


def find_unlisted_authority(*, name: str, city: str, country: str) -> LocalAuthority | None:
    """Return the authority that was written in before under these words, or a listed one of that very name."""
    fits = Q(name__iexact=name, city__name__iexact=city, city__country__iso3=country)
    return LocalAuthority.objects.select_related("city__country").filter(fits).order_by("id").first()


def list_under_way(edition: Edition) -> QuerySet[Application]:
    """Return the applications of an edition that have not ended and are no places, drafts too, in order."""
    return Application.objects.filter(edition=edition).exclude(state__in=SETTLED).order_by("pk")


def list_own(user: User) -> list[Application]:
    """Return somebody's applications, newest first."""
    mine = Application.objects.filter(person__user=user).select_related("edition__programme", "person")
    return list(mine.order_by("-started_at", "-id"))


def list_begun(applications: Iterable[Application]) -> set[int]:
    """Return which applications have an answer, or a part that somebody called done, by their ids."""
    keys = [each.pk for each in applications]
    answered = ApplicationAnswer.objects.filter(application__in=keys).exclude(value="", file=None)
    done = ApplicationPart.objects.filter(application__in=keys, done=True)
    return set(answered.values_list("application", flat=True).union(done.values_list("application", flat=True)))


def list_files_named(words: str) -> list[int]:
    """Return the newest applications that a name, a reference or a place finds, in all editions; 200 at most."""
    if not any(sign.isalnum() for sign in words):
        return []
    found = matching(Application.objects.all(), "search_text", fold(words))
    return list(found.order_by("-pk").values_list("pk", flat=True)[:MOST_NAMED])


def find_submission(application: Application) -> SentCopy | None:
    """Return what was kept when the application was sent."""
    sent = Submission.objects.filter(application=application).select_related("document__rendering__file").first()
    if sent is None:
        return None
    rendering = getattr(sent.document, "rendering", None)
    return SentCopy(sent.submitted_at, rendering.file if rendering else None)


@cache
def _names_of(iso3: str, source: str) -> tuple[str, ...]:
    names = (country_name(iso3, language, source) for language, _label in settings.LANGUAGES)
    return tuple(dict.fromkeys((source, *names)))


def _listed() -> QuerySet[LocalAuthority]:
    return LocalAuthority.objects.filter(listed=True).order_by("name", "id")
