"""What processes do at once with a place that is left and with its money; the real code, as its doors call it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import Invoice, Refund, RefundBatch
from chancery.domain.enrollment.models import CancellationNotice, Place, SeatCounter, WaitingEntry
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.foundation.ruling import Refused
from chancery.journey import cancel, offer, repay, settle
from tests.engine.seeds import NOW, bill_places
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.money import statement_file, transfer
from tests.factories.notices import facts_of, hear

OFFICER = user_actor(1)


def hear_of_a_paid_place(folder: Path, waiting: int = 0) -> int:
    """Bill a place, let it be paid, let its person reply while others wait for a seat; return the notice."""
    ((reference, total),) = bill_places(1)
    path = statement_file(folder, transfer(total, reference), account=Invoice.objects.get().issuer["iban"])
    settle.import_statement(path, actor=OFFICER, now=NOW)
    place = Place.objects.select_related("person", "edition__programme", "thread").get()
    _wait_for_a_seat(waiting)
    return hear(place, facts_of(place), at=NOW).pk


def approve_the_refund(notice_id: int) -> int:
    """Accept a notice and let another person approve its refund; return the refund."""
    cancel.accept_notice(notice_id=notice_id, actor=OFFICER, now=NOW)
    second = user_actor(make_officer(email="second@office.example").pk)
    refund = Refund.objects.get()
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)
    return refund.pk


def accept(notice_id: int) -> str:
    """Accept a notice; return what became of it."""
    return _told(lambda: cancel.accept_notice(notice_id=notice_id, actor=OFFICER, now=NOW))


def make_file() -> str:
    """Make the file of approved refunds; return what became of it."""
    return _told(lambda: repay.make_refund_file(actor=OFFICER, now=NOW))


def offer_seats() -> int:
    """Offer what is free."""
    return offer.offer_free_seats(edition_id=Place.objects.get().edition_id, actor=OFFICER, now=NOW)


def standing() -> dict[str, Any]:
    """Return what there is of everything that may exist once."""
    counter = SeatCounter.objects.get()
    return {
        "credit notes": Invoice.objects.filter(corrects__isnull=False).count(),
        "refunds": Refund.objects.count(),
        "files": RefundBatch.objects.count(),
        "in effect": CancellationNotice.objects.filter(state="effected").count(),
        "seats": (counter.taken, counter.held),
        "offers": WaitingEntry.objects.filter(offered_until__isnull=False, left_at=None).count(),
    }


def _told(act: Callable[[], object]) -> str:
    try:
        act()
    except Refused as refused:
        return type(refused).__name__
    return "done"


def _wait_for_a_seat(people: int) -> None:
    edition = Place.objects.get().edition
    for _ in range(people):
        application = make_application(edition=edition, state=ApplicationState.WAITING)
        join_waiting_list(application=application, actor=SYSTEM, now=NOW)
