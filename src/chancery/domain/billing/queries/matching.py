"""Make the book that lines are matched with: bills with payer, city and people, and accounts that paid before."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, QuerySet

from chancery.domain.billing.matching import Bill, Book
from chancery.domain.billing.models import Allocation, Invoice, InvoiceBalance, InvoiceLine
from chancery.domain.billing.policies.holding import account_beginnings
from chancery.domain.billing.queries.issuing import billing_facts
from chancery.domain.billing.states import InvoiceKind
from chancery.domain.programme.models import Edition
from chancery.domain.programme.readers.edition_file import PaymentFacts

PAYABLE = (InvoiceKind.INVOICE, InvoiceKind.REQUEST)


def book_of_bills(*, ended: Collection[int]) -> Book:
    """Return every bill that money may be for; ``ended``: those whose place nobody holds any more."""
    listed = {country for limits in _limits().values() for country in limits.hold_countries}
    return Book(list_bills_to_match(ended=ended), _accounts(), account_beginnings(listed))


def list_bills_to_match(*, ended: Collection[int], invoice_ids: Collection[int] | None = None) -> list[Bill]:
    """Return bills as matching sees them: all of them, or those with these ids."""
    balances = InvoiceBalance.objects.filter(invoice__kind__in=PAYABLE).select_related("invoice__party")
    lines = InvoiceLine.objects.filter(invoice__kind__in=PAYABLE, quote__isnull=False)
    if invoice_ids is not None:
        balances = balances.filter(invoice__in=invoice_ids)
        lines = lines.filter(invoice__in=invoice_ids)
    people, limits = _people(lines), _limits()
    return [_bill(row, people[row.invoice_id], limits[row.invoice.edition_id], ended) for row in balances]


def last_issued_at() -> datetime | None:
    """Return when the last bill was issued: lines weighed before that have to be weighed again."""
    at: datetime | None = Invoice.objects.aggregate(at=Max("issued_at"))["at"]
    return at


class _Told:
    """Who stands behind a bill: the authorities, cities and people of its lines."""

    __slots__ = ("authorities", "cities", "countries", "names", "people")

    def __init__(self) -> None:
        self.people: dict[str, None] = {}
        self.names: dict[str, None] = {}
        self.cities: dict[str, None] = {}
        self.authorities: dict[str, None] = {}
        self.countries: set[str] = set()


def _people(lines: QuerySet[InvoiceLine]) -> dict[int, _Told]:
    told: dict[int, _Told] = defaultdict(_Told)
    application = "quote__application"
    rows = lines.values_list(
        "invoice_id",
        f"{application}__person__name",
        f"{application}__person__latin_name",
        f"{application}__authority_id",
        f"{application}__authority__name",
        f"{application}__authority__city__name",
        f"{application}__authority__city__country__iso3",
    )
    for invoice_id, name, latin, authority_id, authority, city, country in rows.iterator(chunk_size=2000):
        of_bill = told[invoice_id]
        of_bill.people |= dict.fromkeys(filter(None, (name, latin)))
        of_bill.names |= dict.fromkeys(filter(None, (authority,)))
        of_bill.cities |= dict.fromkeys(filter(None, (city,)))
        of_bill.countries |= {country} if country else set()
        of_bill.authorities |= dict.fromkeys([f"authority:{authority_id}"] if authority_id else [])
    return told


def _bill(row: InvoiceBalance, told: _Told, limits: PaymentFacts, ended: Collection[int]) -> Bill:
    invoice = row.invoice
    payer = _payer_key(invoice.party.legal_name, invoice.party.country)
    return Bill(
        key=row.invoice_id,
        reference=invoice.creditor_reference,
        number=invoice.number,
        open_cents=row.open_minor,
        currency=invoice.currency,
        received_cents=row.allocated_minor,
        credited=row.credited_minor > 0,
        ended=row.invoice_id in ended,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        payer=payer,
        names=(invoice.party.legal_name, *told.names),
        cities=tuple(told.cities),
        people=tuple(told.people),
        whose=(payer, *told.authorities),
        tolerance_cents=limits.tolerance_minor,
        book_from=limits.book_from,
        held=not {invoice.party.country, *told.countries}.isdisjoint(limits.hold_countries),
    )


def _limits() -> dict[int, PaymentFacts]:
    """Return what each edition says about money that comes in, by its id."""
    return {edition.pk: billing_facts(edition).payment for edition in Edition.objects.select_related("programme")}


def _accounts() -> dict[str, frozenset[str]]:
    """Return whose bills each account paid before, in any edition; what was taken back does not count."""
    paid = Allocation.objects.filter(amount_minor__gt=0, reversed_by=None).exclude(entry__payer_iban="")
    whose: dict[str, set[str]] = defaultdict(set)
    rows = paid.values_list(
        "entry__payer_iban",
        "invoice__party__legal_name",
        "invoice__party__country",
        "invoice__lines__quote__application__authority",
    )
    for account, legal_name, country, authority in rows.distinct().iterator(chunk_size=2000):
        whose[account] |= {_payer_key(legal_name, country), *([f"authority:{authority}"] if authority else [])}
    return {account: frozenset(keys) for account, keys in whose.items()}


def _payer_key(legal_name: str, country: str) -> str:
    return f"{' '.join(legal_name.casefold().split())}|{country}"
