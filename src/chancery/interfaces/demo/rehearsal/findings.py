"""What a rehearsal comes to, counted from the rows, and which figures have to be the same."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from django.db.models import Count, F, Model, Q, QuerySet, Sum

from chancery.domain.admissions.models import Application, Decision, Submission
from chancery.domain.admissions.states import WITH_THE_OFFICE, ApplicationState
from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    Invoice,
    InvoiceBalance,
    LineCredit,
    Refund,
    Series,
)
from chancery.domain.billing.queries.invoices import HAS_OPEN
from chancery.domain.billing.states import EntryStatus, RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice, Place, PlaceCharge, SeatCounter, WaitingEntry
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeState, PlaceState
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.queries import verify_chain
from chancery.foundation.documents.models import Document, Rendering
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
from chancery.foundation.mail.states import DeliveryState
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.rehearsal.people import Fate
from chancery.interfaces.demo.rehearsal.stage import Check, Stage, same

OPEN = Q(met_at=None, dropped_at=None)
S = ApplicationState


def count_everything(stage: Stage) -> dict[str, dict[str, int]]:
    """Return the counts by heading; the same seed brings the same counts."""
    return {
        "applications": _by(Application.objects.all(), "state"),
        "places": {"capacity": _seats().capacity, "taken": _seats().taken, **_by(Place.objects.all(), "state")},
        "money": _money(),
        "entries": _by(EntryBalance.objects.all(), "work_state"),
        "refused as it should be": dict(sorted(stage.refused.items())),
        "mails": _by(OutgoingMail.objects.all(), "kind"),
        "obligations": _obligations(),
        "kept": {
            "audit events": AuditEvent.objects.count(),
            "papers": Document.objects.count(),
            "decisions": Decision.objects.count(),
        },
    }


def check_everything(stage: Stage, counts: dict[str, dict[str, int]]) -> list[Check]:
    """Return every comparison, with both figures in words."""
    groups = (_of_admissions, _of_places, _of_money, _of_leaving, _of_statements, _of_mails, _of_promises, _of_trail)
    return list(chain.from_iterable(group(stage, counts) for group in groups))


def check_money(stage: Stage) -> list[Check]:
    """Return the comparisons that hold after any act on money."""
    return [*_of_money(stage, {"money": _money()}), *_of_trail(stage, {})]


def _of_admissions(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    states = counts["applications"]
    sent = Application.objects.exclude(state__in=[S.DRAFT, S.EXPIRED])
    yield same("everybody has one application", len(stage.guests), sum(states.values()))
    yield same("drafts are those never sent", len(stage.guests) - len(stage.sent), states.get(S.DRAFT, 0))
    yield same("what was sent is kept as it was sent", sent.count(), Submission.objects.count())
    yield same("withdrawn are those who withdrew", _fate(stage, Fate.WITHDRAWN), states.get(S.WITHDRAWN, 0))
    yield same("declined are those declined", _fate(stage, Fate.DECLINED), states.get(S.DECLINED, 0))
    yield same("to the next edition as drafted", _fate(stage, Fate.NEXT_EDITION), states.get(S.NEXT_EDITION, 0))
    waiting = _fate(stage, Fate.WAITING) + _fate(stage, Fate.ADMITTED) - states.get(S.ADMITTED, 0)
    yield same("who finds no seat waits", waiting, WaitingEntry.objects.count())
    yield same("nobody is left without an answer", 0, sent.filter(state__in=WITH_THE_OFFICE).count())
    yield same("no decline without a dialogue", 0, Decision.objects.filter(outcome="decline", dialogue=None).count())
    holes = sum(count for name, count in stage.refused.items() if name.startswith("NOT"))
    yield same("what the rules forbid was refused", 0, holes)


def _of_places(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    seats, places = _seats(), Place.objects.all()
    yield same("an admission is a place", counts["applications"].get(S.ADMITTED, 0), places.count())
    yield same("seats taken are places held", places.filter(state__in=HOLDS_A_SEAT).count(), seats.taken)
    yield Check("never more places than seats", seats.taken <= seats.capacity, f"{seats.taken} of {seats.capacity}")
    sure = {place.pk for place in places if place.state == PlaceState.GUARANTEED}
    settled = set(_charges().filter(Q(quote__fee_minor=0) | _settled()).values_list("place_id", flat=True))
    settled -= set(_charges().filter(invoice_line__invoice__in=_open_bills()).values_list("place_id", flat=True))
    yield same("guaranteed are the settled and the free", sorted(settled), sorted(sure))
    free = _charges().filter(quote__fee_minor=0)
    yield same("a free place has no invoice", 0, free.exclude(invoice_line=None).count())
    unbilled = places.filter(state__in=HOLDS_A_SEAT).exclude(pk__in=_charges().values("place_id")).count()
    yield same(
        "a place without a bill is owed one", unbilled, _open(ObligationKind.FEE_DECISION, ObligationKind.INVOICE)
    )
    yield same("groups of two get their discount", 0, _groups_without_discount())


def _of_money(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    for series in Series.objects.order_by("code"):
        numbers = list(series.invoices.order_by("sequence").values_list("sequence", flat=True))
        yield same(f"numbers of {series.code} have no gap", list(range(1, len(numbers) + 1)), numbers)
    yield same("a bill is as paid as its allocations say", [], _differing(InvoiceBalance.objects.all(), "invoice"))
    yield same("an entry is as used as its allocations say", [], _differing(EntryBalance.objects.all(), "entry"))
    money = counts["money"]
    received = money["received, in cents"]
    used = sum(money[f"{name}, in cents"] for name in ("allocated", "left in suspense", "set free to go back"))
    yield same("money that came is allocated, waits or goes back", received, used)
    over = InvoiceBalance.objects.filter(allocated_minor__gt=F("total_minor")).count()
    yield same("no bill is over-paid", 0, over)


def _of_leaving(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    effected = CancellationNotice.objects.filter(state=NoticeState.EFFECTED)
    ended = Place.objects.filter(state=PlaceState.CANCELLED).count()
    yield same("a cancelled place has one notice in effect", ended, effected.count())
    kept = dict(LineCredit.objects.values_list("credit_line__invoice", "kept_minor"))
    off = [
        row.pk
        for row in effected
        if row.paid_minor != row.refund_minor + sum(kept.get(note.pk, 0) for note in row.credit_notes)
    ]
    yield same("what was paid is given back or kept", [], off)
    promised = sum(row.refund_minor + row.besides_minor for row in effected)
    back = sum(Refund.objects.filter(credit_note__isnull=False).values_list("amount_minor", flat=True))
    yield same("refunds come to what the notices promise", promised, back)
    left = Refund.objects.filter(state=RefundState.SENT).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    yield same("every refund has left", back, left)
    credited = sum(Invoice.objects.filter(corrects__isnull=False).values_list("total_minor", flat=True))
    stored = InvoiceBalance.objects.aggregate(sum=Sum("credited_minor"))["sum"] or 0
    yield same("bills are credited by credit notes", credited, stored)
    yield same("no refund or notice is owed", 0, _open(ObligationKind.REFUND, ObligationKind.CANCELLATION))


def _of_statements(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    for number, report in enumerate(stage.statements, start=1):
        sums = report.new + report.known + report.ignored + report.conflicts
        yield same(f"import {number}: entries add up", report.entries, sums)
    again = stage.statements[1::2] + stage.statements[-1:]
    yield same("the same file again brings nothing new", 0, sum(report.new for report in again))
    yield same(
        "an overlapping file brings only what is new", _booked(), sum(each.new for each in stage.statements[::2])
    )
    unmatched = BankEntry.objects.filter(status=EntryStatus.BOOKED, balance=None).count()
    yield same("every booked entry was matched", 0, unmatched)


def _of_mails(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    states = counts["applications"]
    acts = {
        "admissions/receipt": len(stage.sent),
        "admissions/withdrawn": states.get(S.WITHDRAWN, 0),
        "admissions/question": stage.asked,
        "admissions/declined": states.get(S.DECLINED, 0),
        "admissions/next_edition": states.get(S.NEXT_EDITION, 0),
        "admissions/waiting_list": states.get(S.WAITING, 0),
        "enrollment/place_reserved": Place.objects.count(),
        "enrollment/nothing_to_pay": PlaceCharge.objects.filter(quote__fee_minor=0).count(),
        "billing/invoice": Invoice.objects.filter(corrects=None).count(),
        "billing/credit_note": Invoice.objects.filter(corrects__isnull=False).count(),
        "billing/refund_sent": Refund.objects.filter(state=RefundState.SENT).count(),
        "enrollment/notice_effected": Place.objects.filter(state=PlaceState.CANCELLED).count(),
    }
    subjects = _subjects()
    for kind, wanted in acts.items():
        yield same(f"one mail an act: {kind}", wanted, subjects.get(kind, 0))
    unsent = MailDelivery.objects.exclude(state=DeliveryState.SENT).count()
    yield same("every mail has left", 0, unsent)
    yield same("every paper is printed", Document.objects.count(), Rendering.objects.count())


def _of_promises(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    kinds = (ObligationKind.FIRST_ANSWER, ObligationKind.ANSWER, ObligationKind.CALL)
    yield same("no answered application is owed an answer", 0, _open(*kinds))
    lost = Place.objects.filter(state=PlaceState.RESERVED, pk__in=_open_places(ObligationKind.PAYMENT_LOST)).count()
    yield same("whose money was taken back is called", _open(ObligationKind.PAYMENT_LOST), lost)
    promised = len(_promised_first_answers())
    yield same("a first answer was promised to everybody who sent", len(stage.sent), promised)


def _of_trail(stage: Stage, counts: dict[str, dict[str, int]]) -> Iterator[Check]:
    report = verify_chain()
    yield Check("the audit chain is whole", report.intact, f"first broken: {report.first_broken}")
    yield same("every event is sealed", 0, AuditEvent.objects.filter(seal=None).count())


def _by[M: Model](rows: QuerySet[M], field: str) -> dict[str, int]:
    found = rows.order_by(field).values_list(field).annotate(Count("pk"))
    return {str(key): int(count) for key, count in found}


def _fate(stage: Stage, fate: Fate) -> int:
    return sum(guest.part.fate is fate for guest in stage.guests)


def _seats() -> SeatCounter:
    return SeatCounter.objects.get()


def _charges() -> QuerySet[PlaceCharge]:
    return PlaceCharge.objects.filter(current=True)


def _settled() -> Q:
    return Q(invoice_line__isnull=False) & ~Q(invoice_line__invoice__in=_open_bills())


def _open_bills() -> QuerySet[Invoice]:
    return Invoice.objects.filter(HAS_OPEN)


def _groups_without_discount() -> int:
    in_groups = _charges().filter(place__application__group__isnull=False, quote__fee_minor__gt=0)
    rows = list(in_groups.values_list("place__application__group", "quote__reasons"))
    sizes = Counter(group for group, _ in rows)
    return sum(sizes[group] > 1 and "discount.group" not in reasons for group, reasons in rows)


def _differing[M: Model](balances: QuerySet[M], owner: str) -> list[int]:
    sums = dict(Allocation.objects.values_list(owner).annotate(Sum("amount_minor")).order_by())
    stored = balances.values_list(owner, "allocated_minor")
    return [owner_id for owner_id, allocated in stored if sums.get(owner_id, 0) != allocated]


def _money() -> dict[str, int]:
    euros = EntryBalance.objects.filter(entry__currency="EUR", entry__status=EntryStatus.BOOKED)
    taken_back = euros.filter(amount_minor__lt=0).aggregate(sum=Sum("allocated_minor"))["sum"] or 0
    incoming = euros.filter(amount_minor__gt=0)
    sums = incoming.aggregate(received=Sum("amount_minor"), allocated=Sum("allocated_minor"))
    received, allocated = sums["received"] or 0, sums["allocated"] or 0
    waiting = incoming.filter(work_state__in=[WorkState.SUSPENSE, WorkState.SUGGESTED, WorkState.GIVE_BACK])
    unused = F("amount_minor") - F("allocated_minor") - F("returned_minor")
    left = waiting.aggregate(left=Sum(unused))["left"] or 0
    bills = Invoice.objects.filter(corrects=None)
    return {
        "invoices": bills.count(),
        "billed, in cents": bills.aggregate(sum=Sum("total_minor"))["sum"] or 0,
        "credit notes": Invoice.objects.filter(corrects__isnull=False).count(),
        "credited, in cents": InvoiceBalance.objects.aggregate(sum=Sum("credited_minor"))["sum"] or 0,
        "received, in cents": received,
        "allocated, in cents": allocated,
        "taken back, in cents": -taken_back,
        "left in suspense, in cents": left,
        "set free to go back, in cents": incoming.aggregate(sum=Sum("returned_minor"))["sum"] or 0,
        "allocations": Allocation.objects.count(),
    }


def _booked() -> int:
    return BankEntry.objects.filter(status=EntryStatus.BOOKED).count()


def _subjects() -> dict[str, int]:
    """Count the acts that mails tell of: a bill to its payer and the copy to the participant are one."""
    keys = OutgoingMail.objects.values_list("kind", "subject_id", "queued_at").distinct()
    return Counter(kind for kind, _, _ in keys)


def _obligations() -> dict[str, int]:
    rows = Obligation.objects.all()
    counts = {f"{kind}, open": rows.filter(OPEN, kind=kind).count() for kind in ObligationKind}
    counts |= {f"{kind}, kept": rows.filter(kind=kind, met_at__isnull=False).count() for kind in ObligationKind}
    return {name: count for name, count in counts.items() if count}


def _open(*kinds: ObligationKind) -> int:
    return Obligation.objects.filter(OPEN, kind__in=kinds).count()


def _open_places(kind: ObligationKind) -> list[int]:
    rows = Obligation.objects.filter(OPEN, kind=kind, subject_kind="enrollment.place")
    return [int(pk) for pk in rows.values_list("subject_id", flat=True)]


def _promised_first_answers() -> set[str]:
    return set(Obligation.objects.filter(kind=ObligationKind.FIRST_ANSWER).values_list("subject_id", flat=True))
