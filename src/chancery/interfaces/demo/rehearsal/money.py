"""Scenes of a rehearsal at the finance desk: fees that a person decides, payers, statements, booking by hand."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from chancery.domain.billing.models import Allocation, BankEntry, EntryBalance, FeeException, Invoice
from chancery.domain.billing.states import WorkState
from chancery.domain.enrollment.models import Place
from chancery.domain.programme.queries import get_content
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.ruling import Refused
from chancery.interfaces.demo import acts
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.interfaces.demo.rehearsal.people import Guest, Paying
from chancery.interfaces.demo.rehearsal.stage import Stage
from chancery.interfaces.demo.story import MONEY, SECOND
from chancery.journey import bill, reconcile, settle

FEES = (0, 75_000, 100_000, 150_000)
OPENING = 1_000_000
CHARGES, EXTRA = 1_250, 50_000
FIRST_DAY, SECOND_DAY = date(2024, 10, 10), date(2024, 10, 15)
UNKNOWN = "nobody we know"
UNSURE = (WorkState.SUSPENSE, WorkState.SUGGESTED)


def decide_fees(stage: Stage) -> None:
    """Where no rule gives the fee one proposes it and another approves; the proposer may not. The last one waits."""
    waiting = [place for place in _places() if _owed(place, ObligationKind.FEE_DECISION)]
    with stage.at("10-04") as now:
        for place in waiting[:-1] if len(waiting) > 1 else waiting:
            proposed = bill.propose_fee_exception(
                place_id=place.pk,
                fee_minor=stage.dice.choice(FEES),
                reason="The economy has no class for the year; the fee follows cities of like income.",
                actor=acts.actor(MONEY),
                now=now,
            )
            with stage.refusal_expected(Refused):
                _decide(proposed, MONEY, now)
            _decide(proposed, SECOND, now)


def name_payers(stage: Stage) -> None:
    """Participants whose payer was not known name one; the last of several has not yet."""
    waiting = [place for place in _places() if _owed(place, ObligationKind.INVOICE)]
    with stage.at("10-07") as now:
        for place in waiting[:-1] if len(waiting) > 1 else waiting:
            payer = bill.Payer(
                legal_name=f"Treasury of {place.application.reference}",
                address="Town Hall Square 2",
                country="FRA",
                email=f"treasury.{place.application.reference.lower()}@city.example",
            )
            bill.name_payer(place_id=place.pk, payer=payer, actor=acts.actor(place.person.email), now=now)


def take_in_first(stage: Stage) -> None:
    """The statement of 11 October: most pay in it."""
    with stage.at("10-11", "16:00") as now:
        _take_in(stage, "first.xml", [_statement(stage, _first_entries(stage), "2024-10-11", now)], now)


def take_in_second(stage: Stage) -> None:
    """The statement of 15 October holds the first one's entries again, the second parts, and a dollar account."""
    with stage.at("10-15", "16:00") as now:
        euros = [*_first_entries(stage), *_second_entries(stage)]
        dollars = [each for guest in _payers(stage) if (each := _dollars(stage, guest))]
        statements = [_statement(stage, euros, "2024-10-15", now)]
        if dollars:
            statements.append(_statement(stage, dollars, "2024-10-15-USD", now, opening=0, currency="USD"))
        _take_in(stage, "second.xml", statements, now)


def take_in_first_again(stage: Stage) -> None:
    """The same bytes again change nothing; neither does the same content under another message."""
    with stage.at("10-15", "17:00") as now:
        entries = [entry for entry in _first_entries(stage) if entry.status == "BOOK"]
        _take_in(stage, "again.xml", [_statement(stage, entries, "2024-10-11-copy", now)], now)


def book_by_hand(stage: Stage) -> None:
    """A person books what is somebody's, takes a wrong booking back, and parks what nobody can place."""
    with stage.at("10-16") as now:
        _book_wrongly_and_take_back(now)
        for balance in EntryBalance.objects.exclude(work_state__in=[WorkState.BOOKED, WorkState.IGNORED]).order_by(
            "id"
        ):
            _book(stage, balance, now)


def _decide(proposed: FeeException, by: str, now: datetime) -> None:
    bill.decide_fee_exception(exception_id=proposed.pk, approved=True, actor=acts.actor(by), now=now)


def _places() -> list[Place]:
    return list(Place.objects.select_related("application", "person").order_by("id"))


def _owed(place: Place, kind: ObligationKind) -> bool:
    return Obligation.objects.filter(
        kind=kind, subject_kind="enrollment.place", subject_id=str(place.pk), met_at=None, dropped_at=None
    ).exists()


def _invoice_of(guest: Guest) -> Invoice | None:
    found = Invoice.objects.filter(
        lines__charge__place__person__user__email=guest.who.email, lines__charge__current=True
    )
    return found.select_related("balance").order_by("id").first()


def _payers(stage: Stage) -> list[Guest]:
    return [guest for guest in stage.guests if _invoice_of(guest)]


def _first_entries(stage: Stage) -> list[CamtEntry]:
    found = [entry for guest in _payers(stage) for entry in _transfers(stage, guest, FIRST_DAY)]
    return [
        *found,
        _entry(stage, UNKNOWN, 25_000, FIRST_DAY, "X-UNKNOWN", text="gracias"),
        _entry(stage, UNKNOWN, -420, FIRST_DAY, "X-FEE", text="COMISION"),
    ]


def _second_entries(stage: Stage) -> list[CamtEntry]:
    return [entry for guest in _payers(stage) for entry in _transfers(stage, guest, SECOND_DAY)]


