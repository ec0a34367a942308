"""The invoice on paper: standards, words, figures, names."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from tests.domain.billing.papers import (
    ACCRA,
    ISSUED_AT,
    TERMS,
    credit_note,
    group_invoice,
    invoice,
    invoice_for,
)
from tests.foundation.documents.reading import text_of
from tests.foundation.documents.test_fonts import NAMES
from tests.foundation.documents.verapdf import violations

from chancery.domain.billing.documents import (
    Buyer,
    InvoiceDocument,
    PrintedKind,
    VatLine,
    render_invoice,
    unprintable_in,
)
from chancery.foundation.documents.facts import freeze
from chancery.foundation.documents.typesetting import Attachment

PAPERS = {
    "one participant": ACCRA,
    "group with VAT": group_invoice(),
    "credit note": credit_note(),
    "payment request": invoice(kind=PrintedKind.PAYMENT_REQUEST),
    "paid in part before": invoice(paid_minor=40_000),
    "paid in full before": invoice(paid_minor=ACCRA.total_minor, due_on=None),
    "in dollars": invoice(currency="USD"),
    "private payer": invoice(conditions=replace(TERMS, withdrawal_days=14)),
}


def printed(document: InvoiceDocument, language: str = "en") -> bytes:
    return render_invoice(document, language=language, issued_at=ISSUED_AT)


@pytest.mark.parametrize("standard", ["a-3a", "ua-1"])
@pytest.mark.parametrize("document", PAPERS.values(), ids=PAPERS)
def test_every_kind_of_invoice_conforms(document: InvoiceDocument, standard: str) -> None:
    assert violations(printed(document), standard) == []


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_every_language_conforms_and_is_declared(language: str) -> None:
    pdf = printed(ACCRA, language)
    with pikepdf.open(BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == language
    assert violations(pdf, "ua-1") == []


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_printed_in(name: str) -> None:
    assert violations(printed(invoice_for(name, "Latin Form")), "ua-1") == []


def test_a_name_without_font_or_strange_signs_never_stop_an_invoice() -> None:
    assert violations(printed(invoice_for("ሐና 🙂 \x07\ud800")), "a-3a") == []


def test_the_figures_and_the_reference_can_be_read_by_machine(tmp_path: Path) -> None:
    text = text_of(printed(group_invoice()), tmp_path)
    wanted = (
        "EUR 2,178.00",
        "1,800.00",
        "378.00",
        "-100.00",
        "ES91 2100 0418 4502 0005 1332",
        "RF40 M220 2400 14",
    )
    assert [figure for figure in wanted if figure not in text] == []


def test_the_second_page_prints_the_last_refundable_instant(tmp_path: Path) -> None:
    text = text_of(printed(ACCRA), tmp_path)
    assert "until Friday 18 October 2024, 23:59:59 (Barcelona) gives back 75 % of the amount" in text


def test_two_people_fit_on_the_first_page_and_the_conditions_on_the_second() -> None:
    with pikepdf.open(BytesIO(printed(group_invoice()))) as file:
        assert len(file.pages) == 2


def test_a_group_of_twelve_is_printed_over_pages() -> None:
    two = group_invoice()
    twelve = replace(two, participants=two.participants * 6, vat=(VatLine("Exempt", 1_080_000, 0),))
    assert violations(printed(twelve), "ua-1") == []


def test_an_invoice_in_another_currency_has_no_transfer_code(tmp_path: Path) -> None:
    assert "Scan to pay" not in text_of(printed(invoice(currency="USD")), tmp_path)


def test_a_credit_note_names_its_invoice_and_asks_for_no_money(tmp_path: Path) -> None:
    text = text_of(printed(credit_note()), tmp_path)
    assert "Corrects invoice M2-2024-0014: issued to another billing party." in text
    assert "How to pay" not in text


def test_a_payment_request_says_that_it_is_no_invoice(tmp_path: Path) -> None:
    assert "not an invoice" in text_of(printed(invoice(kind=PrintedKind.PAYMENT_REQUEST)), tmp_path)


def test_real_amounts_carry_no_demonstration_notice(tmp_path: Path) -> None:
    assert "Demonstration:" in text_of(printed(ACCRA), tmp_path)
    assert "Demonstration:" not in text_of(printed(invoice(demo_amounts=False)), tmp_path)


def test_the_same_facts_give_the_same_bytes_whether_frozen_or_not() -> None:
    assert render_invoice(freeze(ACCRA), language="en", issued_at=ISSUED_AT) == printed(ACCRA)


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    printed(group_invoice())
    program = (
        "import django, sys; django.setup();"
        "from tests.domain.billing.papers import ACCRA, ISSUED_AT;"
        "from chancery.domain.billing.documents import render_invoice;"
        "sys.stdout.buffer.write(render_invoice(ACCRA, language='en', issued_at=ISSUED_AT))"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert other.stdout == printed(ACCRA)


def test_an_attached_file_is_the_alternative_of_the_page_and_the_standard_still_holds() -> None:
    xml = Attachment("factur-x.xml", "text/xml", "The same invoice for machines", "<a>é</a>")
    pdf = render_invoice(ACCRA, language="en", issued_at=ISSUED_AT, attachments=(xml,))
    with pikepdf.open(BytesIO(pdf)) as file:
        assert file.attachments["factur-x.xml"].get_file().read_bytes() == "<a>é</a>".encode()
        assert str(file.Root.AF[0].AFRelationship) == "/Alternative"
    assert violations(pdf, "a-3a") + violations(pdf, "ua-1") == []


def test_lines_that_do_not_add_up_are_never_printed() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        invoice(vat=group_invoice().vat)


def test_a_credit_note_without_its_invoice_is_refused() -> None:
    with pytest.raises(ValueError, match="names the invoice"):
        replace(credit_note(), corrects="")


def test_characters_that_the_payer_could_not_read_are_told_before_a_number_is_taken() -> None:
    document = invoice(buyer=Buyer("עיריית תל אביב", ("Tel Aviv",)))
    assert unprintable_in(document) == "עירתלאב"
    assert unprintable_in(invoice_for("ሐና")) == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(0, "may take the place over until the day before the course", id="until the day before"),
        pytest.param(3, "may take the place over until 3 days before the course", id="three days before"),
        pytest.param(None, "", id="terms without substitutes"),
    ],
)
def test_the_paper_says_until_when_a_colleague_may_come(days: int | None, said: str, tmp_path: Path) -> None:
    paper = invoice(conditions=replace(TERMS, substitution_days_before=days))

    text = " ".join(text_of(printed(paper), tmp_path).split())

    assert (said in text, "A colleague" in text) == (True, bool(said))


def test_a_bill_about_a_share_says_that_the_place_waits_for_both(tmp_path: Path) -> None:
    text = text_of(printed(invoice(other_payer="Ada Example")), tmp_path)

    assert "The place is guaranteed when this bill and that of Ada Example are paid in full." in text
    assert "guaranteed only after both bills are paid in full" in text
    assert "when the whole amount has reached our account" not in text
