"""The mails about a bill that is corrected and money that goes back (promises C1, C4)."""

from datetime import date
from pathlib import Path

import pytest
from tests.factories.accounts import make_user
from tests.factories.admissions import make_application
from tests.factories.billing import make_entry, make_invoice, make_refund
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.billing.mails import (
    RefundStep,
    credit_note_mails,
    money_gone_mails,
    refund_mails,
    set_off_mails,
)
from chancery.domain.billing.models import Allocation, Invoice, SetOff
from chancery.domain.billing.states import InvoiceKind
from chancery.foundation.accounts.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_payer_link")]
COPIES = Path(__file__).parent / "snapshots"


def make_credit_note(kind: InvoiceKind = InvoiceKind.INVOICE) -> Invoice:
    """Return a credit note over a bill, as the mails read it; neither is saved as such."""
    application = make_application(edition=make_edition())
    corrected, note = make_invoice(application, total_minor=100_000), make_invoice(application, total_minor=100_000)
    corrected.number, corrected.kind = "M2-2024-0014", kind
    note.number, note.corrects, note.document_id = "M2-R-2024-0003", corrected, 7
    note.issuer = {"legal_name": "Diploma Office (demonstration)"}
    return note


@pytest.mark.parametrize(
    ("name", "kind"),
    [("credit_note", InvoiceKind.INVOICE), ("credit_note_of_request", InvoiceKind.REQUEST)],
)
def test_a_credit_note_says_which_bill_and_that_nothing_is_asked(name: str, kind: InvoiceKind) -> None:
    mail, *copies = credit_note_mails(
        make_credit_note(kind), people=[Person(name="Efua Seabreeze", email="e@x.example")]
    )

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
    assert mail.document_ids == (7,)
    assert [each.to for each in copies] == ["e@x.example"]


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("refund_approved", RefundStep.APPROVED),
        ("refund_sent", RefundStep.SENT),
        ("refund_not_sent", RefundStep.NOT_SENT),
        ("refund_account_wanted", RefundStep.ACCOUNT_WANTED),
        ("refund_came_back", RefundStep.CAME_BACK),
        ("refund_not_back", RefundStep.NOT_BACK),
        ("refund_withdrawn", RefundStep.WITHDRAWN),
    ],
)
def test_a_refund_shows_the_end_of_the_account_and_the_promised_day(name: str, step: RefundStep) -> None:
    refund = make_refund(make_entry(amount_minor=75_000), proposed_by=make_user())
    refund.credit_note, refund.due_on = make_credit_note(), date(2024, 11, 15)
    if step is RefundStep.SENT:
        refund.debit = make_entry(amount_minor=-75_000)

    mail = refund_mails(refund, step)[0]

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
    assert refund.iban not in mail.text + mail.html


@pytest.mark.parametrize(("name", "rest"), [("refund_set_off", 0), ("refund_set_off_in_part", 25_000)])
def test_money_that_pays_another_bill_is_told_with_the_rest_that_stays_promised(name: str, rest: int) -> None:
    refund = make_refund(make_entry(amount_minor=75_000), proposed_by=make_user())
    refund.credit_note, refund.due_on = make_credit_note(), date(2024, 11, 15)
    other = make_invoice(make_application(edition=refund.credit_note.edition), total_minor=100_000)
    other.number = "M2-2024-0015"
    booking = Allocation(pk=7, invoice=other)

    mail = set_off_mails(SetOff(refund=refund, allocation=booking, amount_minor=75_000 - rest), rest_minor=rest)[0]

    assert_looks_like(mail, COPIES / f"{name}.en.txt")


@pytest.mark.parametrize(("name", "rest"), [("refund_money_gone", 0), ("refund_money_gone_in_part", 25_000)])
def test_money_that_the_bank_took_back_is_told_with_the_rest_that_stays_promised(name: str, rest: int) -> None:
    refund = make_refund(make_entry(amount_minor=75_000), proposed_by=make_user())
    refund.credit_note, refund.due_on = make_credit_note(), date(2024, 11, 15)

    mail = money_gone_mails(SetOff(refund=refund, amount_minor=75_000 - rest), rest_minor=rest)[0]

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
