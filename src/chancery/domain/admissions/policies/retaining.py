"""How long an application is kept: by what became of it."""

from dataclasses import dataclass
from datetime import datetime

from chancery.domain.admissions.states import OVER, ApplicationState
from chancery.foundation.privacy.retention import period

S = ApplicationState


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the time of an application runs from; ``ended_at`` is its end or the last word about it."""

    state: ApplicationState
    sent: bool
    saved_at: datetime
    ended_at: datetime
    call_closes_at: datetime
    course_ends_at: datetime


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """The rule of retention.toml that applies, and the instant from which nothing of it is kept any more."""

    rule: str
    over_at: datetime


def kept_until(facts: FileFacts) -> KeptUntil | None:
    """Return how long an application is kept; None while it is under way."""
    if facts.state is S.EXPIRED and not facts.sent:
        over_at = max(period("idle_draft").over_at(facts.saved_at), facts.call_closes_at)
        return KeptUntil("idle_draft", over_at)
    if facts.state is S.ADMITTED:
        return KeptUntil("place_file", period("place_file").over_at(facts.course_ends_at))
    if facts.state in OVER:
        return KeptUntil("ended_application", period("ended_application").over_at(facts.ended_at))
    return None


def papers_kept_until(facts: FileFacts) -> KeptUntil:
    """Return how long letters of support are kept: past the course, and never longer than the application."""
    papers = KeptUntil("course_paper", period("course_paper").over_at(facts.course_ends_at))
    whole = kept_until(facts)
    return min(papers, whole, key=lambda each: each.over_at) if whole else papers


def mail_kept_until(facts: FileFacts, rule: str, at: datetime) -> datetime | None:
    """Return how long a mail about an application is kept: never shorter than it is needed for it, None meanwhile.

    The time runs from the mail, or from the end of the application, or of the course for whoever had a place.
    """
    if facts.state is S.ADMITTED:
        return period(rule).over_at(max(at, facts.course_ends_at))
    if facts.state in OVER:
        return period(rule).over_at(max(at, facts.ended_at))
    return None
