"""What happened before a story begins, done through the same steps as the pages: applications of the demo's cast."""

from dataclasses import dataclass

from tests.stories.reader import Reader
from tests.stories.telling import Telling

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.states import Outcome
from chancery.interfaces.demo import acts, story
from chancery.interfaces.demo.cast import Applicant, applicants
from chancery.journey import apply


@dataclass(frozen=True)
class File:
    """Somebody of the cast and their application."""

    who: Applicant
    application: Application

    @property
    def reference(self) -> str:
        """How the application is called."""
        return self.application.reference


def draft_of(tell: Telling, name: str, *, without: tuple[str, ...] = ()) -> File:
    """Return a draft with every part filled in, some parts left out."""
    who, now = _find(name), tell.it_is("2024-10-07T09:00")
    acts.account.cache_clear()
    draft = acts.begin(acts.Edition.objects.get(), who, now)
    form = {part: texts for part, texts in acts.answers(who).items() if part not in without}
    acts.fill(draft, who, form, now)
    return File(who, draft)


def application_of(tell: Telling, name: str) -> File:
    """Return an application that was sent."""
    file = draft_of(tell, name)
    now, actor = tell.it_is("2024-10-07T09:30"), acts.actor(file.who.email)
    apply.submit(application=file.application, accepted_version=1, actor=actor, now=now)
    return file


def admit(tell: Telling, *files: File) -> None:
    """Let the office read, talk, decide and give out, so that a place is reserved for each."""
    now = tell.it_is("2024-10-09T10:00")
    for file in files:
        acts.judge(file.application, [(story.INES, 4), (story.BIEL, 3)], story.DESK, now)
        acts.call(file.application, "We talked about the week and who pays.", story.DESK, now)
    decisions = [acts.draft(file.application, Outcome.ADMIT, story.DESK, now) for file in files]
    acts.release(decisions, story.LEAD, now)
    tell.the_worker_works()


def comes_in(tell: Telling, file: File, *, script: bool = True) -> Reader:
    """Sign in by code and stand before one's own file."""
    reader = tell.somebody(script=script)
    reader.visits("/my/")
    tell.signs_in(reader, file.who.email)
    return reader


def _find(name: str) -> Applicant:
    (found,) = [who for who in applicants().values() if who.name == name]
    return found
