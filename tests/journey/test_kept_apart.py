"""What is kept of a place that ends, in a tax profile of its own: a bill apart, paid by the money of the place."""

from functools import partial
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.domain.billing.validators import broken_rules
from tests.factories.money import billed_group, billed_place, pay_bill
from tests.factories.network import make_city_council
from tests.factories.programme import make_edition
from tests.foundation.documents.verapdf import violations
from tests.journey.test_cancel import IN_TIME, Pay, cancelled, sums

from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.models import EntryBalance, Invoice, InvoiceLine, Refund
from chancery.domain.billing.payer_link import payer_token
from chancery.domain.billing.queries.journal import RECEIVABLES, TAX, journal
from chancery.domain.billing.states import InvoiceKind, WorkState
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.journey.bill import invoice_pdf

pytestmark = pytest.mark.django_db
OF_THE_PLACE = 'vat_category = "E"\nvat_rate = "0"\nexemption_code = "VATEX-EU-132-1I"\n'
PROFILES = {
    "exempt": ("E", "0", "VATEX-EU-132-1I"),
    "taxed": ("S", "21", ""),
    "outside": ("O", "0", ""),
}


@pytest.fixture
def pay(tmp_path: Path, finance: Actor) -> Pay:
    return partial(pay_bill, tmp_path, finance, IN_TIME)


def edition_of(place: str, kept: str) -> Edition:
    """Return an edition whose places, and what is kept of them, are taxed in these ways."""
    edition = make_edition()
    newest = EditionRevision.objects.get(edition=edition)
    lines = [
        f'{prefix}{key} = "{value}"'
        for prefix, profile in (("", place), ("kept_", kept))
        for key, value in zip(("vat_category", "vat_rate", "exemption_code"), PROFILES[profile], strict=True)
    ]
    content = bytes(newest.content).replace(OF_THE_PLACE.encode(), "\n".join([*lines, ""]).encode())
    assert content != bytes(newest.content)
    EditionRevision.objects.create(edition=edition, content=content, sha256="y", loaded_at=newest.loaded_at)
    return edition


def billed(place: str, kept: str) -> tuple[Place, Invoice]:
    return billed_place(edition_of(place, kept))


def kept_bill(of: Invoice) -> Invoice:
    return Invoice.objects.get(party=of.party, due_on=None, kind=InvoiceKind.INVOICE)


@pytest.mark.parametrize(
    ("place_vat", "kept_vat"),
    [("taxed", "outside"), ("exempt", "outside"), ("outside", "taxed"), ("exempt", "taxed"), ("taxed", "exempt")],
)
def test_what_is_kept_gets_a_bill_of_its_own_and_the_place_is_credited_whole(
    place_vat: str, kept_vat: str, pay: Pay, finance: Actor
) -> None:
    place, invoice = billed(place_vat, kept_vat)
    total = invoice.total_minor
    pay(invoice, total)

    notice = cancelled(place, finance)

    back = total * 3 // 4
    kept = kept_bill(invoice)
    place.refresh_from_db()
    assert place.state == PlaceState.CANCELLED
    assert (notice.refund_minor, Refund.objects.get().amount_minor) == (back, back)
    assert sums(invoice) == (0, total, 0)
    assert sums(kept) == (total - back, 0, 0)
    assert kept.total_minor == total - back
    assert EntryBalance.objects.get().work_state == WorkState.BOOKED
    line = InvoiceLine.objects.get(invoice=kept)
    assert (line.vat_category, str(line.vat_rate.normalize())) == PROFILES[kept_vat][:2]


@pytest.mark.parametrize(("place_vat", "kept_vat"), [("exempt", "exempt"), ("taxed", "taxed"), ("outside", "outside")])
def test_of_one_profile_there_is_one_credit_note_and_what_is_kept_stays(
    place_vat: str, kept_vat: str, pay: Pay, finance: Actor
) -> None:
    place, invoice = billed(place_vat, kept_vat)
    pay(invoice, invoice.total_minor)
    cancelled(place, finance)
    back = invoice.total_minor * 3 // 4
    assert sums(invoice) == (invoice.total_minor - back, back, 0)
    assert Invoice.objects.filter(kind=InvoiceKind.INVOICE).count() == 1


