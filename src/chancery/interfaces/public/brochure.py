"""The brochure of an edition as a tagged PDF, from the same data and words as its pages."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from chancery.domain.programme.documents.prose import fill, values_for
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.domain.programme.policies import TermsRule
from chancery.domain.programme.queries import current_rule, get_content
from chancery.domain.programme.readers.edition_file import EditionFile, Inclusion
from chancery.domain.programme.words import note_of
from chancery.foundation.documents.typesetting import LETTER, render
from chancery.foundation.ui import wording
from chancery.interfaces.public.opening import opened
from chancery.interfaces.public.pages import in_language
from chancery.interfaces.public.tracing import lesson_traces

TEMPLATE = "interfaces/public/brochure.typ"
KEPT = 16  # brochures in memory: an edition in each language, and some revisions of it

type Block = dict[str, str]


@require_safe
@in_language
def download_brochure(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Hand out the brochure in the language of the page."""
    found = opened(request, language, edition).edition
    return HttpResponse(
        brochure_pdf(found, language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{edition}-{language}.pdf"'},
    )


def brochure_pdf(edition: Edition, language: str) -> bytes:
    """Return the brochure (PDF/A-2a, PDF/UA-1); the same bytes while edition and terms stay as they are.

    :raises EditionRevision.DoesNotExist: when no file was loaded for the edition.
    """
    revision = EditionRevision.objects.filter(edition=edition).defer("content").latest("id")
    dates = (edition.starts_on, edition.ends_on, edition.provisional, edition.called_off_at)
    return _kept(edition.pk, revision.pk, dates, current_rule(edition), language)


@lru_cache(maxsize=KEPT)
def _kept(edition_id: int, revision_id: int, dates: tuple[object, ...], terms: TermsRule, language: str) -> bytes:
    edition = Edition.objects.select_related("programme").get(pk=edition_id)
    made = EditionRevision.objects.filter(pk=revision_id).values_list("loaded_at", flat=True).get()
    with override(language):
        sheet = _sheet(edition, get_content(edition), terms, language)
    return render(TEMPLATE, sheet, standards=LETTER, issued_at=made, language=language)


def _sheet(edition: Edition, file: EditionFile, terms: TermsRule, language: str) -> dict[str, Any]:
    values = values_for(edition, file, terms)

    def told(name: str) -> list[Block]:
        return blocks_of(fill(file.text(name, language), values))

    facts, name = file.programme, file.programme.name
    days = wording.days_text(edition.starts_on, edition.ends_on)
    return {
        "title": name,
        "author": facts.organiser,
        "description": f"{name}, {days}, {edition.place}",
        "house": facts.organiser,
        "house_line": " · ".join(filter(None, (*facts.partners, *facts.support))),
        "footer": f"{name} · {days} · {edition.place}",
        "page_of": _("Page {page} of {pages}"),
        "eyebrow": _("Edition %(n)s") % {"n": edition.number},
        "heading": name,
        "tagline": fill(file.text("tagline", language), values),
        "welcome": fill(file.text("welcome", language), values),
        "demo_notice": fill(file.text("demo_note", language), values) if terms.demo else "",
        "dates": days,
        "place": edition.place,
        "dates_note": note_of(called_off_at=edition.called_off_at, provisional=edition.provisional) or _("Confirmed"),
        "before": [
            _section(_("What it is for"), told("objective") + told("introduction")),
            _section(_("What you will be able to do"), _items(skill.text.say(language) for skill in file.skills)),
        ],
        "lessons_title": _("Lessons"),
        "lessons_lead": told("content"),
        "lessons": _lessons(file, language),
        "taught": _taught(file, language, told),
        "scope": [
            _section(_("Included"), _items(_labels(file.included, language))),
            _section(_("Not included"), _items(_labels(file.excluded, language)) + told("hotels")),
        ],
        "after": [
            _section(
                _("Certificate"), told("evaluation") + _items(each.title.say(language) for each in file.requirements)
            ),
            _section(_("If you cannot come"), told("cancellation")),
        ],
        "fees_title": _("Fees"),
        "head": {"reason": _("Reason"), "amount": _("Amount")},
        "fees": _fees(terms),
        "fees_text": told("fees"),
        "apply_title": _("How to apply"),
        "apply_text": told("application"),
        "contact": _contact(edition, language),
    }


def blocks_of(markdown: str) -> list[Block]:
    """Return the paragraphs and list items of a text as plain words."""
    blocks: list[Block] = []
    in_list = 0
    for token in MarkdownIt().parse(markdown):
        in_list += token.nesting if token.type.endswith("list_open") or token.type.endswith("list_close") else 0
        if token.type == "inline":
            words = "".join(" " if child.type.endswith("break") else child.content for child in token.children or ())
            blocks.append({"kind": "item" if in_list else "paragraph", "text": " ".join(words.split())})
    return blocks


def _taught(file: EditionFile, language: str, told: Callable[[str], list[Block]]) -> list[dict[str, Any]]:
    pillars = _items(f"{pillar.title.say(language)}: {pillar.text.say(language)}" for pillar in file.pillars)
    experts = _items(", ".join(filter(None, (each.name, each.post, each.institution))) for each in file.experts)
    profiles = _items(file.text_list("profiles", language))
    return [
        _section(_("How it is taught"), told("approach") + pillars),
        _section(_("Experts"), experts or told("experts")),
        _section(_("Who can take part"), told("audience") + profiles + told("stages")),
    ]


def _section(title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"title": title, "blocks": blocks, "long": len(blocks) > 6}


def _items(texts: Iterable[str]) -> list[Block]:
    return [{"kind": "item", "text": text} for text in texts]


def _labels(inclusions: Iterable[Inclusion], language: str) -> list[str]:
    return [fill(each.label.say(language), {"quantity": str(each.quantity or "")}) for each in inclusions]


def _lessons(file: EditionFile, language: str) -> list[dict[str, Any]]:
    return [
        {
            "number": each.lesson.number,
            "title": each.lesson.title.say(language),
            "aim": each.lesson.aim.say(language),
            "traces": [
                [trace.knowledge, *trace.practice, *([", ".join(trace.parts)] if trace.parts else [])]
                for trace in each.traces
            ],
        }
        for each in lesson_traces(file, language)
    ]


def _fees(terms: TermsRule) -> list[dict[str, str]]:
    rates = ((_("Standard rate"), terms.standard_minor), (_("Member rate"), terms.member_minor))
    return [{"label": label, "amount": wording.money_text(minor, terms.currency)} for label, minor in rates]


def _contact(edition: Edition, language: str) -> list[dict[str, str]]:
    page = reverse("show-programme", args=[language, edition.slug])
    return [
        {"label": _("closes"), "text": wording.deadline_text(edition.closes_at, edition)},
        {"label": _("How to apply"), "text": f"{settings.SITE_URL}{page}"},
        {"label": _("Questions"), "text": settings.REPLY_ADDRESS},
    ]
