"""Bills as other accounting systems read them, judged by rules that were not written here."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import facturx
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.billing.papers import ACCRA, ISSUED_AT
from tests.domain.billing.validators import broken_rules
from tests.factories.accounts import NOW
from tests.factories.money import billed_place
from tests.factories.programme import make_edition
from tests.foundation.documents.verapdf import violations

from chancery.domain.billing.documents import render_invoice
from chancery.domain.billing.documents.electronic_invoice import Syntax, as_factur_x, attachment_of, electronic_invoice
from chancery.domain.billing.documents.paper import NoElectronicForm, bill_as_xml
from chancery.domain.billing.electronic import CREDIT_NOTE, ElectronicInvoice, Line, Party, problems, vat_totals
from chancery.domain.billing.models import Invoice
from chancery.foundation.country_codes import two_letter_code
from chancery.interfaces.cli.program import run
from chancery.journey.bill import invoice_pdf

SELLER = Party(
    name="Metropolis (demo)",
    address=("Carrer de la Mostra 1",),
    town="Barcelona",
    postcode="08000",
    country="ES",
    vat_id="ESX0000000T",
    electronic_address="office@metropolis.example",
)
BUYER = replace(
    SELLER, name="Ville de l'Exemple", country="FR", vat_id="FR00123456789", electronic_address="v@e.example"
)
PROFILES = {
    "exempt": ("E", "0", "VATEX-EU-132-1I"),
    "taxed": ("S", "21", ""),
    "outside": ("O", "0", ""),
    "reverse charge": ("AE", "0", ""),
}


def bill(profile: str = "exempt", nets: tuple[int, ...] = (100_000,), **more: object) -> ElectronicInvoice:
    category, rate, code = PROFILES[profile]
    lines = [
        Line(
            position=number,
            text=f"Diploma: place of Person {number}",
            category=category,
            rate=Decimal(rate),
            exemption_code=code,
            net_minor=net,
        )
        for number, net in enumerate(nets, start=1)
    ]
    told = ElectronicInvoice(
        number="M2-2024-0001",
        kind="380",
        issued_on=date(2024, 10, 11),
        due_on=date(2024, 11, 4),
        delivered_on=date(2024, 11, 22),
        currency="EUR",
        seller=SELLER,
        buyer=BUYER,
        buyer_reference="",
        purchase_order="PO-7",
        terms="RF03M220240001",
        payment_reference="RF03M220240001",
        iban="ES7599990001412024111800",
        bic="",
        beneficiary="Metropolis (demo)",
        lines=tuple(lines),
        vat=vat_totals((line, line.net_minor * 21 // 100 if category == "S" else 0) for line in lines),
    )
    return replace(told, **more)


@pytest.mark.parametrize("syntax", Syntax)
@pytest.mark.parametrize("profile", PROFILES)
def test_each_tax_profile_keeps_the_rules_of_the_standard_in_both_syntaxes(profile: str, syntax: Syntax) -> None:
    assert problems(bill(profile)) == ()
    assert broken_rules(electronic_invoice(bill(profile), syntax), syntax) == []


@pytest.mark.parametrize("syntax", Syntax)
@pytest.mark.parametrize(
    "more",
    [
        {"kind": CREDIT_NOTE, "corrects": ("M2-2024-0001", date(2024, 10, 11)), "number": "M2C-2024-0001"},
        {"currency": "JPY"},
        {"buyer_reference": "Servei 12", "purchase_order": ""},
        {"buyer_reference": "", "purchase_order": ""},
        {"buyer": replace(BUYER, vat_id="", town="", postcode="", address=())},
    ],
    ids=["credit note", "no minor unit", "buyer reference", "neither reference", "a bare buyer"],
)
def test_other_bills_keep_them_too(more: dict[str, object], syntax: Syntax) -> None:
    assert broken_rules(electronic_invoice(bill(**more), syntax), syntax) == []


@settings(max_examples=25)
@given(nets=st.lists(st.integers(1, 10**7), min_size=1, max_size=8))
def test_both_syntaxes_say_the_same_sums(nets: list[int]) -> None:
    told = bill("taxed", tuple(nets))

    read = [facturx.parse_ubl_cii_xml(electronic_invoice(told, syntax)) for syntax in Syntax]

    sums = [[str(Decimal(str(facts[key])).quantize(Decimal("0.01"))) for key in ("BT-109", "BT-112")] for facts in read]
    wanted = [f"{minor // 100}.{minor % 100:02d}" for minor in (told.net_minor, told.total_minor)]
    assert sums == [wanted, wanted]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"seller": replace(SELLER, country="")}, "issuer.country"),
        ({"seller": replace(SELLER, name=" ")}, "issuer.legal_name"),
        ({"seller": replace(SELLER, vat_id="")}, "issuer.tax_id"),
        ({"seller": replace(SELLER, vat_id="12345")}, "issuer.tax_id"),
        ({"buyer": replace(BUYER, country="")}, "party.country"),
        ({"buyer": replace(BUYER, name="")}, "party.legal_name"),
        ({"iban": ""}, "payment.iban"),
        ({"currency": "KWD"}, "tariff.currency"),
        ({"buyer": replace(BUYER, electronic_address='"\x01"@e.example')}, "unprintable"),
        ({"purchase_order": "PO\x0b7"}, "unprintable"),
        ({"lines": (replace(bill().lines[0], text="Place of I\x1bva"),)}, "unprintable"),
    ],
)
def test_what_a_receiver_would_refuse_is_named(more: dict[str, object], field: str) -> None:
    assert problems(bill(**more)) == (field,)


@pytest.mark.parametrize(
    ("category", "rate", "code", "buyer_tax_id", "field"),
    [
        ("E", "0", "", "", "issuer.exemption_code"),
        ("E", "21", "VATEX-EU-132-1I", "", "issuer.vat_rate"),
        ("S", "0", "", "", "issuer.vat_rate"),
        ("AE", "0", "", "", "party.tax_id"),
        ("X", "0", "C", "", "issuer.vat_category"),
    ],
    ids=["no reason", "exempt and taxed", "taxed by nothing", "reverse charge to nobody", "no category"],
)
def test_a_tax_profile_that_contradicts_itself_is_named(
    category: str, rate: str, code: str, buyer_tax_id: str, field: str
) -> None:
    (line,) = bill().lines
    told = bill(
        lines=(replace(line, category=category, rate=Decimal(rate), exemption_code=code),),
        buyer=replace(BUYER, vat_id=buyer_tax_id),
    )

    assert problems(told) == (field,)


def test_the_paper_carries_the_data_and_the_standards_still_hold() -> None:
    data = attachment_of(bill())
    sheet = render_invoice(ACCRA, language="en", issued_at=ISSUED_AT, attachments=(data,))

    paper = as_factur_x(sheet)

    name, found = facturx.get_facturx_xml_from_pdf(paper)
    with pikepdf.open(BytesIO(paper)) as file:
        assert file.attachments["factur-x.xml"].get_file().read_bytes() == electronic_invoice(bill(), Syntax.CII)
        assert "EN 16931" in bytes(file.Root.Metadata.read_bytes()).decode()
    assert (name, found) == ("factur-x.xml", electronic_invoice(bill(), Syntax.CII))
    assert violations(paper, "a-3a") + violations(paper, "ua-1") == []
    assert as_factur_x(sheet) == paper


@pytest.mark.parametrize(
    ("iso3", "code"),
    [("ESP", "ES"), ("XKX", "1A"), ("CHI", ""), ("", "")],
    ids=["Spain", "Kosovo", "no state", "blank"],
)
def test_a_country_has_its_code_of_two_letters(iso3: str, code: str) -> None:
    assert two_letter_code(iso3) == code


@pytest.mark.django_db
class TestOfABilledPlace:
    def test_its_paper_is_factur_x_and_holds_what_the_command_writes(self, tmp_path: Path, capfdbinary) -> None:
        _, invoice = billed_place(make_edition())

        paper = invoice_pdf(invoice=invoice, now=NOW)
        assert run(["invoice", "xml", invoice.number, "--syntax", "cii"]) == 0
        written = capfdbinary.readouterr().out

        with pikepdf.open(BytesIO(paper)) as file:
            assert file.attachments["factur-x.xml"].get_file().read_bytes() == written
        assert broken_rules(written, "cii") == []

    def test_its_ubl_keeps_the_rules_and_is_the_same_twice(self) -> None:
        _, invoice = billed_place(make_edition())

        first, again = bill_as_xml(invoice, Syntax.UBL), bill_as_xml(Invoice.objects.get(), Syntax.UBL)

        assert first == again
        assert broken_rules(first, "ubl") == []

    def test_a_payment_request_has_no_electronic_form(self) -> None:
        _, invoice = billed_place(make_edition())
        invoice.kind = "payment request"

        with pytest.raises(NoElectronicForm):
            bill_as_xml(invoice, Syntax.CII)
