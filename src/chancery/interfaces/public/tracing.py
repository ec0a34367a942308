"""The applied approach made visible: known in a session, practised in another, used in the final work (promise A3)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.domain.programme.readers.edition_file import EditionFile, Lesson, Mode, Session, SessionKind

KINDS = {
    SessionKind.KNOWLEDGE: gettext_noop("Knowledge session"),
    SessionKind.SKILLS: gettext_noop("Skills session"),
    SessionKind.SITE_VISIT: gettext_noop("Site visit"),
    SessionKind.SOCIAL: gettext_noop("Networking"),
    SessionKind.PRESENTATION: gettext_noop("Presentations"),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the applied approach, in words."""

    knowledge: str
    practice: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonTrace:
    """A lesson with its lines."""

    lesson: Lesson
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session as pages list it."""

    key: str
    kind: str
    title: str
    lesson: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    is_online: bool
    required: bool
    demo: bool
    practised_in: tuple[str, ...]
    feeds: tuple[str, ...]

    @property
    def kind_words(self) -> str:
        """What kind of session it is, in the active language."""
        return _(KINDS[SessionKind(self.kind)])

    @property
    def day(self) -> date | None:
        """The day on which it takes place, in the edition's zone; None while it is not set."""
        return self.starts_at.date() if self.starts_at else None


def lesson_traces(file: EditionFile, language: str) -> list[LessonTrace]:
    """Return each lesson with the way from knowing to using."""
    return [LessonTrace(lesson, _traces(file, lesson, language)) for lesson in file.lessons]


def sessions_of_lesson(file: EditionFile, lesson: Lesson, language: str) -> list[ShownSession]:
    """Return the sessions of a lesson in the order of the file."""
    return [_shown(file, each, language) for each in file.sessions if each.lesson == lesson.number]


def all_sessions(file: EditionFile, language: str) -> list[ShownSession]:
    """Return all sessions by time; those without a day come last."""
    dated = sorted(
        (each for each in file.sessions if each.starts_at),
        key=lambda each: (each.starts_at, each.key),
    )
    undated = [each for each in file.sessions if not each.starts_at]
    return [_shown(file, each, language) for each in (*dated, *undated)]


def _traces(file: EditionFile, lesson: Lesson, language: str) -> tuple[Trace, ...]:
    titles = {each.key: each.title.say(language) for each in file.sessions}
    return tuple(
        Trace(
            knowledge=each.title.say(language),
            practice=tuple(titles[key] for key in each.applies if key in titles),
            parts=_parts(file, each, language),
        )
        for each in file.sessions
        if each.lesson == lesson.number and each.kind is SessionKind.KNOWLEDGE
    )


def _parts(file: EditionFile, session: Session, language: str) -> tuple[str, ...]:
    titles = {part.key: part.title.say(language) for part in file.final_work_parts}
    return tuple(titles[key] for key in session.feeds if key in titles)


def _shown(file: EditionFile, session: Session, language: str) -> ShownSession:
    titles = {each.key: each.title.say(language) for each in file.sessions}
    zone = file.edition.zone
    return ShownSession(
        key=session.key,
        kind=session.kind.value,
        title=session.title.say(language),
        lesson=session.lesson,
        starts_at=session.starts_at.astimezone(zone) if session.starts_at else None,
        ends_at=session.ends_at.astimezone(zone) if session.ends_at else None,
        place=session.place,
        is_online=session.mode is Mode.ONLINE,
        required=session.required,
        demo=session.demo,
        practised_in=tuple(titles[key] for key in session.applies if key in titles),
        feeds=_parts(file, session, language),
    )
