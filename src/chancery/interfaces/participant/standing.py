"""Where an application stands, in the words of its applicant: whose turn, what is happening, by when."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.states import OVER
from chancery.domain.admissions.states import ApplicationState as S
from chancery.foundation.calendar import local_day
from chancery.foundation.ui.parts import Step, Tone
from chancery.foundation.ui.wording import day_text, deadline_text, short_day_text


@dataclass(frozen=True, slots=True)
class Standing:
    """The now-card of an application; ``by`` is text and may be blank."""

    tone: Tone
    badge: str
    now: str
    who: str
    by: str = ""


def standing_of(application: Application) -> Standing:
    """Return the now-card of an application that was sent; a drafted decision still reads as being read."""
    state = S(application.state)
    if state in OVER:
        return _over(application)
    match state:
        case S.IN_DIALOGUE:
            return _in_dialogue(application)
        case S.OFFERED:
            return _offered(application)
        case S.INCOMPLETE:
            return _incomplete(application)
        case S.WAITING:
            return Standing(
                "ours",
                _("Waiting list"),
                _("Places that become free are offered in order. You may leave the list at any time."),
                _("With us"),
            )
        case S.ADMITTED:
            return Standing(
                "done", _("Admitted"), _("You are admitted. Your place has a page of its own."), _("You and us")
            )
        case S.SUBMITTED:
            badge, now = _("Received"), _("Two people will read it, each on their own.")
        case _:
            badge, now = _("Being read"), _("Two people read it, each on their own.")
    return Standing("ours", badge, now, _("With us"), _answer_by(application))


def _over(application: Application) -> Standing:
    state = S(application.state)
    if state is S.NEXT_EDITION:
        return Standing("idle", _("Next edition"), _("We keep your application for the next edition."), _("With us"))
    badge, now = {
        S.DECLINED: (_("Not this time"), _("The reason is the one we talked about; it stands in our mail.")),
        S.WITHDRAWN: (_("Withdrawn"), _("You withdrew this application. Nobody reads it any more.")),
        S.LAPSED: (_("Passed on"), _("The place that we offered went to the next one.")),
        S.NOT_HELD: (
            _("Not held"),
            _("The edition you applied for is not held; our mail says why. Nothing is to be paid."),
        ),
        S.EXPIRED: _expired(application),
    }[state]
    return Standing("ended", badge, now, _("Ended"))


def _expired(application: Application) -> tuple[str, str]:
    """Return why it expired: something missing did not come, or it was not sent in time."""
    if application.submitted_at:
        return _("Expired"), _("What was missing did not come by the day that we named.")
    if application.edition.called_off_at:
        return _("Not held"), _("The edition is not held; this was not sent.")
    return _("Expired"), _("It was not sent while the call was open.")


def steps_of(application: Application) -> list[Step]:
    """Return the way from the application to the guaranteed place, as far as it is gone."""
    sent = application.submitted_at
    when = short_day_text(_local_day(sent, application)) if sent else ""
    labels = [
        _("Sent"),
        _("Receipt"),
        _("Read and talked about"),
        _("Answer"),
        _("Invoice"),
        _("Paid"),
        _("Place guaranteed"),
    ]
    reached = {S.ADMITTED: 4, S.DECLINED: 3, S.WITHDRAWN: 2, S.NEXT_EDITION: 3, S.WAITING: 3, S.OFFERED: 3, S.LAPSED: 3}
    at = reached.get(S(application.state), 2)
    stopped = application.state in OVER
    return [
        Step(
            label,
            "done" if index < at else "to_come" if index > at else "stopped" if stopped else "now",
            when if index < 2 else "",
        )
        for index, label in enumerate(labels)
    ]


def first_answer_by(application: Application) -> str:
    """Return the day of the first answer in words, while it is our turn."""
    due = application.turn_due_at
    return day_text(_local_day(due, application)) if due and application.turn_ours else ""


def to_the_minute(instant: datetime) -> datetime:
    """Return the instant as people say when something was saved."""
    return instant.replace(second=0, microsecond=0)


def _offered(application: Application) -> Standing:
    until = application.waiting.offered_until
    return Standing(
        "yours",
        _("A place is free for you"),
        _("You were next on the waiting list. If you say yes, the place is yours and the bill follows."),
        _("You"),
        _("answer by %(instant)s") % {"instant": deadline_text(until, application.edition)} if until else "",
    )


def _in_dialogue(application: Application) -> Standing:
    if application.turn_ours:
        return Standing(
            "ours",
            _("Your answer is here"),
            _("We read what you wrote and answer."),
            _("With us"),
            _answer_by(application),
        )
    due = application.turn_due_at
    return Standing(
        "yours",
        _("Answer our question"),
        _("We asked you something. No answer is never a no: we would call you."),
        _("You"),
        _("wished by %(day)s") % {"day": day_text(_local_day(due, application))} if due else "",
    )


def _incomplete(application: Application) -> Standing:
    if application.turn_ours:
        return Standing(
            "ours",
            _("We look into it"),
            _("Something is still missing. You can complete it all the same, or wait until you hear from us."),
            _("With us"),
            _answer_by(application),
        )
    due = application.turn_due_at
    return Standing(
        "yours",
        _("Complete your application"),
        _("Something is missing. You can change what is listed here; all else stays as you sent it."),
        _("You"),
        _("by %(day)s") % {"day": day_text(_local_day(due, application))} if due else "",
    )


def _answer_by(application: Application) -> str:
    day = first_answer_by(application)
    return _("answer by %(day)s") % {"day": day} if day else ""


def closing_words(application: Application) -> str:
    """Return until when the draft can be sent."""
    return _("by %(instant)s") % {"instant": deadline_text(application.edition.closes_at, application.edition)}


def _local_day(instant: datetime, application: Application) -> date:
    return local_day(instant, ZoneInfo(application.edition.time_zone))
