"""Know which bank accounts are ours, and which kind of file books each."""

from datetime import date, datetime, timedelta

from django.db import transaction

from chancery.domain.billing.models import BankAccount, FeedChange, StatementFile
from chancery.domain.billing.policies.feeds import COMPLETE
from chancery.domain.billing.queries.feeds import feed_days, last_booked_on
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.programme.models import Edition, Terms
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.ruling import Refused, refusal


class FeedNotPossible(Refused):
    """Nobody says from which day another kind of file books the account, or money of that day is booked already."""


@transaction.atomic
def know_edition_accounts() -> None:
    """Make sure that the account which each edition asks to be paid is on file."""
    known = set(BankAccount.objects.values_list("number", flat=True))
    for edition in Edition.objects.all():
        number = billing_facts(edition).iban
        if number and number not in known:
            BankAccount.objects.get_or_create(number=number, currency=_currency(edition))


@transaction.atomic
def name_account(
    *, number: str, currency: str, feed: str, from_on: date | None = None, actor: Actor, now: datetime
) -> BankAccount:
    """Put an account of ours on file, or change which kind of file books its money.

    Once money is booked, another kind books from a day that lies after it: what the old one says of later days, and the
    new one of earlier days, is only announced. What was to change from that day or a later one does so no longer.

    :raises FeedNotPossible: ``feed_from_missing``, or ``feed_from_booked`` where money of that day or later is booked.
    """
    packed, currency = "".join(number.split()).upper(), currency.upper()
    account, is_new = BankAccount.objects.get_or_create(number=packed, currency=currency, defaults={"feed": feed})
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    if is_new:
        facts = {"number": packed, "currency": currency, "feed": feed}
        record(Event.ACCOUNT_NAMED, actor=actor, subject=account, now=now, facts=facts)
    if is_new or feed == account.feed:
        return account
    last = last_booked_on(account)
    if last and account.feed:
        if from_on is None:
            raise FeedNotPossible(refusal("feed_from_missing"))
        if from_on <= last:
            raise FeedNotPossible(refusal("feed_from_booked"))
        before = feed_days(account).feed_on(from_on - timedelta(days=1))
        change = FeedChange.objects.create(
            account=account, feed_before=before, from_on=from_on, actor=actor.reference, at=now
        )
        facts = {"before": before, "feed": feed, "from_on": from_on.isoformat()}
        record(Event.FEED_CHANGED, actor=actor, subject=change, now=now, facts=facts)
    account.feed = feed
    account.save(update_fields=["feed"])
    return account


@transaction.atomic
def account_of_statement(*, number: str, currency: str | None) -> BankAccount | None:
    """Return our account that a statement is about, or None where the number is not ours.

    One number may be kept in several currencies: another currency of a number of ours is ours as well.
    """
    ours = list(BankAccount.objects.filter(number="".join(number.split()).upper()).order_by("id"))
    if not ours:
        return None
    if currency is None:
        return ours[0]
    matching = [account for account in ours if account.currency == currency]
    return (
        matching[0]
        if matching
        else BankAccount.objects.create(number=ours[0].number, currency=currency, feed=ours[0].feed)
    )


@transaction.atomic
def settle_feeds(*, file: StatementFile) -> None:
    """Let the first complete statement of an account decide its feed; later only an officer changes it."""
    kind = next((kind for kind in COMPLETE if file.format.startswith(kind)), "")
    if kind:
        BankAccount.objects.filter(statements__file=file, feed="").update(feed=kind)


def _currency(edition: Edition) -> str:
    terms = Terms.objects.filter(edition=edition).order_by("-version").first()
    return str(terms.rule["currency"]) if terms else "EUR"
