"""The copy of an application as it was sent: each question and answer, in the words and script of the applicant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from chancery.foundation.documents.facts import thaw
from chancery.foundation.documents.fonts import covers, printable_name
from chancery.foundation.documents.spelling import spell_day, spell_instant
from chancery.foundation.documents.typesetting import LETTER, render

TEMPLATE = "domain/admissions/documents/submission.typ"


@dataclass(frozen=True, slots=True)
class SubmittedAnswer:
    """A question as it was asked and the answer as it was given; blank lines part its paragraphs."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class SubmittedPart:
    """One part of the application form."""

    title: str
    answers: tuple[SubmittedAnswer, ...]


@dataclass(frozen=True, slots=True)
class SubmissionDocument:
    """What was sent, when, and when the first answer is due; ``submitted_at`` carries the zone of the edition."""

    reference: str
    organiser: str
    course: str
    applicant: str
    applicant_latin: str
    submitted_at: datetime
    clock_place: str
    first_answer_by: date | None
    contact: str
    parts: tuple[SubmittedPart, ...]
    supplement: int = 0  # 0 for what was sent first, then 1, 2 and so on


def render_submission(facts: SubmissionDocument | Mapping[str, Any], *, language: str, issued_at: datetime) -> bytes:
    """Return the PDF (PDF/A-2a and PDF/UA-1) of a sent application, from its dataclass or its frozen facts."""
    document = facts if isinstance(facts, SubmissionDocument) else thaw(SubmissionDocument, facts)
    with override(language):
        sheet = _sheet(document, language)
    return render(TEMPLATE, sheet, standards=LETTER, issued_at=issued_at, language=language)


def _sheet(document: SubmissionDocument, language: str) -> dict[str, Any]:
    title = _title(document)
    return {
        "title": title,
        "author": document.applicant_latin or document.applicant,
        "description": f"{title}, {document.course}",
        "house": document.organiser,
        "house_line": document.course,
        "footer": f"{document.organiser} · {title}",
        "page_of": _("Page {page} of {pages}"),
        "applicant": _printed_name(document),
        "applicant_latin": document.applicant_latin,
        "facts": _facts(document, language),
        "opening": _(
            "This is the copy of what was sent. Nobody can change it any more;"
            " to add or correct something, write to %(contact)s."
        )
        % {"contact": document.contact},
        "parts": [_part(part) for part in document.parts],
        "codes_notice": _codes_notice(document),
    }


def _printed_name(document: SubmissionDocument) -> str:
    return printable_name(document.applicant, document.applicant_latin).text


def _title(document: SubmissionDocument) -> str:
    if not document.supplement:
        return _("Application %(reference)s") % {"reference": document.reference}
    return _("Application %(reference)s, supplement %(number)s") % {
        "reference": document.reference,
        "number": document.supplement,
    }


def _facts(document: SubmissionDocument, language: str) -> list[dict[str, str]]:
    facts = [(_("Sent"), spell_instant(document.submitted_at, document.clock_place, language))]
    if document.first_answer_by:
        facts.append((_("First answer by"), spell_day(document.first_answer_by, language)))
    return [{"label": label, "text": text} for label, text in facts]


def _part(part: SubmittedPart) -> dict[str, Any]:
    return {
        "title": part.title,
        "answers": [{"question": answer.question, "paragraphs": _paragraphs(answer.answer)} for answer in part.answers],
    }


def _paragraphs(answer: str) -> list[str]:
    """Return the paragraphs of an answer; none was given reads as such, since silence is an answer too."""
    lines = [" ".join(line.split()) for line in answer.splitlines()]
    return [line for line in lines if line] or [_("Not answered")]


def _codes_notice(document: SubmissionDocument) -> str:
    answers = (answer.answer for part in document.parts for answer in part.answers)
    if covers("".join((_printed_name(document), *answers))):
        return ""
    return _(
        "Signs that our fonts lack stand here as their code, such as [U+1F642]. We keep and read the original text."
    )
