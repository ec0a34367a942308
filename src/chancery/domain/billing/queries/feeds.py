"""Read which kind of file books an account, and until when it has booked."""

from datetime import date

from django.db.models import Max

from chancery.domain.billing.models import BankAccount, BankEntry
from chancery.domain.billing.policies.feeds import FeedDays, changes_that_stand
from chancery.domain.billing.states import EntryStatus, FileState


def feed_days(account: BankAccount) -> FeedDays:
    """Return which kind of file books an account on which days."""
    made = sorted(account.feed_changes.all(), key=lambda each: each.pk)
    return FeedDays(account.feed, changes_that_stand((each.from_on, each.feed_before) for each in made))


def last_booked_on(account: BankAccount) -> date | None:
    """Return the last day of money on an account; None where there is none yet."""
    rows = BankEntry.objects.filter(account=account, status=EntryStatus.BOOKED, file__state=FileState.ACCEPTED)
    day: date | None = rows.aggregate(day=Max("booking_date"))["day"]
    return day
