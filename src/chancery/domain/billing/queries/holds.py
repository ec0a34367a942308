"""Read what is held until a person has looked: payments and refunds that lead to a country of the edition's list."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from chancery.domain.billing.models import BankEntry, HoldRelease, Invoice, InvoiceLine, Refund
from chancery.domain.billing.policies.holding import Hold, holds_of
from chancery.domain.billing.queries.issuing import billing_facts, edition_paid_to, editions_of_refunds
from chancery.domain.programme.models import Edition


@dataclass(slots=True)
class HeldRefund:
    """Why a refund is held, and how it was released to the account that it goes to now."""

    holds: tuple[Hold, ...]
    release: HoldRelease | None

    @property
    def waits(self) -> bool:
        """Whether no file may hold it yet."""
        return self.release is None


def holds_of_payment(entry: BankEntry, invoice_ids: Collection[int]) -> tuple[Hold, ...]:
    """Return why money of a line may not be booked to these bills before somebody released it."""
    listed = _listed(edition_paid_to(entry.account.number))
    if entry.amount_minor <= 0 or not listed:
        return ()
    where = _countries_of(invoice_ids).values()
    return holds_of(
        listed,
        accounts=[entry.payer_iban],
        payers=[country for each in where for country in each.payers],
        authorities=[country for each in where for country in each.authorities],
    )


def release_of_payment(entry: BankEntry) -> HoldRelease | None:
    """Return how a line was released."""
    return HoldRelease.objects.select_related("released_by").filter(entry=entry).first()


def held_refunds(refunds: Sequence[Refund]) -> dict[int, HeldRefund]:
    """Return those refunds that a country holds, released ones too, by id."""
    where = _countries_of([each.credit_note_id for each in refunds if each.credit_note_id])
    releases = {(row.refund_id, row.account): row for row in _releases(refunds)}
    editions = editions_of_refunds(refunds)
    listed = {edition: _listed(edition) for edition in set(editions.values())}
    found = {}
    for refund in refunds:
        of_bill = where.get(refund.credit_note_id or 0, _Where())
        accounts = [refund.iban, refund.entry.payer_iban]
        holds = holds_of(
            listed[editions[refund.pk]],
            accounts=accounts,
            payers=of_bill.payers,
            authorities=of_bill.authorities,
        )
        if holds:
            found[refund.pk] = HeldRefund(holds, releases.get((refund.pk, refund.released_for)))
    return found


@dataclass(slots=True)
class _Where:
    """The countries behind a bill."""

    payers: list[str] = field(default_factory=list)
    authorities: list[str] = field(default_factory=list)


def _countries_of(invoice_ids: Iterable[int]) -> dict[int, _Where]:
    where: dict[int, _Where] = defaultdict(_Where)
    for pk, country in Invoice.objects.filter(pk__in=list(invoice_ids)).values_list("pk", "party__country"):
        where[pk].payers.append(country)
    told = "quote__application__authority__city__country__iso3"
    for pk, country in InvoiceLine.objects.filter(invoice__in=list(invoice_ids)).values_list("invoice", told):
        where[pk].authorities += [country] if country else []
    return where


def _releases(refunds: Iterable[Refund]) -> list[HoldRelease]:
    return list(HoldRelease.objects.select_related("released_by").filter(refund__in=list(refunds)))


def _listed(edition: Edition) -> tuple[str, ...]:
    return billing_facts(edition).payment.hold_countries
