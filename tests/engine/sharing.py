"""What processes do at once with a place whose fee two payers share; the real code, as its doors call it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.billing.policies.sharing import Share
from chancery.domain.billing.queries.payers import Payer, SharingPayer
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import billed_lines
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.ruling import Refused
from chancery.journey import reconcile, settle, shares
from tests.engine.seeds import NOW, bill_places
from tests.factories.money import statement_file, transfer

OFFICER = user_actor(1)
ADA = Payer(kind="person", legal_name="Ada Example", address="Road 1", country="PRT", email="ada@home.example")


def bill_a_place() -> int:
    """Bill a place to one payer; return the bill."""
    bill_places(1)
    return Invoice.objects.get().pk


def split(invoice_id: int) -> str:
    """Let a second payer pay a part of a bill; return what became of it."""
    second = SharingPayer(ADA, Share(minor=10_000))
    return _told(lambda: shares.split_bill(invoice_id=invoice_id, second=second, actor=OFFICER, now=NOW))


def share_a_place(folder: Path) -> list[tuple[int, int, int]]:
    """Bill a place to two payers, and take in a line of each that names no bill; return line, bill and sum."""
    split(bill_a_place())
    bills = [line.invoice for line in billed_lines(Place.objects.get())]
    lines = [transfer(bill.total_minor, number=bill.pk, payer_name=f"P{bill.pk}") for bill in bills]
    path = statement_file(folder, *lines, account=bills[0].issuer["iban"])
    settle.import_statement(path, actor=OFFICER, now=NOW)
    entries = BankEntry.objects.order_by("id")
    return [(entry.pk, bill.pk, bill.total_minor) for entry, bill in zip(entries, bills, strict=True)]


def pay(entry_id: int, invoice_id: int, minor: int) -> str:
    """Book a line to a bill by hand; return what became of it."""
    part = reconcile.Part(invoice_id, minor)
    return _told(lambda: reconcile.book_line(entry_id=entry_id, parts=[part], reason="by hand", actor=OFFICER, now=NOW))


def standing() -> dict[str, Any]:
    """Return what there is of everything that may exist once."""
    return {
        "state": Place.objects.get().state,
        "bills": Invoice.objects.filter(corrects=None).count(),
        "credit notes": Invoice.objects.filter(corrects__isnull=False).count(),
        "guaranteed": AuditEvent.objects.filter(name="enrollment.place.guaranteed").count(),
        "told": OutgoingMail.objects.filter(kind="enrollment/place_guaranteed").count(),
    }


def _told(act: Callable[[], object]) -> str:
    try:
        act()
    except Refused as refused:
        return type(refused).__name__
    return "done"
