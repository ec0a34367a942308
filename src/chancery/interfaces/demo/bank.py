"""The bank statements of the story, written as a bank would and taken in as an officer would."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from chancery.domain.billing.models import Invoice, Refund
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import Actor
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.interfaces.demo.cast import applicants
from chancery.journey import settle

# Examples from the registry of IBAN formats.
PARIS = "FR1420041010050500013M02606"
SOFIA = "ES9121000418450200051332"
FIRST_PAYERS = (
    ("M2-0022", "MAIRIE DE LIBREVILLE"),
    ("M2-0031", "JINAN MUNICIPAL TREASURY"),
    ("M2-0042", "DISTRICT D'ABIDJAN"),
    ("M2-0037", "CITY OF VICTORIA"),
    ("M2-0038", "GREATER MANCHESTER CA"),
    ("M2-0039", "GOBIERNO CIUDAD DE MEXICO"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: whose reference it carries and in which form, amount in cents, day of October."""

    payer: str
    cents: int
    day: int
    text: str = ""
    reference_of: str = ""
    spoil: str = ""
    status: str = "BOOK"
    reversal: bool = False
    currency: str = "EUR"
    charges_cents: int = 0
    refund_of: str = ""
    iban: str = ""


LINES = (
    Line("CITTA METROPOLITANA DI TORINO", 100_000, 15, reference_of="M2-0030"),
    Line("COMMUNE DE CASABLANCA", 60_000, 15, reference_of="M2-0021"),
    Line("TRESOR PUBLIC", 100_000, 16),
    Line("INTENDENCIA DE MONTEVIDEO", 150_000, 16, reference_of="M2-0027"),
    Line("MAIRIE DE LIBREVILLE", -100_000, 16, reference_of="M2-0022", reversal=True),
    Line("VILLE DE BRUXELLES - STAD BRUSSEL", 100_000, 17, "DIPLOME", reference_of="M2-0026", spoil="last digit"),
    Line("ACCRA METROPOLITAN ASSEMBLY", 100_000, 17, "invoice {number} Accra", reference_of="M2-0028", spoil="number"),
    Line("DISTRITO DE MEDELLIN", 180_000, 17, "TERRAL Y ALISIO"),
    Line("BANGKOK METROPOLITAN ADMINISTRATION", 98_750, 17, reference_of="M2-0023", charges_cents=1_250),
    Line("SOCIEDAD EJEMPLO SL", 25_000, 17, "gracias"),
    Line("SOFIA CHUBASCO", -112_500, 17, refund_of="M2-0041"),
    Line("COMMUNE DE CASABLANCA", 10_000, 18, "SOLDE"),
    Line("COMMUNE DE CASABLANCA", 10_000, 18, "SOLDE"),
    Line("VILLE DE MONTREAL", 100_000, 18, reference_of="M2-0020", status="PDNG"),
    Line("SEOUL METROPOLITAN GOVERNMENT", 108_500, 18, reference_of="M2-0019", currency="USD"),
    Line("", -420, 18, "COMISION"),
)


def take_in_first(actor: Actor, now: datetime) -> settle.ImportReport:
    """Take in the statement of 10 October: everybody names the reference, and one lacks the charges of a bank."""
    lines = [Line(payer, 100_000, 10, reference_of=key) for key, payer in FIRST_PAYERS]
    lines.append(Line("METROPOLE DU GRAND PARIS", 98_750, 10, reference_of="M2-0040", charges_cents=1_250, iban=PARIS))
    return _take_in("statement-2024-10-11.xml", _statement(lines, 1_144_270, "EUR", "2024-10-11"), actor=actor, now=now)


def take_in_one_of_september(actor: Actor, now: datetime) -> settle.ImportReport:
    """Take in the one transfer of Guadalajara, on 17 September."""
    lines = [Line("SOFIA CHUBASCO", 150_000, 16, reference_of="M2-0041", iban=SOFIA)]
    statement = _statement(lines, 994_270, "EUR", "2024-09-17", month=9)
    return _take_in("statement-2024-09-17.xml", statement, actor=actor, now=now)


def take_in_second(actor: Actor, now: datetime) -> settle.ImportReport:
    """Take in the statement of 18 October: EUR and USD, sixteen lines."""
    euros = _statement([line for line in LINES if line.currency == "EUR"], 1_843_020, "EUR", "2024-10-18")
    dollars = _statement([line for line in LINES if line.currency == "USD"], 0, "USD", "2024-10-18")
    return _take_in("statement-2024-10-18.xml", euros, dollars, actor=actor, now=now)


def _take_in(name: str, *statements: CamtStatement, actor: Actor, now: datetime) -> settle.ImportReport:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(camt_file(*statements))
        return settle.import_statement(path, actor=actor, now=now)


def _statement(lines: list[Line], opening_cents: int, currency: str, ident: str, *, month: int = 10) -> CamtStatement:
    edition = Edition.objects.select_related("programme").get(slug="metropolis-2024")
    return CamtStatement(
        account=get_content(edition).payment.iban,
        currency=currency,
        opening_cents=opening_cents,
        statement_id=f"{currency}-{ident}",
        created_at=datetime.fromisoformat(f"{ident}T17:00:00").replace(tzinfo=UTC),
        entries=[_entry(line, number, month) for number, line in enumerate(lines, start=1)],
    )


def _entry(line: Line, number: int, month: int) -> CamtEntry:
    reference, text = _words(line)
    return CamtEntry(
        amount_cents=line.cents,
        booking_date=date(2024, month, line.day),
        currency=line.currency,
        status=line.status,
        reversal=line.reversal,
        payer_name=line.payer,
        reference=reference,
        remittance=(text,) if text else (),
        payer_iban=line.iban,
        end_to_end_id=_refund_of(line.refund_of) if line.refund_of else "",
        bank_reference=f"B{month if month != 10 else ''}{line.day:02d}{number:04d}",
        charges_cents=line.charges_cents,
    )


def _words(line: Line) -> tuple[str, str]:
    """Return the structured reference and the free text; a spoilt reference is only text."""
    invoice = _invoice_of(line.reference_of) if line.reference_of else None
    if invoice is None:
        return "", line.text
    if line.spoil == "number":
        return "", line.text.format(number=invoice.sequence)
    if line.spoil:
        reference = invoice.creditor_reference
        return "", f"{reference[:-1]}{(int(reference[-1]) + 1) % 10} {line.text}".strip()
    return invoice.creditor_reference, line.text


def _refund_of(key: str) -> str:
    """Return the reference under which the bank was asked to pay a refund."""
    email = applicants()[key].email
    found = Refund.objects.filter(credit_note__lines__quote__application__person__user__email=email)
    return found.values_list("end_to_end_id", flat=True).get()


def _invoice_of(key: str) -> Invoice | None:
    email = applicants()[key].email
    found = Invoice.objects.filter(lines__charge__place__person__user__email=email, lines__charge__current=True)
    return found.order_by("id").first()
