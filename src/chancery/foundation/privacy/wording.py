"""The rules of retention.toml, and what holds an erasure back, in words of the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chancery.foundation.privacy import policies
from chancery.foundation.privacy.retention import MONTHS_OF_A_YEAR, Period, Since, period


def kept_words(key: str) -> str:
    """Return how long a rule with a length keeps, such as "12 months after it ended"."""
    rule = period(key)
    phrases = {
        Since.LAST_USE: _("%(span)s after its last use, once nothing else is kept about you"),
        Since.END_OF_USE: _("%(span)s after it can be used no more"),
        Since.LAST_CHANGE: _("%(span)s after the last change, and not before the call closes"),
        Since.END_OF_APPLICATION: _("%(span)s after it ended, or after the last message about it"),
        Since.END_OF_COURSE: _("%(span)s after the course"),
        Since.ISSUE: _("at least %(span)s"),
        Since.ARRIVAL: _("%(span)s after it came in"),
        Since.MAKING: _("%(span)s after it was made"),
        Since.SENDING: _("%(span)s after it was sent, or after the application or the course that it is about"),
    }
    return phrases[rule.since] % {"span": _span(rule)} if rule.since else ""


def data_words(key: str) -> str:
    """Return what a rule is about."""
    return {
        "account": _("Your account"),
        "idle_draft": _("A draft that was never sent"),
        "ended_application": _("An application that led to no place"),
        "place_file": _("The application of somebody who had a place"),
        "course_paper": _("Letter of support"),
        "outgoing_mail": _("Mail that we sent"),
        "other_mail": _("Mail that came in"),
        "cancellation": _("A message by which somebody leaves a place"),
        "data_copy": _("The copy of your data that you asked for"),
        "money": _("Invoices and payments"),
    }[key]


def held_words(reason: str) -> str:
    """Return what holds an erasure back, and what lifts it."""
    return {
        policies.UNDER_WAY: _("An application is under way. Take it back first."),
        policies.PLACE_LIVE: _("A place in a course that is not over. Give the place up first."),
        policies.REFUND_RUNS: _("Money is on its way back. Once it has arrived, ask again."),
        policies.BILL_OPEN: _("A bill is not settled. Once it is paid or corrected, ask again."),
        policies.NOTICE_WAITS: _(
            "A message about leaving a place waits for an answer. Once it is answered, ask again."
        ),
        policies.PROMISE_OPEN: _("Something is promised and not done yet. Once it is done, ask again."),
        policies.HOLDS_A_ROLE: _("The account works in the office. Its roles have to be taken first."),
    }[reason]


def _span(rule: Period) -> str:
    if rule.days:
        return ngettext("%(count)d day", "%(count)d days", rule.days) % {"count": rule.days}
    years, rest = divmod(rule.months, MONTHS_OF_A_YEAR)
    if years > 1 and not rest:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d month", "%(count)d months", rule.months) % {"count": rule.months}
