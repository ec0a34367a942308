"""Bills, what is open of them and the journal as sheets."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.billing.models import FeeException, Invoice
from chancery.domain.billing.queries import journal as books
from chancery.domain.billing.queries.invoices import Ages
from chancery.domain.billing.states import ExceptionState, InvoiceKind
from chancery.foundation.money import Money
from chancery.foundation.sheets import Row
from chancery.interfaces.office.reasons_shown import noted_words
from chancery.interfaces.office.sheets import Sheet

CHUNK = 500
KINDS: dict[str, Promise] = {
    InvoiceKind.INVOICE: gettext_lazy("Invoice"),
    InvoiceKind.CREDIT_NOTE: gettext_lazy("Credit note"),
    InvoiceKind.PRO_FORMA: gettext_lazy("Pro-forma"),
    InvoiceKind.REQUEST: gettext_lazy("Payment request"),
}
EXCEPTION_STATES: dict[str, Promise] = {
    ExceptionState.PROPOSED: gettext_lazy("waits for a second person"),
    ExceptionState.APPROVED: gettext_lazy("approved"),
    ExceptionState.REJECTED: gettext_lazy("rejected"),
}
# What an accountant's import reads: never translated, in CSV (docs/decisions/0071).
JOURNAL_CODES: Final = ("day", "number", "debit", "credit", "amount", "currency", "text")
ACCOUNTS: dict[str, Promise] = {
    books.RECEIVABLES: gettext_lazy("Receivables"),
    books.FEES: gettext_lazy("Course fees"),
    books.TAX: gettext_lazy("Value added tax"),
    books.BANK: gettext_lazy("Bank"),
    books.WAITING: gettext_lazy("Money that waits"),
    books.LET_GO: gettext_lazy("Written off"),
    books.COSTS: gettext_lazy("Bank costs"),
}


def bills_sheet(bills: QuerySet[Invoice]) -> Sheet:
    """Return bills with what was received and what is open."""
    head = (
        _("Number"),
        _("Kind"),
        _("Issued on"),
        _("Due"),
        _("Payer"),
        _("Reference"),
        _("Currency"),
        _("Total"),
        _("Credited"),
        _("Written off"),
        _("Sum received"),
        _("Open"),
    )
    rows = (
        (
            bill.number,
            str(KINDS.get(bill.kind, bill.kind)),
            bill.issued_on,
            bill.due_on,
            bill.party.legal_name,
            bill.creditor_reference,
            bill.currency,
            Money(bill.total_minor, bill.currency).decimal,
            Money(bill.balance.credited_minor, bill.currency).decimal,
            Money(bill.balance.written_off_minor, bill.currency).decimal,
            Money(bill.balance.allocated_minor, bill.currency).decimal,
            Money(bill.balance.open_minor, bill.currency).decimal,
        )
        for bill in bills.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def ages_sheet(ages: Iterable[Ages]) -> Sheet:
    """Return what is open by currency and days after the due day."""
    head = (
        _("Currency"),
        _("not due yet"),
        _("1 to 30 days late"),
        _("31 to 60 days late"),
        _("61 to 90 days late"),
        _("more than 90 days late"),
    )
    return Sheet(head, (_age_row(age) for age in ages))


def unbilled_sheet(rows: Iterable[dict[str, Any]]) -> Sheet:
    """Return places that lack a bill with what each waits for."""
    head = (_("Reference"), _("Participant"), _("City"), _("Why"), _("Due"))
    return Sheet(
        head,
        (
            (
                row["place"].application.reference,
                row["place"].person.name,
                row["place"].application.authority.city.name if row["place"].application.authority else "",
                row["why"],
                row["due_at"],
            )
            for row in rows
        ),
    )


def exceptions_sheet(exceptions: QuerySet[FeeException]) -> Sheet:
    """Return fees that were set by hand, or are to be, newest first."""
    head = (
        _("Reference"),
        _("Applicant"),
        _("Authority"),
        _("Fee"),
        _("Currency"),
        _("Reason"),
        _("Proposed by"),
        _("Since"),
        _("State"),
    )
    rows = (
        (
            each.application.reference,
            each.application.person.name,
            each.application.authority.name if each.application.authority else "",
            Money(each.fee_minor, each.currency).decimal,
            each.currency,
            each.reason,
            each.proposed_by.email,
            each.proposed_at,
            str(EXCEPTION_STATES[each.state]),
        )
        for each in exceptions.iterator(chunk_size=CHUNK)
    )
    return Sheet(head, rows)


def journal_sheet(bookings: Iterable[books.Booking], *, coded: bool) -> Sheet:
    """Return the journal: ``coded`` for an accountant's import, else in the reader's words."""
    words = (_("Day"), _("Number"), _("Debit"), _("Credit"), _("Amount"), _("Currency"), _("Text"))
    rows = (
        (
            line.day,
            line.number,
            line.debit if coded else str(ACCOUNTS[line.debit]),
            line.credit if coded else str(ACCOUNTS[line.credit]),
            Money(line.minor, line.currency).decimal,
            line.currency,
            line.text or (line.reason if coded else noted_words(line.reason)),
        )
        for line in bookings
    )
    return Sheet(JOURNAL_CODES if coded else words, rows)


def _age_row(age: Ages) -> Row:
    columns = (age.not_due, age.month, age.two_months, age.three_months, age.older)
    return age.currency, *(Money(minor, age.currency).decimal for minor in columns)
