"""Applications as the lists of the office show them: who, what is up, by when."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.domain.admissions.models import Application, Assessment
from chancery.domain.admissions.policies.assessing import WANTED_ASSESSORS, all_in
from chancery.domain.admissions.queries.assessing import assessment_facts
from chancery.domain.admissions.queries.desk import Group, group_of
from chancery.domain.admissions.states import UNANSWERED, ApplicationState
from chancery.domain.admissions.wording import STATES
from chancery.domain.programme.models import Edition
from chancery.foundation.calendar import is_by, local_day
from chancery.foundation.ui.parts import DueItem
from chancery.foundation.ui.wording import day_text, deadline_text, name_text
from chancery.interfaces.office.addresses import page_address

FAR_APART = 2
LAST_SECOND = time(23, 59, 59)
TONES = {
    Group.LATE: "late",
    Group.TO_DO: "yours",
    Group.READY: "yours",
    Group.THEIR_TURN: "ours",
    Group.CLOSED: "idle",
}


def who(application: Application) -> str:
    """Return name and city of an applicant."""
    person = application.person
    name = name_text(person.name or application.reference, person.latin_name)
    return f"{name}, {application.authority.city.name}" if application.authority else name


def shown(
    application: Application, edition: Edition, assessments: Collection[Assessment], *, now: datetime, query: str = ""
) -> DueItem:
    """Return an application as a line of the desk list."""
    late = group_of(application, now) == Group.LATE
    address = page_address("review-application", edition.slug, application.reference)
    return DueItem(
        label=who(application),
        href=f"{address}?{query}" if query else address,
        detail=what_is_up(application, assessments),
        when=_when(application, edition, now),
        tone="late" if late else "",
        state=_("Late") if late else "",
    )


def what_is_up(application: Application, assessments: Collection[Assessment]) -> str:
    """Return in a few words what the next act on an application is."""
    state = ApplicationState(application.state)
    if state == ApplicationState.SUBMITTED:
        return _("new: ask two readers")
    if state == ApplicationState.INCOMPLETE:
        return _("our answer or call") if application.turn_ours else _("asked for what is missing")
    if state == ApplicationState.IN_ASSESSMENT:
        return _readings(assessments)
    if state == ApplicationState.IN_DIALOGUE:
        return _("our answer or call") if application.turn_ours else _("asked, no answer yet")
    if state not in UNANSWERED and application.turn_ours:
        return _("%(state)s: wrote to us") % {"state": STATES[state]}
    return str(STATES[state])


def days_left_text(due_at: datetime, edition: Edition, *, now: datetime) -> str:
    """Return how many days of the calendar a deadline of ours is away, or how late it is."""
    zone = ZoneInfo(edition.time_zone)
    days = (local_day(due_at, zone) - local_day(now, zone)).days
    if not days:
        return _("due today")
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


def due_text(due_at: datetime, edition: Edition) -> str:
    """Return a deadline of ours: the day alone where it ends with the day."""
    local = due_at.astimezone(ZoneInfo(edition.time_zone))
    return (
        day_text(local.date()) if local.time().replace(microsecond=0) == LAST_SECOND else deadline_text(due_at, edition)
    )


def by_application(assessments: Iterable[Assessment]) -> Mapping[int, list[Assessment]]:
    """Return assessments by the id of their application."""
    found: dict[int, list[Assessment]] = {}
    for each in assessments:
        found.setdefault(each.application_id, []).append(each)
    return found


def _readings(assessments: Collection[Assessment]) -> str:
    asked = [each for each in assessments if each.stood_aside_at is None]
    if len(asked) < WANTED_ASSESSORS:
        return ngettext("%(n)s more reader needed", "%(n)s more readers needed", WANTED_ASSESSORS - len(asked)) % {
            "n": WANTED_ASSESSORS - len(asked)
        }
    if not all_in(assessment_facts(assessments)):
        sent = sum(each.submitted_at is not None for each in asked)
        return _("being read, %(sent)s of %(asked)s in") % {"sent": sent, "asked": len(asked)}
    if _differ(asked):
        return _("readers differ: talk or decide")
    return _("both read: talk or decide")


def _differ(assessments: Collection[Assessment]) -> bool:
    keys = {key for each in assessments for key in each.scores}
    spans = [[each.scores[key] for each in assessments if key in each.scores] for key in keys]
    return any(max(span) - min(span) >= FAR_APART for span in spans if span)


def _when(application: Application, edition: Edition, now: datetime) -> str:
    due_at = application.turn_due_at
    if due_at is None:
        return day_text(application.submitted_at.date()) if application.submitted_at else ""
    if not is_by(now, due_at):
        return days_left_text(due_at, edition, now=now)
    return _("by %(deadline)s") % {"deadline": due_text(due_at, edition)}