def _transfers(stage: Stage, guest: Guest, day: date) -> list[CamtEntry]:
    """Return what the bank says of a guest's money on one of the two days."""
    invoice = _invoice_of(guest)
    if invoice is None:
        return []
    total, reference = invoice.total_minor, invoice.creditor_reference
    key, part = guest.who.key, total * 6 // 10

    def paid(cents: int, suffix: str = "A", **more: str) -> CamtEntry:
        words = {"reference": reference, **more}
        return _entry(stage, key, cents, day, f"{key}-{suffix}", **words)

    mistyped = f"{reference[:-1]}{(int(reference[-1]) + 1) % 10}"
    first = {
        Paying.EXACT: [paid(total)],
        Paying.IN_TEXT: [paid(total, reference="", text=f"course fee {_grouped(reference)}")],
        Paying.IN_PARTS: [paid(part)],
        Paying.MISTYPED: [paid(total, reference="", text=mistyped)],
        Paying.TOO_MUCH: [paid(total + EXTRA)],
        Paying.SHORT: [paid(total - CHARGES)],
        Paying.TWICE: [paid(total), paid(total, "B")],
        Paying.PENDING_FIRST: [paid(total, status="PDNG")],
        Paying.RETURNED: [paid(total)],
    }
    second = {
        Paying.IN_PARTS: [paid(total - part, "B")],
        Paying.PENDING_FIRST: [paid(total)],
        Paying.RETURNED: [paid(-total, "B")],
    }
    return (first if day == FIRST_DAY else second).get(guest.part.paying, [])


def _dollars(stage: Stage, guest: Guest) -> CamtEntry | None:
    invoice = _invoice_of(guest)
    if invoice is None or guest.part.paying is not Paying.OTHER_CURRENCY:
        return None
    cents, key = invoice.total_minor * 108 // 100, guest.who.key
    return _entry(stage, key, cents, SECOND_DAY, f"{key}-D", reference=invoice.creditor_reference, currency="USD")


def _entry(
    stage: Stage,
    key: str,
    cents: int,
    day: date,
    bank_reference: str,
    *,
    reference: str = "",
    text: str = "",
    status: str = "BOOK",
    currency: str = "EUR",
) -> CamtEntry:
    stage.paid_by[bank_reference] = key
    return CamtEntry(
        amount_cents=cents,
        booking_date=day,
        currency=currency,
        status=status,
        reversal=cents < 0 and bool(reference),
        payer_name=f"TREASURY {key}",
        reference=reference,
        remittance=(text,) if text else (),
        bank_reference=bank_reference,
    )


def _grouped(reference: str) -> str:
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def _statement(
    stage: Stage, entries: list[CamtEntry], ident: str, now: datetime, *, opening: int = OPENING, currency: str = "EUR"
) -> CamtStatement:
    return CamtStatement(
        account=get_content(stage.edition).payment.iban,
        currency=currency,
        opening_cents=opening,
        statement_id=ident,
        created_at=now.astimezone(UTC),
        entries=entries,
    )


def _take_in(stage: Stage, name: str, statements: list[CamtStatement], now: datetime) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(camt_file(*statements))
        stage.statements += [settle.import_statement(path, actor=acts.actor(MONEY), now=now) for _ in range(2)]


def _book_wrongly_and_take_back(now: datetime) -> None:
    """Book an entry that waits to the bill of somebody else, then take it back by a row of its own."""
    waiting = (
        EntryBalance.objects.filter(work_state__in=UNSURE, entry__currency="EUR", amount_minor__gt=0)
        .order_by("id")
        .first()
    )
    open_bills = [
        each for each in Invoice.objects.select_related("balance").order_by("id") if each.balance.open_minor > 0
    ]
    if waiting is None or not open_bills:
        return
    wrong = BankEntry.objects.get(pk=waiting.entry_id)
    booked = _allocate(wrong, open_bills[-1], min(100, waiting.amount_minor), now)
    reconcile.take_back(allocation_id=booked.pk, reason="it was the wrong bill", actor=acts.actor(MONEY), now=now)


def _book(stage: Stage, balance: EntryBalance, now: datetime) -> None:
    entry = BankEntry.objects.get(pk=balance.entry_id)
    guest = next((each for each in stage.guests if each.who.key == stage.paid_by.get(entry.bank_reference)), None)
    invoice = _invoice_of(guest) if guest else None
    if invoice is None:
        reconcile.park_line(entry_id=entry.pk, note="whose is it?", actor=acts.actor(MONEY), now=now)
        return
    if entry.currency != invoice.currency:
        with stage.refusal_expected(reconcile.AllocationNotPossible):
            _allocate(entry, invoice, entry.amount_minor, now)
        return
    amount = _fitting(entry, invoice)
    if amount:
        _allocate(entry, invoice, amount, now)


def _fitting(entry: BankEntry, invoice: Invoice) -> int:
    """Return how much of an entry the bill can take: not more than is open, nor more back than was paid."""
    if entry.amount_minor < 0:
        return max(entry.amount_minor, -invoice.balance.allocated_minor)
    return min(entry.amount_minor, invoice.balance.open_minor)


def _allocate(entry: BankEntry, invoice: Invoice, amount: int, now: datetime) -> Allocation:
    (moved,) = reconcile.book_line(
        entry_id=entry.pk,
        parts=[reconcile.Part(invoice.pk, amount)],
        reason="the payer's name and city",
        actor=acts.actor(MONEY),
        now=now,
    )
    return moved.allocation
