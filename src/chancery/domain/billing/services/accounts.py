"""Know which bank accounts are ours."""

from django.db import transaction

from chancery.domain.billing.models import BankAccount, StatementFile
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.programme.models import Edition, Terms

# Kinds of file that say all of a period's money, so that they may book it.
COMPLETE = ("camt.053", "mt940", "csv")


@transaction.atomic
def know_edition_accounts() -> None:
    """Make sure that the account which each edition asks to be paid is on file."""
    known = set(BankAccount.objects.values_list("number", flat=True))
    for edition in Edition.objects.all():
        number = billing_facts(edition).iban
        if number and number not in known:
            BankAccount.objects.get_or_create(number=number, currency=_currency(edition))


@transaction.atomic
def name_account(*, number: str, currency: str, feed: str) -> BankAccount:
    """Put an account of ours on file, or change which kind of file books its money."""
    packed = "".join(number.split()).upper()
    account, _ = BankAccount.objects.update_or_create(number=packed, currency=currency.upper(), defaults={"feed": feed})
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


def books_for(account: BankAccount, *, format_name: str) -> bool:
    """Tell whether a file of that format books the money of the account; the others only announce it."""
    return format_name.startswith(account.feed or COMPLETE)


@transaction.atomic
def settle_feeds(*, file: StatementFile) -> None:
    """Let the first complete statement of an account decide its feed; later only an officer changes it."""
    kind = next((kind for kind in COMPLETE if file.format.startswith(kind)), "")
    if kind:
        BankAccount.objects.filter(statements__file=file, feed="").update(feed=kind)


def _currency(edition: Edition) -> str:
    terms = Terms.objects.filter(edition=edition).order_by("-version").first()
    return str(terms.rule["currency"]) if terms else "EUR"
