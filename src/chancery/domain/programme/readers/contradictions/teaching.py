"""Breaks in the line from skill to lesson, session, practice, final work and certificate (promises A2, A3, A5, A7)."""

from collections.abc import Iterator

from chancery.domain.programme.readers.contradictions.weights import contradiction, error, one_of, warning
from chancery.domain.programme.readers.edition_file import EditionFile, SessionKind
from chancery.domain.programme.readers.findings import Finding, phrase
from chancery.domain.programme.readers.line_index import KeyPath


def skills(edition: EditionFile) -> Iterator[Finding]:
    """Each skill is built by a lesson."""
    known = {skill.key for skill in edition.skills}
    built = {key for lesson in edition.lessons for key in lesson.skills}
    for place, skill in enumerate(edition.skills):
        if skill.key not in built:
            wrong = phrase("no lesson builds the skill %(skill)s", skill=skill.key)
            yield contradiction(edition, ("skill", place), wrong, phrase("name it in the skills of a lesson"))
    for place, lesson in enumerate(edition.lessons):
        for key in lesson.skills:
            if key not in known:
                wrong = phrase(
                    "lesson %(lesson)s builds %(key)s, which is no skill of this file", lesson=lesson.number, key=key
                )
                yield error(edition, ("lesson", place, "skills"), wrong, one_of(known))


def sessions(edition: EditionFile) -> Iterator[Finding]:
    """Sessions point to what exists."""
    lessons = {lesson.number for lesson in edition.lessons}
    practice = {session.key for session in edition.sessions if session.kind is SessionKind.SKILLS}
    parts = {each.key for each in edition.final_work_parts}
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.lesson is not None and session.lesson not in lessons:
            wrong = phrase(
                "session %(session)s belongs to lesson %(lesson)s, which does not exist",
                session=session.key,
                lesson=session.lesson,
            )
            yield error(edition, (*path, "lesson"), wrong, one_of(map(str, sorted(lessons))))
        for key in session.applies:
            if key not in practice:
                wrong = phrase(
                    "session %(session)s is applied in %(key)s, which is no skills session of this file",
                    session=session.key,
                    key=key,
                )
                yield error(edition, (*path, "applies"), wrong, one_of(practice))
        for key in session.feeds:
            if key not in parts:
                wrong = phrase(
                    "session %(session)s feeds %(key)s, which is no part of the final work",
                    session=session.key,
                    key=key,
                )
                yield error(edition, (*path, "feeds"), wrong, one_of(parts))


def trace(edition: EditionFile) -> Iterator[Finding]:
    """The applied approach of the brochure: knowledge, then practice, then a part of the final work (A3)."""
    applied = {key for session in edition.sessions for key in session.applies}
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.kind is SessionKind.KNOWLEDGE and not session.applies:
            wrong = phrase("no skills session applies the knowledge session %(session)s", session=session.key)
            yield contradiction(edition, path, wrong, phrase('name one: applies = ["S1"]'))
        if session.kind is SessionKind.SKILLS and session.key not in applied:
            wrong = phrase("the skills session %(session)s applies no knowledge session", session=session.key)
            yield contradiction(edition, path, wrong, phrase("name it in applies of a knowledge session"))
        is_taught = session.kind in (SessionKind.KNOWLEDGE, SessionKind.SKILLS)
        if is_taught and edition.final_work_parts and not session.feeds:
            wrong = phrase("session %(session)s feeds no part of the final work", session=session.key)
            yield contradiction(edition, path, wrong, phrase("name one in feeds"))


def session_times(edition: EditionFile) -> Iterator[Finding]:
    """Sessions take place when they can."""
    facts = edition.edition
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.starts_at is None or session.ends_at is None:
            continue
        if session.ends_at <= session.starts_at:
            wrong = phrase("session %(session)s ends before it starts", session=session.key)
            yield error(edition, (*path, "ends_at"), wrong, phrase("write a later hour"))
        if session.starts_at < facts.opens_at:
            wrong = phrase("session %(session)s takes place before applications open", session=session.key)
            yield warning(edition, (*path, "starts_at"), wrong, phrase("look at the year and the month"))
        on_site = session.mode.value == "site"
        if on_site and not facts.starts_on <= session.starts_at.date() <= facts.ends_on:
            wrong = phrase(
                "session %(session)s is on site on %(starts_at)s, outside the edition's days",
                session=session.key,
                starts_at=session.starts_at.date(),
            )
            yield warning(edition, (*path, "starts_at"), wrong, phrase("move it, or hold it online"))


def lesson_numbers(edition: EditionFile) -> Iterator[Finding]:
    """Lessons are counted."""
    numbers = sorted(lesson.number for lesson in edition.lessons)
    if numbers != list(range(1, len(numbers) + 1)) and len(set(numbers)) == len(numbers):
        wrong = phrase("the lessons are numbered %(numbers)s", numbers=", ".join(map(str, numbers)))
        yield warning(edition, ("lesson",), wrong, phrase("number them from 1 without a gap"))


def requirements(edition: EditionFile) -> Iterator[Finding]:
    """Each requirement can be met."""
    kinds = {session.kind for session in edition.sessions}
    for place, requirement in enumerate(edition.requirements):
        path: KeyPath = ("requirement", place)
        if requirement.source == "attendance" and not any(session.required for session in edition.sessions):
            wrong = phrase(
                "the requirement %(requirement)s is met by attendance, but no session is required",
                requirement=requirement.key,
            )
            yield contradiction(edition, path, wrong, phrase("mark sessions as required"))
        if requirement.source == "presentation" and SessionKind.PRESENTATION not in kinds:
            wrong = phrase(
                "the requirement %(requirement)s asks for a presentation, but no session is for presenting",
                requirement=requirement.key,
            )
            yield contradiction(edition, path, wrong, phrase('add a session of kind "presentation"'))


def experts(edition: EditionFile) -> Iterator[Finding]:
    """Experts teach sessions that exist."""
    known = {session.key for session in edition.sessions}
    for place, expert in enumerate(edition.experts):
        for key in expert.sessions:
            if key not in known:
                wrong = phrase("%(name)s teaches %(key)s, which is no session of this file", name=expert.name, key=key)
                yield error(edition, ("expert", place, "sessions"), wrong, one_of(known))
