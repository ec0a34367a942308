"""What officers of the stories do at their desks, in the words on the screen."""

from datetime import date

from tests.stories.applying import EDITION
from tests.stories.reader import Reader
from tests.stories.telling import Telling

from chancery.domain.billing.models import Invoice
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

READERS = ("ines", "biel")


def asks_for_readers(officer: Reader, reference: str) -> None:
    """Ask the two assessors to read an application."""
    officer.visits(f"/office/{EDITION}/applications/{reference}/?pane=assess")
    for reader in READERS:
        officer.chooses(f"{reader}@metropolis.example")
    officer.clicks("Ask them to read")


def judges(tell: Telling, key: str, reference: str, level: int) -> None:
    """Score every criterion and say why."""
    reader = tell.officer(key)
    reader.visits(f"/office/{EDITION}/reading/{reference}/")
    reader.looks()
    for criterion in ("Need of the city", "Experience to share", "Will use it at home"):
        reader.chooses(str(level), of=criterion)
    reader.types("Why?", "The city needs this now, and others will learn from it.")
    reader.clicks("Send my assessment")
    reader.looks()


def logs_a_call(officer: Reader, reference: str) -> None:
    """Note a call in which both talked."""
    officer.visits(f"/office/{EDITION}/applications/{reference}/?pane=dialogue")
    officer.looks()
    officer.opens("Log a call")
    officer.chooses("We talked")
    officer.types("What was said, or tried", "We talked about the week and who pays.")
    officer.clicks("Log the call")


def drafts(officer: Reader, reference: str, outcome: str, *, reason: str = "") -> None:
    """Draft a decision."""
    officer.visits(f"/office/{EDITION}/applications/{reference}/?pane=decide")
    officer.chooses(outcome)
    if reason:
        officer.selects("Reason, for a decline", reason)
    officer.clicks("Draft the decision")


def releases(tell: Telling, count: int) -> None:
    """Give every drafted decision out, as the edition lead."""
    lead = tell.officer("aina")
    lead.visits(f"/office/{EDITION}/decisions/")
    lead.looks()
    lead.clicks("Release the ticked decisions")
    lead.sees("1 decision is given out." if count == 1 else f"{count} decisions are given out.")


def is_admitted(tell: Telling, *references: str) -> None:
    """Let the office read, talk, decide and give out, so that a place is reserved for each."""
    officer = tell.officer("merce")
    for reference in references:
        asks_for_readers(officer, reference)
        for reader, level in zip(READERS, (4, 3), strict=True):
            judges(tell, reader, reference, level)
        logs_a_call(officer, reference)
        drafts(officer, reference, "Admit")
    releases(tell, len(references))
    tell.the_worker_works()


def takes_in_a_statement(tell: Telling, *transfers: CamtEntry, name: str = "statement.xml") -> Reader:
    """Upload a bank statement with these lines at the finance desk."""
    officer = tell.officer("pol")
    officer.visits("/office/bank/")
    officer.looks()
    officer.attaches("Statement file", name, statement(*transfers, name=name), "application/xml")
    officer.clicks("Take in a statement")
    tell.the_worker_works()
    return officer


def statement(*transfers: CamtEntry, name: str) -> bytes:
    """Return a statement of the edition's account."""
    account = get_content(Edition.objects.get(slug=EDITION)).payment.iban
    return camt_file(CamtStatement(account, transfers, opening_cents=100_000, statement_id=name))


def transfer(number: str, cents: int, day: str) -> CamtEntry:
    """Return money for a bill that names its reference."""
    invoice = Invoice.objects.get(number=number)
    return CamtEntry(
        amount_cents=cents,
        booking_date=date.fromisoformat(day),
        payer_name=invoice.party.legal_name.upper(),
        reference=invoice.creditor_reference,
        bank_reference=f"BANK-{number}-{cents}",
    )
