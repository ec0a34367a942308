"""Breaks in the line from skill to lesson, session, practice, final work and certificate (promises A2, A3, A5, A7)."""

from collections.abc import Iterator

from chancery.domain.programme.readers.contradictions.weights import contradiction, error, one_of, warning
from chancery.domain.programme.readers.edition_file import EditionFile, SessionKind
from chancery.domain.programme.readers.findings import Finding
from chancery.domain.programme.readers.line_index import KeyPath


def skills(edition: EditionFile) -> Iterator[Finding]:
    """Each skill is built by a lesson."""
    known = {skill.key for skill in edition.skills}
    built = {key for lesson in edition.lessons for key in lesson.skills}
    for place, skill in enumerate(edition.skills):
        if skill.key not in built:
            wrong = f"no lesson builds the skill {skill.key}"
            yield contradiction(edition, ("skill", place), wrong, "name it in the skills of a lesson")
    for place, lesson in enumerate(edition.lessons):
        for key in lesson.skills:
            if key not in known:
                wrong = f"lesson {lesson.number} builds {key}, which is no skill of this file"
                yield error(edition, ("lesson", place, "skills"), wrong, one_of(known))


def sessions(edition: EditionFile) -> Iterator[Finding]:
    """Sessions point to what exists."""
    lessons = {lesson.number for lesson in edition.lessons}
    practice = {session.key for session in edition.sessions if session.kind is SessionKind.SKILLS}
    parts = {each.key for each in edition.final_work_parts}
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.lesson is not None and session.lesson not in lessons:
            wrong = f"session {session.key} belongs to lesson {session.lesson}, which does not exist"
            yield error(edition, (*path, "lesson"), wrong, one_of(map(str, sorted(lessons))))
        for key in session.applies:
            if key not in practice:
                wrong = f"session {session.key} is applied in {key}, which is no skills session of this file"
                yield error(edition, (*path, "applies"), wrong, one_of(practice))
        for key in session.feeds:
            if key not in parts:
                wrong = f"session {session.key} feeds {key}, which is no part of the final work"
                yield error(edition, (*path, "feeds"), wrong, one_of(parts))


def trace(edition: EditionFile) -> Iterator[Finding]:
    """The applied approach of the brochure: knowledge, then practice, then a part of the final work (A3)."""
    applied = {key for session in edition.sessions for key in session.applies}
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.kind is SessionKind.KNOWLEDGE and not session.applies:
            wrong = f"no skills session applies the knowledge session {session.key}"
            yield contradiction(edition, path, wrong, 'name one: applies = ["S1"]')
        if session.kind is SessionKind.SKILLS and session.key not in applied:
            wrong = f"the skills session {session.key} applies no knowledge session"
            yield contradiction(edition, path, wrong, "name it in applies of a knowledge session")
        is_taught = session.kind in (SessionKind.KNOWLEDGE, SessionKind.SKILLS)
        if is_taught and edition.final_work_parts and not session.feeds:
            wrong = f"session {session.key} feeds no part of the final work"
            yield contradiction(edition, path, wrong, "name one in feeds")


def session_times(edition: EditionFile) -> Iterator[Finding]:
    """Sessions take place when they can."""
    facts = edition.edition
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.starts_at is None or session.ends_at is None:
            continue
        if session.ends_at <= session.starts_at:
            wrong = f"session {session.key} ends before it starts"
            yield error(edition, (*path, "ends_at"), wrong, "write a later hour")
        if session.starts_at < facts.opens_at:
            wrong = f"session {session.key} takes place before applications open"
            yield warning(edition, (*path, "starts_at"), wrong, "look at the year and the month")
        on_site = session.mode.value == "site"
        if on_site and not facts.starts_on <= session.starts_at.date() <= facts.ends_on:
            wrong = f"session {session.key} is on site on {session.starts_at:%Y-%m-%d}, outside the edition's days"
            yield warning(edition, (*path, "starts_at"), wrong, "move it, or hold it online")


def lesson_numbers(edition: EditionFile) -> Iterator[Finding]:
    """Lessons are counted."""
    numbers = sorted(lesson.number for lesson in edition.lessons)
    if numbers != list(range(1, len(numbers) + 1)) and len(set(numbers)) == len(numbers):
        wrong = f"the lessons are numbered {', '.join(map(str, numbers))}"
        yield warning(edition, ("lesson",), wrong, "number them from 1 without a gap")


def requirements(edition: EditionFile) -> Iterator[Finding]:
    """Each requirement can be met."""
    kinds = {session.kind for session in edition.sessions}
    for place, requirement in enumerate(edition.requirements):
        path: KeyPath = ("requirement", place)
        if requirement.source == "attendance" and not any(session.required for session in edition.sessions):
            wrong = f"the requirement {requirement.key} is met by attendance, but no session is required"
            yield contradiction(edition, path, wrong, "mark sessions as required")
        if requirement.source == "presentation" and SessionKind.PRESENTATION not in kinds:
            wrong = f"the requirement {requirement.key} asks for a presentation, but no session is for presenting"
            yield contradiction(edition, path, wrong, 'add a session of kind "presentation"')


def experts(edition: EditionFile) -> Iterator[Finding]:
    """Experts teach sessions that exist."""
    known = {session.key for session in edition.sessions}
    for place, expert in enumerate(edition.experts):
        for key in expert.sessions:
            if key not in known:
                wrong = f"{expert.name} teaches {key}, which is no session of this file"
                yield error(edition, ("expert", place, "sessions"), wrong, one_of(known))
