"""Quotes, invoices and bank entries for tests, as rows."""

from datetime import UTC, date, datetime
from itertools import count

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import (
    Allocation,
    BankAccount,
    BankEntry,
    BillingParty,
    EntryBalance,
    Invoice,
    InvoiceBalance,
    InvoiceLine,
    Quote,
    QuoteLine,
    Refund,
    RefundBatch,
    Series,
    Statement,
    StatementFile,
)
from chancery.domain.billing.references import creditor_reference
from chancery.domain.billing.states import EntryStatus, FileState, InvoiceKind, RefundState, WorkState
from chancery.domain.programme.queries import current_terms
from chancery.foundation.accounts.models import User
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes

ISSUED_AT = datetime(2024, 10, 11, 9, 0, tzinfo=UTC)
ISSUER = {"name": "Metropolis", "country": "ESP"}
_numbers = count(1)


def make_quote(application: Application, *, fee_minor: int = 150_000) -> Quote:
    """Return a saved quote of one line."""
    quote = Quote.objects.create(
        application=application,
        terms=application.terms or current_terms(application.edition),
        facts={},
        fee_minor=fee_minor,
        currency="EUR",
        officer_decides=False,
        reasons=["rate.standard"],
        quoted_at=ISSUED_AT,
    )
    QuoteLine.objects.create(quote=quote, position=1, reason="rate.standard", amount_minor=fee_minor)
    return quote


def make_party(*, email: str = "accounts@city.example") -> BillingParty:
    """Return a saved billing party."""
    return BillingParty.objects.create(
        kind="public", legal_name="City Council", address="Main Square 1", country="IND", email=email
    )


def make_invoice(application: Application, *, total_minor: int = 150_000, currency: str = "EUR") -> Invoice:
    """Return a saved invoice of one line with its balance."""
    number = next(_numbers)
    series, _ = Series.objects.get_or_create(code=f"T{number}", year=2024)
    invoice = Invoice.objects.create(
        series=series,
        sequence=1,
        number=f"T{number}-2024-0001",
        kind=InvoiceKind.INVOICE,
        edition=application.edition,
        party=make_party(),
        issuer=ISSUER,
        issued_on=ISSUED_AT.date(),
        due_on=date(2024, 11, 4),
        creditor_reference=creditor_reference(f"T{number}20240001"),
        currency=currency,
        net_minor=total_minor,
        vat_minor=0,
        total_minor=total_minor,
        issued_at=ISSUED_AT,
    )
    InvoiceLine.objects.create(
        invoice=invoice,
        position=1,
        quote=make_quote(application, fee_minor=total_minor),
        text="Place",
        vat_category="E",
        vat_rate=0,
        net_minor=total_minor,
        vat_minor=0,
        gross_minor=total_minor,
    )
    InvoiceBalance.objects.create(invoice=invoice, total_minor=total_minor)
    return invoice


def make_entry(*, amount_minor: int = 150_000, remittance: str = "", payer_iban: str = "") -> BankEntry:
    """Return a booked entry of an accepted statement file, waiting in suspense."""
    number = next(_numbers)
    stored = store_bytes(
        f"<statement {number}/>".encode(),
        purpose=Purpose.STATEMENT,
        name="statement.xml",
        content_type="application/xml",
        now=ISSUED_AT,
    )
    file = StatementFile.objects.create(
        sha256=stored.sha256,
        file=stored,
        name="statement.xml",
        format="camt.053",
        state=FileState.ACCEPTED,
        imported_by="user:1",
        started_at=ISSUED_AT,
        accepted_at=ISSUED_AT,
        settled_at=ISSUED_AT,
    )
    account, _ = BankAccount.objects.get_or_create(number="ES9121000418450200051332", currency="EUR")
    statement = Statement.objects.create(file=file, position=1, account=account)
    entry = BankEntry.objects.create(
        account=account,
        file=file,
        statement=statement,
        identity=f"identity-{number}",
        anchor=f"anchor-{number}",
        amount_minor=amount_minor,
        currency="EUR",
        booking_date=date(2024, 10, 17),
        value_date=date(2024, 10, 17),
        status=EntryStatus.BOOKED,
        payer_name="City Council",
        payer_iban=payer_iban,
        remittance=remittance,
    )
    EntryBalance.objects.create(entry=entry, amount_minor=amount_minor, work_state=WorkState.SUSPENSE)
    return entry


def make_allocation(entry: BankEntry, invoice: Invoice, *, amount_minor: int) -> Allocation:
    """Return a saved allocation; the balances stay as they are."""
    return Allocation.objects.create(
        entry=entry, invoice=invoice, amount_minor=amount_minor, reason="", actor="user:1", at=ISSUED_AT
    )


def make_refund(entry: BankEntry, *, proposed_by: User) -> Refund:
    """Return a refund that went to the bank in a file."""
    batch = RefundBatch.objects.create(
        message_id=f"MESSAGE-{entry.pk}", account=entry.account, content=b"<Document/>", sha256="0", made_at=ISSUED_AT
    )
    return Refund.objects.create(
        entry=entry,
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        name="Sociedad Ejemplo",
        iban="FR1420041010050500013M02606",
        state=RefundState.EXPORTED,
        due_on=date(2024, 11, 17),
        end_to_end_id=f"REFUND{entry.pk}",
        proposed_by=proposed_by,
        proposed_at=ISSUED_AT,
        batch=batch,
    )