def test_an_unpaid_place_leaves_nothing_to_bill(finance: Actor) -> None:
    place, invoice = billed("taxed", "outside")
    cancelled(place, finance)
    assert sums(invoice) == (0, invoice.total_minor, 0)
    assert Invoice.objects.filter(kind=InvoiceKind.INVOICE).count() == 1


def test_of_a_part_payment_a_quarter_of_the_part_is_billed_apart(pay: Pay, finance: Actor) -> None:
    place, invoice = billed("taxed", "outside")
    pay(invoice, 60_001)
    cancelled(place, finance)
    assert Refund.objects.get().amount_minor == 45_001
    assert sums(invoice) == (0, invoice.total_minor, 0)
    assert sums(kept_bill(invoice)) == (15_000, 0, 0)


def test_on_a_bill_for_two_the_other_place_keeps_its_money(pay: Pay, finance: Actor) -> None:
    edition = edition_of("taxed", "outside")
    places, invoice = billed_group(edition, make_city_council("Medellín"))
    pay(invoice, invoice.total_minor)
    cancelled(places[0], finance)
    half = invoice.total_minor // 2
    assert sums(invoice) == (half, half, 0)
    assert kept_bill(invoice).total_minor == half - Refund.objects.get().amount_minor
    assert Place.objects.get(pk=places[1].pk).state == PlaceState.GUARANTEED


def test_the_papers_keep_the_rules_of_the_standard_and_say_that_nothing_is_to_be_paid(pay: Pay, finance: Actor) -> None:
    place, invoice = billed("taxed", "outside")
    pay(invoice, invoice.total_minor)
    cancelled(place, finance)
    kept = kept_bill(invoice)
    for syntax in Syntax:
        assert broken_rules(bill_as_xml(kept, syntax), syntax) == []
    assert b"<ram:DuePayableAmount>0.00<" in bill_as_xml(kept, Syntax.CII)
    pdf = invoice_pdf(invoice=kept, now=IN_TIME)
    assert violations(pdf, "a-3a") + violations(pdf, "ua-1") == []
    for page in (
        reverse("pay-invoice", args=[payer_token(kept.number)]),
        reverse("pay-invoice-pdf", args=[payer_token(kept.number)]),
    ):
        assert Client().get(page).status_code == 200
    mails = OutgoingMail.objects.filter(kind="billing/invoice", subject_id=str(kept.pk))
    assert mails.exists()


def test_the_journal_adds_up_and_the_tax_of_the_place_is_undone(pay: Pay, finance: Actor) -> None:
    place, invoice = billed("taxed", "outside")
    pay(invoice, invoice.total_minor)
    cancelled(place, finance)
    accounts: dict[str, int] = {}
    for booking in journal():
        accounts[booking.debit] = accounts.get(booking.debit, 0) + booking.minor
        accounts[booking.credit] = accounts.get(booking.credit, 0) - booking.minor
    assert sum(accounts.values()) == 0
    assert (accounts.get(TAX, 0), accounts.get(RECEIVABLES, 0)) == (0, 0)


def test_a_payment_request_keeps_its_share_on_the_request(pay: Pay, finance: Actor) -> None:
    edition = make_edition(says=("issuer", 'kept_vat_category = "O"'))
    newest = EditionRevision.objects.get(edition=edition)
    content = bytes(newest.content).replace(b'fiscal_regime = "internal"', b'fiscal_regime = "external"')
    EditionRevision.objects.create(edition=edition, content=content, sha256="y", loaded_at=newest.loaded_at)
    place, request = billed_place(edition)
    pay(request, request.total_minor)
    cancelled(place, finance)
    assert sums(request) == (25_000, 75_000, 0)
    assert not Invoice.objects.filter(kind=InvoiceKind.INVOICE).exists()
