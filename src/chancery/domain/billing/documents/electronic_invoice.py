"""Write an electronic invoice in CII or UBL, and put its CII into the PDF (Factur-X)."""

import io
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lxml import etree

from chancery.domain.billing.electronic import CREDIT_NOTE, OUTSIDE, ElectronicInvoice, Line, Party, VatTotal, reason_of
from chancery.foundation.documents.typesetting import Attachment
from chancery.foundation.money import Money

FILENAME = "factur-x.xml"
SALE_MEANS = "58"  # UNTDID 4461: SEPA credit transfer; 30 for other currencies
OTHER_MEANS = "30"
UNIT = "C62"  # one
E_MAIL = "EM"  # electronic address scheme
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
END_OF_SCHEMAS, END_OF_FACTS = "</rdf:Bag></pdfaExtension:schemas>", "</rdf:RDF>"
FX_FACTS = {"DocumentType": "INVOICE", "DocumentFileName": FILENAME, "Version": "1.0", "ConformanceLevel": "EN 16931"}


class Syntax(StrEnum):
    """The two syntaxes of EN 16931."""

    CII = "cii"
    UBL = "ubl"


def electronic_invoice(bill: ElectronicInvoice, syntax: Syntax) -> bytes:
    """Return the bill as XML; the same bytes each time.

    The facts go to the library as its dictionary of business terms, a new one each time since it changes it.
    """
    import facturx  # late: three tenths of a second, and only bills need it

    facts = _facts(bill)
    if syntax is Syntax.CII:
        written: bytes = facturx.generate_cii_xml(facts, level="en16931", check_xsd=False, check_schematron=False)
        return written
    facts["BT-23"] = PEPPOL_PROCESS
    return _peppol(facturx.generate_ubl_xml(facts, level="en16931", check_xsd=False, check_schematron=False))


def attachment_of(bill: ElectronicInvoice) -> Attachment:
    """Return the CII as the file that a Factur-X paper carries."""
    content = electronic_invoice(bill, Syntax.CII).decode("utf-8")
    return Attachment(FILENAME, "text/xml", "Factur-X", content)


def as_factur_x(pdf: bytes) -> bytes:
    """Return the PDF with the marks by which a reader knows Factur-X; nothing else of it changes."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as paper:
        metadata = bytes(paper.Root.Metadata.read_bytes())
        paper.Root.Metadata.write(_with_factur_x(metadata))
        out = io.BytesIO()
        paper.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _facts(bill: ElectronicInvoice) -> dict[str, Any]:
    open_minor = bill.total_minor - bill.paid_minor
    is_euro = bill.currency == "EUR"
    return {
        "BT-1": bill.number,
        "BT-2": bill.issued_on,
        "BT-3": bill.kind,
        "BT-5": bill.currency,
        "BT-9": bill.due_on if bill.kind != CREDIT_NOTE else None,
        # The network asks for one of the two; our own reference stands in where the payer gave neither.
        "BT-10": bill.buyer_reference or (None if bill.purchase_order else bill.payment_reference),
        "BT-13": bill.purchase_order or None,
        "BT-20": bill.terms or None,
        "BT-72": bill.delivered_on,
        "BT-81": SALE_MEANS if is_euro else OTHER_MEANS,
        "BT-83": bill.payment_reference,
        "BT-84": bill.iban,
        "BT-85": bill.beneficiary,
        "BT-86": bill.bic or None,
        "BT-106": _amount(bill.net_minor, bill.currency),
        "BT-109": _amount(bill.net_minor, bill.currency),
        "BT-110": _amount(bill.vat_minor, bill.currency),
        "BT-112": _amount(bill.total_minor, bill.currency),
        "BT-113": _amount(bill.paid_minor, bill.currency),
        "BT-115": _amount(open_minor, bill.currency),
        "BG-3": [{"BT-25": bill.corrects[0], "BT-26": bill.corrects[1]}] if bill.corrects else [],
        "BG-4": _party(bill.seller, bill.lines),
        "BG-7": _party(bill.buyer, bill.lines),
        "BG-23": [_vat(total, bill.currency) for total in bill.vat],
        "BG-25": [_line(line, bill.currency) for line in bill.lines],
    }


def _party(party: Party, lines: tuple[Line, ...]) -> dict[str, Any]:
    named = {
        "name": party.name,
        "einvoicing_addr": party.electronic_address,
        "einvoicing_addr_schemeid": E_MAIL,
        "country_code": party.country,
        "city": party.town or None,
        "postcode": party.postcode or None,
        **{f"addr_l{number}": line for number, line in enumerate(party.address[:3], start=1)},
    }
    # Outside the scope of the tax its identifiers may not stand as such (BR-O-02).
    is_outside = any(line.category == OUTSIDE for line in lines)
    return named | {"legal_identifier" if is_outside else "vat_identifier": party.vat_id or None}


def _vat(total: VatTotal, currency: str) -> dict[str, Any]:
    told = {
        "BT-116": _amount(total.net_minor, currency),
        "BT-117": _amount(total.vat_minor, currency),
        "BT-118": total.category,
        "BT-121": reason_of(total.category, total.exemption_code) or None,
    }
    return told if total.category == OUTSIDE else told | {"BT-119": _plain(total.rate)}


def _line(line: Line, currency: str) -> dict[str, Any]:
    told = {
        "BT-126": str(line.position),
        "BT-129": "1",
        "BT-130": UNIT,
        "BT-131": _amount(line.net_minor, currency),
        "BT-146": _amount(line.net_minor, currency),
        "BT-151": line.category,
        "BT-153": line.text,
    }
    return told if line.category == OUTSIDE else told | {"BT-152": _plain(line.rate)}


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)


def _plain(rate: Decimal) -> str:
    return f"{rate.normalize():f}"


def _peppol(ubl: bytes) -> bytes:
    """Name the specification of the network; the library knows the standard's own only."""
    root = etree.fromstring(ubl)
    for element in root.iterchildren(
        f"{{{CBC}}}UBLVersionID"
    ):  # the specification says it, the network does not take it
        root.remove(element)
    for element in root.iterchildren(f"{{{CBC}}}CustomizationID"):
        element.text = PEPPOL
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _with_factur_x(metadata: bytes) -> bytes:
    """Add what Factur-X says of the paper, and its words to the list of those that PDF/A does not know itself.

    :raises ValueError: when the typesetter wrote no such list.
    """
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{name} of Factur-X</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name in FX_FACTS
    )
    schema = (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{FX}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    facts = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value in FX_FACTS.items())
    told = f'<rdf:Description rdf:about="" xmlns:fx="{FX}">{facts}</rdf:Description>'
    text = metadata.decode("utf-8")
    for before, added in ((END_OF_SCHEMAS, schema), (END_OF_FACTS, told)):
        if text.count(before) != 1:
            raise ValueError(f"the metadata of the paper lack {before}")
        text = text.replace(before, added + before)
    return text.encode("utf-8")
