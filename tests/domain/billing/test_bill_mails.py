"""The mails about a bill: what is asked for, what came, what is missing, and what the bank or we took off again."""

from datetime import date
from pathlib import Path

import pytest
from tests.factories.admissions import make_application
from tests.factories.billing import make_invoice
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.billing.mails import (
    invoice_mails,
    new_link_mail,
    part_payment_mail,
    payment_due_mail,
    payment_lost_mails,
    share_paid_mails,
)
from chancery.domain.billing.models import Allocation, Invoice
from chancery.domain.billing.states import InvoiceKind
from chancery.foundation.accounts.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_payer_link")]
COPIES = Path(__file__).parent / "snapshots"
EFUA = Person(name="Efua Seabreeze", email="e@x.example")


def make_bill(kind: InvoiceKind = InvoiceKind.INVOICE) -> Invoice:
    """Return a bill of EUR 1,000.00 as the mails read it; its number is not saved."""
    invoice = make_invoice(make_application(edition=make_edition()), total_minor=100_000)
    invoice.number, invoice.creditor_reference, invoice.kind = "M2-2024-0014", "RF18M220240014", kind
    invoice.issuer = {"legal_name": "Diploma Office", "beneficiary": "Diploma Office", "iban": "ES91", "bic": "CAIX"}
    invoice.document_id = 7
    return invoice


@pytest.mark.parametrize(
    ("name", "kind", "paid"),
    [
        ("invoice", InvoiceKind.INVOICE, 0),
        ("invoice_of_request", InvoiceKind.REQUEST, 0),
        ("invoice_paid_in_part", InvoiceKind.INVOICE, 40_000),
        ("invoice_settled", InvoiceKind.INVOICE, 100_000),
    ],
)
def test_a_bill_says_what_is_asked_for_and_how_to_pay_it(name: str, kind: InvoiceKind, paid: int) -> None:
    mail, copy = invoice_mails(make_bill(kind), people=[EFUA], paid_minor=paid)

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
    assert_looks_like(copy, COPIES / f"{name}_copy.en.txt")
    assert (mail.document_ids, copy.document_ids, copy.to) == ((7,), (7,), EFUA.email)


def test_a_part_that_came_is_told_with_what_is_missing() -> None:
    mail = part_payment_mail(make_bill(), allocation=Allocation(pk=7, amount_minor=60_000), open_minor=40_000)

    assert_looks_like(mail, COPIES / "part_payment.en.txt")


@pytest.mark.parametrize(("name", "came"), [("payment_due", 0), ("payment_due_in_part", 60_000)])
def test_a_reminder_says_what_is_open_and_until_when(name: str, came: int) -> None:
    invoice = make_bill()
    invoice.balance.allocated_minor = came

    assert_looks_like(payment_due_mail(invoice, open_minor=100_000 - came), COPIES / f"{name}.en.txt")


def test_a_new_link_says_why_and_asks_for_nothing() -> None:
    invoice = make_bill()

    mail = new_link_mail(invoice, on=date(2025, 3, 3))

    assert_looks_like(mail, COPIES / "new_link.en.txt")
    assert mail.to == invoice.party.email


def test_a_share_that_is_paid_is_told_to_its_payer_and_the_participant() -> None:
    invoice = make_bill()

    mail, *copies = share_paid_mails(invoice, allocation=Allocation(pk=7), people=[EFUA])

    assert_looks_like(mail, COPIES / "share_paid.en.txt")
    assert (mail.to, [each.to for each in copies]) == (invoice.party.email, ["e@x.example"])


@pytest.mark.parametrize(("name", "reverses"), [("booking_corrected", 6), ("payment_lost", None)])
def test_money_that_is_off_a_bill_again_is_told_as_our_correction_or_the_banks(name: str, reverses: int | None) -> None:
    invoice = make_bill()
    gone = Allocation(pk=7, reverses_id=reverses, amount_minor=-100_000)

    mail, *copies = payment_lost_mails(invoice, allocation=gone, open_minor=100_000, people=[EFUA])

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
    assert (mail.to, [each.to for each in copies]) == (invoice.party.email, ["e@x.example"])
