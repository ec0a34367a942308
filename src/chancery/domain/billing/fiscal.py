"""The port through which everything fiscal goes: who makes the invoice, and under which number.

A regime answers three questions about a bill before it is written. ``external``: the issuer's own system makes the
invoice, we print a payment request in a series of its own and record number, day and file of that invoice later.
``internal``: we issue, in a series without gaps. A third regime, ``verifactu`` (chained billing records, Spain 2027),
fits in here: its ``after_issue`` would append the record to the chain, in the transaction that takes the number.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from chancery.domain.billing.states import InvoiceKind

REQUEST_SERIES: Final = "PR"
CREDIT_MARK: Final = "C"  # behind the code of the series that is corrected


class FiscalRegime(Protocol):
    """What a regime has to know about a bill that is about to be issued."""

    @property
    def kind(self) -> InvoiceKind:
        """What the paper is."""

    def series(self, prefix: str) -> str:
        """Return the code of the series that the number is taken from; ``prefix`` is the edition's."""

    def missing(self, issuer_tax_id: str, vat_category: str) -> tuple[str, ...]:
        """Return the issuer's fields that the law asks for and that are blank."""


def credit_series(code: str) -> str:
    """Return the series of the credit notes that correct bills of a series: their numbers are never mixed."""
    return f"{code}{CREDIT_MARK}"


@dataclass(frozen=True, slots=True)
class External:
    """Payment requests: the invoice itself comes from the issuer's own system."""

    kind: InvoiceKind = InvoiceKind.REQUEST

    def series(self, prefix: str) -> str:  # the port's shape
        """Return the series of payment requests, apart from any series of invoices."""
        return REQUEST_SERIES

    def missing(self, issuer_tax_id: str, vat_category: str) -> tuple[str, ...]:  # the port's shape
        """Return nothing: tax facts stand on the invoice, not on the request."""
        return ()


@dataclass(frozen=True, slots=True)
class Internal:
    """Invoices of our own, in a series without gaps."""

    kind: InvoiceKind = InvoiceKind.INVOICE

    def series(self, prefix: str) -> str:
        """Return the edition's own series."""
        return prefix

    def missing(self, issuer_tax_id: str, vat_category: str) -> tuple[str, ...]:
        """Return what an invoice may not lack."""
        needed = {"issuer.tax_id": issuer_tax_id, "issuer.vat_category": vat_category}
        return tuple(name for name, value in needed.items() if not value)


REGIMES: Final[dict[str, FiscalRegime]] = {"external": External(), "internal": Internal()}


def regime_for(name: str) -> FiscalRegime:
    """Return the regime that an edition's ``issuer.fiscal_regime`` names.

    :raises KeyError: when there is none of that name.
    """
    return REGIMES[name]
