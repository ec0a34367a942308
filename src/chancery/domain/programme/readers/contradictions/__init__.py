"""Where an edition contradicts itself, or promises what nothing keeps (promises A2, A3, A5, B3, B4, C3)."""

from collections.abc import Callable, Iterable

from chancery.domain.programme.readers.contradictions import content as content_checks
from chancery.domain.programme.readers.contradictions import mails, rules, tax, teaching
from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import EditionRefused, Finding
from chancery.domain.programme.readers.parsing import parse_edition
from chancery.domain.programme.readers.prose import prose_findings

_CHECKS: tuple[Callable[[EditionFile], Iterable[Finding]], ...] = (
    rules.dates,
    rules.invoice,
    rules.cancellation,
    rules.tariff,
    tax.profiles,
    rules.waiver,
    rules.payment,
    teaching.skills,
    teaching.sessions,
    teaching.trace,
    teaching.session_times,
    teaching.requirements,
    content_checks.questions,
    teaching.experts,
    content_checks.hotels,
    content_checks.testimonials,
    content_checks.doubles,
    teaching.lesson_numbers,
    content_checks.languages,
    mails.mail_words,
    prose_findings,
)


def check_edition(content: bytes | str, name: str = "edition") -> tuple[Finding, ...]:
    """Return everything to mend in an edition file, by line; a clean file gives nothing."""
    try:
        edition = parse_edition(content, name)
    except EditionRefused as refused:
        return refused.findings
    return tuple(sorted((*edition.warnings, *find_contradictions(edition)), key=lambda each: each.line))


def find_contradictions(edition: EditionFile) -> tuple[Finding, ...]:
    """Return what does not fit together in an edition that could be read, by line."""
    found = [finding for check in _CHECKS for finding in check(edition)]
    return tuple(sorted(found, key=lambda each: (each.line, each.key)))
