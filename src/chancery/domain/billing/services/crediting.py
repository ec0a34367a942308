"""Correct a bill by a credit note: its own series, its own paper, the bill itself never changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from chancery.domain.billing.fiscal import credit_series
from chancery.domain.billing.mails import credit_note_mails
from chancery.domain.billing.models import Allocation, Invoice, InvoiceBalance, InvoiceLine, LineCredit, SetOff
from chancery.domain.billing.policies import BilledLine, LineStand, stand_of_line, taxed_parts
from chancery.domain.billing.references import creditor_reference
from chancery.domain.billing.services.following import (
    CreditNotPossible,
    paper_of,
    refuse_unreadable,
    write_following,
)
from chancery.domain.billing.services.numbering import next_number
from chancery.domain.billing.services.paper import CreditedLine, credit_note_document
from chancery.domain.billing.states import CreditReason, InvoiceKind
from chancery.foundation.accounts.models import Person
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record
from chancery.foundation.calendar import local_day
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import refusal


@dataclass(frozen=True, slots=True)
class ToCredit:
    """A line, how much of it is no longer owed (tax included), and how much of its money stays; in minor units."""

    line: InvoiceLine
    credited_minor: int
    kept_minor: int


@transaction.atomic
def stand_of(*, line: InvoiceLine) -> LineStand:
    """Return what a line of a bill has received and what is open of it; the balance of the bill is locked."""
    balance = InvoiceBalance.objects.select_for_update().get(invoice=line.invoice_id)
    return stand_of_line(
        line.pk,
        _billed(line),
        received_minor=balance.allocated_minor,
        let_go_minor=balance.written_off_minor,
    )


@transaction.atomic
def received_at(*, line: InvoiceLine, instant: datetime, zone: ZoneInfo) -> int:
    """Return the money that had been received for a line by an instant, by its value day in the edition's zone.

    Bill and lines are taken as they stood then: what a colleague who leaves by the same bill was given back later
    changes nothing, so the order in which an office accepts letters does not either. Money that had been promised back
    and was set off against the bill counts from the booking: until then it was to go back.
    """
    day = local_day(instant, zone)
    rows = Allocation.objects.filter(invoice=line.invoice_id)
    by_then = rows.annotate(day=Coalesce("entry__value_date", "entry__booking_date")).filter(day__lte=day)
    given_back_later = Q(entry__amount_minor__gt=0, amount_minor__lt=0, reverses=None, at__gt=instant)
    received = by_then.exclude(given_back_later).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    set_off_later = SetOff.objects.filter(allocation__in=by_then.filter(at__gt=instant))
    received -= set_off_later.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return stand_of_line(line.pk, _billed(line, at=instant), received_minor=received, let_go_minor=0).received_minor


@transaction.atomic
def issue_credit_note(
    *,
    invoice_id: int,
    lines: Sequence[ToCredit],
    reason: CreditReason,
    people: Sequence[Person],
    actor: Actor,
    now: datetime,
) -> Invoice:
    """Credit lines of a bill by one credit note; number, rows, paper, balance and mails stand or fall together.

    ``people`` are those whose places it is about, who read of it besides the payer. Money that no longer belongs to the
    bill is taken off it before: what stays on it must fit what is left owed.

    :raises CreditNotPossible: ``nothing_to_credit``, ``credited_before`` or ``money_stands``.
    """
    balance = InvoiceBalance.objects.select_for_update().get(invoice=invoice_id)
    invoice = Invoice.objects.select_related("series", "edition", "party", "document").get(pk=invoice_id)
    _check(invoice, balance, lines)
    day = local_day(now, ZoneInfo(invoice.edition.time_zone))
    series, number = next_number(code=credit_series(invoice.series.code), year=day.year)
    taxed = [taxed_parts(each.credited_minor, each.line.vat_rate) for each in lines]
    paper = replace(
        credit_note_document(
            paper_of(invoice),
            lines=[
                CreditedLine(each.line.position, each.line.net_minor, *parts)
                for each, parts in zip(lines, taxed, strict=True)
            ],
            is_invoice=invoice.kind == InvoiceKind.INVOICE,
            reason=reason,
            language=invoice.party.language,
        ),
        number=number,
        reference=creditor_reference(number),
        issued_on=day,
    )
    note = write_following(invoice, series=series, paper=paper, kind=InvoiceKind.CREDIT_NOTE, corrects=invoice, now=now)
    _write_lines(note, lines, taxed)
    refuse_unreadable(note)
    InvoiceBalance.objects.filter(pk=balance.pk).update(credited_minor=F("credited_minor") + note.total_minor)
    record(
        Event.CREDIT_NOTE_ISSUED,
        actor=actor,
        subject=note,
        now=now,
        facts={"number": number, "corrects": invoice.number, "total_minor": note.total_minor, "reason": reason},
    )
    for mail in credit_note_mails(note, people=people):
        queue_mail(mail, now=now)
    return note


def _check(invoice: Invoice, balance: InvoiceBalance, lines: Sequence[ToCredit]) -> None:
    credited = sum(each.credited_minor for each in lines)
    if credited <= 0 or any(not 0 < each.credited_minor <= each.line.gross_minor for each in lines):
        raise CreditNotPossible(refusal("nothing_to_credit"))
    if any(each.line.invoice_id != invoice.pk for each in lines) or _are_credited(lines):
        raise CreditNotPossible(refusal("credited_before"))
    if credited > balance.open_minor:
        raise CreditNotPossible(refusal("money_stands"), f"{invoice.number} has received more than would be owed")


def _are_credited(lines: Sequence[ToCredit]) -> bool:
    return LineCredit.objects.filter(line__in=[each.line.pk for each in lines]).exists()


def _billed(line: InvoiceLine, *, at: datetime | None = None) -> list[BilledLine]:
    """Return the lines of a bill with what is credited of them, now or as it was ``at`` an instant."""
    rows = InvoiceLine.objects.filter(invoice=line.invoice_id).order_by("position")
    notes = LineCredit.objects.filter(line__in=rows).select_related("credit_line")
    notes = notes.filter(credit_line__invoice__issued_at__lte=at) if at else notes
    credited = {each.line_id: each for each in notes}
    return [
        BilledLine(row.pk, row.gross_minor, credited[row.pk].kept_minor, credited[row.pk].credit_line.gross_minor)
        if row.pk in credited
        else BilledLine(row.pk, row.gross_minor)
        for row in rows
    ]


def _write_lines(note: Invoice, lines: Sequence[ToCredit], taxed: Sequence[tuple[int, int]]) -> None:
    for position, (each, (net, vat)) in enumerate(zip(lines, taxed, strict=True), start=1):
        row = InvoiceLine.objects.create(
            invoice=note,
            position=position,
            quote=each.line.quote,
            text=each.line.text,
            vat_category=each.line.vat_category,
            vat_rate=each.line.vat_rate,
            exemption_code=each.line.exemption_code,
            net_minor=net,
            vat_minor=vat,
            gross_minor=net + vat,
        )
        LineCredit.objects.create(line=each.line, credit_line=row, kept_minor=each.kept_minor)
