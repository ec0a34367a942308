"""What concerns the whole site: clocks, people, data, accessibility, law; and the pages of what went wrong."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content, get_open_edition
from chancery.domain.programme.readers import EditionFile
from chancery.foundation import clock
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.queries import count_kept
from chancery.foundation.privacy.wording import data_words, kept_words
from chancery.interfaces.public.frame import frame
from chancery.interfaces.public.pages import in_language

# The day on which the pages were last checked against the accessibility statement.
ACCESSIBILITY_REVIEWED = "2026-11-23"


@dataclass(frozen=True, slots=True)
class ClockKept:
    """A promise with a clock, in words, and how often it was kept."""

    words: str
    in_time: int
    of: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """Which data are kept, what for and how long, in words."""

    what: str
    why: str
    how_long: str


@require_safe
@in_language
def show_clocks(request: HttpRequest, language: str) -> HttpResponse:
    """Show the promises that have a clock, and how they were kept."""
    words = _clock_words()
    kept = [
        ClockKept(words[each.kind], each.in_time, each.of) for each in count_kept(now=clock.now()) if each.kind in words
    ]
    return render(request, "public/about/clocks.html", _context(request, language) | {"kept": kept})


@require_safe
@in_language
def show_contact(request: HttpRequest, language: str) -> HttpResponse:
    """Say how to reach a person."""
    return render(request, "public/about/contact.html", _context(request, language))


@require_safe
@in_language
def show_privacy(request: HttpRequest, language: str) -> HttpResponse:
    """Say which data are used for what, and for how long."""
    told = {"kept": [_Kept(data_words(key), why, kept_words(key)) for key, why in _purposes().items()]}
    return render(request, "public/about/privacy.html", _context(request, language) | told)


@require_safe
@in_language
def show_accessibility(request: HttpRequest, language: str) -> HttpResponse:
    """Say how far everybody can use the pages, and where to write if not."""
    told = {"reviewed_on": ACCESSIBILITY_REVIEWED}
    return render(request, "public/about/accessibility.html", _context(request, language) | told)


@require_safe
@in_language
def show_legal(request: HttpRequest, language: str) -> HttpResponse:
    """Name who answers for the pages."""
    return render(request, "public/about/legal.html", _context(request, language))


def _context(request: HttpRequest, language: str) -> dict[str, object]:
    edition = get_open_edition()
    file = get_content(edition) if edition else None
    return frame(request, language, edition) | {
        "mail_address": settings.REPLY_ADDRESS,
        "file": file,
        "organiser": _organiser(edition, file),
    }


def _organiser(edition: Edition | None, file: EditionFile | None) -> str:
    if file is not None and file.programme.organiser:
        return file.programme.organiser
    return edition.programme.name if edition else settings.SITE_HOST


def _purposes() -> dict[str, str]:
    """Return why data are kept, by the rule of retention.toml that says how long."""
    return {
        "account": _("so that you can sign in"),
        "idle_draft": _("so that you can go on"),
        "ended_application": _("to answer questions about the decision"),
        "place_file": _("it says what a bill was made for"),
        "course_paper": _("to assess the application"),
        "outgoing_mail": _("to know what was said"),
        "other_mail": _("to know what was said"),
        "data_copy": _("so that you can fetch it"),
        "cancellation": _("it decides about money"),
        "money": _("the law on accounts"),
    }


def _clock_words() -> dict[str, str]:
    return {
        ObligationKind.FIRST_ANSWER: _("First answers to applications"),
        ObligationKind.ANSWER: _("Answers to messages"),
        ObligationKind.CALL: _("Calls where a question had no answer"),
        ObligationKind.FEE_DECISION: _("Fees that a person had to decide"),
        ObligationKind.INVOICE: _("Invoices"),
        ObligationKind.DATA_REQUEST: _("Copies of one's data"),
    }
