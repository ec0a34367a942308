"""Contradictions in the form, the practical lists and the texts (promises A8, B1)."""

from collections.abc import Iterable, Iterator
from datetime import date

from chancery.domain.programme.readers.contradictions.weights import error, warning
from chancery.domain.programme.readers.edition_file import EditionFile
from chancery.domain.programme.readers.findings import Finding, phrase
from chancery.domain.programme.readers.line_index import KeyPath


def questions(edition: EditionFile) -> Iterator[Finding]:
    """Questions and criteria can be answered."""
    for place, question in enumerate(edition.questions):
        path: KeyPath = ("question", place)
        if question.asks_choice and not question.options:
            wrong = phrase("the question %(question)s offers nothing to choose", question=question.key)
            yield error(edition, (*path, "options"), wrong, phrase("add options"))
        if question.options and not question.asks_choice:
            wrong = phrase("the question %(question)s has options, but is not a choice", question=question.key)
            yield warning(edition, (*path, "options"), wrong, phrase('write kind = "choice"'))
    for place, criterion in enumerate(edition.criteria):
        if criterion.highest <= criterion.lowest:
            wrong = phrase("the scale of %(criterion)s ends where it begins", criterion=criterion.key)
            yield error(edition, ("criterion", place, "highest"), wrong, phrase("write a larger number"))


def hotels(edition: EditionFile) -> Iterator[Finding]:
    """Prices in their order."""
    for place, hotel in enumerate(edition.hotels):
        if hotel.from_minor is not None and hotel.to_minor is not None and hotel.to_minor < hotel.from_minor:
            wrong = phrase("the prices of %(name)s end below where they begin", name=hotel.name)
            yield error(edition, ("hotel", place, "to"), wrong, phrase("exchange them"))


def testimonials(edition: EditionFile) -> Iterator[Finding]:
    """A consent has a likely day."""
    for place, testimonial in enumerate(edition.testimonials):
        consent = testimonial.consent_on
        if consent is not None and consent > max(edition.edition.ends_on, date(2000, 1, 1)):
            wrong = phrase(
                "%(name)s agrees on %(consent)s, after the edition has ended", name=testimonial.name, consent=consent
            )
            yield warning(edition, ("testimonial", place, "consent_on"), wrong, phrase("write the day of the consent"))


def doubles(edition: EditionFile) -> Iterator[Finding]:
    """No key stands twice."""
    named: dict[str, Iterable[str]] = {
        "skill": (each.key for each in edition.skills),
        "pillar": (each.key for each in edition.pillars),
        "lesson": (str(each.number) for each in edition.lessons),
        "session": (each.key for each in edition.sessions),
        "final_work_part": (each.key for each in edition.final_work_parts),
        "requirement": (each.key for each in edition.requirements),
        "question": (each.key for each in edition.questions),
        "criterion": (each.key for each in edition.criteria),
        "included": (each.key for each in edition.included),
        "excluded": (each.key for each in edition.excluded),
    }
    for table, keys in named.items():
        seen: set[str] = set()
        for place, key in enumerate(keys):
            if key in seen:
                yield error(
                    edition,
                    (table, place),
                    phrase("the %(table)s %(key)s stands twice", table=table, key=key),
                    phrase("rename one of them"),
                )
            seen.add(key)


def languages(edition: EditionFile) -> Iterator[Finding]:
    """Each language that is offered is written."""
    written = {text.language for text in edition.texts}
    for language in edition.edition.languages:
        if written and language not in written:
            wrong = phrase(
                "the site is offered in %(language)s, but there is no [text.%(language)s]", language=language
            )
            yield warning(edition, ("edition", "languages"), wrong, phrase("readers get another language there"))
