"""The frame of the public pages: the edition bar, the languages, the way around an edition."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.domain.programme.models import Edition
from chancery.domain.programme.words import note_of
from chancery.foundation.accounts.languages import ASKED, OWN_NAMES
from chancery.foundation.ui.frame import Bar, LanguageLink, NavItem
from chancery.foundation.ui.wording import days_text


def edition_bar(edition: Edition, language: str) -> Bar:
    """Return the bar that names the edition, its days, and whether they are to be confirmed or it is not held."""
    days = days_text(edition.starts_on, edition.ends_on)
    return Bar(
        name=edition.programme.name,
        href=reverse("show-programme", args=[language, edition.slug]),
        detail=f"{days} · {edition.place}",
        note=note_of(called_off_at=edition.called_off_at, provisional=edition.provisional),
    )


def language_links(request: HttpRequest, language: str) -> list[LanguageLink]:
    """Return this page in each language; its address differs in the first part only."""
    tail = request.path.removeprefix(f"/{language}/")
    return [
        LanguageLink(code, OWN_NAMES[code], f"/{code}/{tail}", current=code == language)
        for code, _name in settings.LANGUAGES
    ]


def edition_nav(request: HttpRequest, edition: Edition, language: str) -> list[NavItem]:
    """Return the pages of an edition."""
    pages = [
        (_("Programme"), "show-programme"),
        (_("Sessions"), "list-sessions"),
        (_("Experts"), "list-experts"),
        (_("Fees"), "find-fee"),
        (_("Conditions"), "show-conditions"),
        (_("How to apply"), "show-how-to-apply"),
    ]
    return [
        NavItem(label, href, current=href == request.path)
        for label, name in pages
        for href in [reverse(name, args=[language, edition.slug])]
    ]


def application_href(edition: Edition, language: str) -> str:
    """Return where an application begins, in the language of the page that leads there."""
    return f"{reverse('start-application', args=[edition.slug])}?{urlencode({ASKED: language})}"


def frame(request: HttpRequest, language: str, edition: Edition | None) -> dict[str, object]:
    """Return what the layout of public pages is told."""
    told: dict[str, object] = {"language_links": language_links(request, language)}
    if edition is not None:
        told |= {
            "edition": edition,
            "bar": edition_bar(edition, language),
            "nav": edition_nav(request, edition, language),
        }
    return told
