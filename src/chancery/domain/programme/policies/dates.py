"""The deadlines of the programme: until when one applies, pays and leaves with a refund."""

from datetime import date, datetime, timedelta, tzinfo

from chancery.domain.programme.policies.terms import RefundBoundary, TermsRule
from chancery.foundation.calendar import (
    day_end,
    day_start,
    is_by,
    last_second_before,
    local_day,
    working_day_after,
)
from chancery.foundation.ruling import ALLOWED, Ruling, refusal

NOT_OPEN_YET = "applications_not_open_yet"
CLOSED = "applications_closed"
NOT_HELD = "edition_not_held"


def refund_cut(starts_on: date, terms: TermsRule, zone: tzinfo) -> datetime:
    """Return the exclusive cut: a cancellation received before it brings money back (promise C3)."""
    day = starts_on - timedelta(days=terms.days_before)
    return day_end(day, zone) if terms.boundary is RefundBoundary.ON else day_start(day, zone)


def last_refundable_instant(starts_on: date, terms: TermsRule, zone: tzinfo) -> datetime:
    """Return the last second of the refund period, as pages, mails and invoices print it (promise C3)."""
    return last_second_before(refund_cut(starts_on, terms, zone))


def is_refundable(received_at: datetime, starts_on: date, terms: TermsRule, zone: tzinfo) -> bool:
    """Tell whether a cancellation received at that instant is in time; fractions of the last second are."""
    return received_at < refund_cut(starts_on, terms, zone)


def refund_due_on(requested_at: datetime, terms: TermsRule, zone: tzinfo) -> date:
    """Return the day by which the refund is paid: calendar days after the request (promise C4)."""
    return local_day(requested_at, zone) + timedelta(days=terms.refund_within_days)


def invoice_due_on(admitted_on: date, starts_on: date, terms: TermsRule) -> date:
    """Return the day by which an invoice is to be paid.

    ``invoice_due_days`` after admission, but not after ``invoice_due_on`` nor the eve of the start;
    somebody who is admitted later than that pays on the same day.
    """
    latest = starts_on - timedelta(days=1)
    if terms.invoice_due_on is not None:
        latest = min(latest, terms.invoice_due_on)
    return max(admitted_on, min(admitted_on + timedelta(days=terms.invoice_due_days), latest))


def application_window(*, opens_at: datetime, closes_at: datetime, called_off: bool = False, now: datetime) -> Ruling:
    """Tell whether an application may be sent now (promise A10); never to an edition that was called off (C5).

    ``closes_at`` names the last second that counts, to its end: 23:59:59 closes at midnight.
    """
    if called_off:
        return refusal(NOT_HELD)
    if now < opens_at:
        return refusal(NOT_OPEN_YET)
    if not is_by(now, closes_at.replace(microsecond=0)):
        return refusal(CLOSED)
    return ALLOWED


def first_answer_due(submitted_at: datetime, working_days: int, zone: tzinfo) -> date:
    """Return the day by which an application is answered; the local day of arrival does not count."""
    return working_day_after(local_day(submitted_at, zone), working_days)
