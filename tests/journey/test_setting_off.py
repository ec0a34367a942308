"""Money of a refund that came to nothing pays another bill: the promise is kept by that, and its payer reads it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, book, pay_bill
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Allocation, EntryBalance, Invoice, Refund, SetOff
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.participant.leaving_shown import leaving_of
from chancery.journey import cancel, reconcile, repay

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
SUM = 75_000  # 75 % of the fee


@pytest.fixture
def finance() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@pytest.fixture
def place(finance: Actor, tmp_path: Path) -> Place:
    """A cancelled place whose refund a second person has rejected: the city wants the money for another place."""
    place, invoice = billed_place(make_edition())
    pay_bill(tmp_path, finance, NOW, invoice, invoice.total_minor)
    place.refresh_from_db()
    hear(place, facts_of(place), at=NOW)
    cancel.accept_notice(notice_id=CancellationNotice.objects.get().pk, actor=finance, now=NOW)
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=Refund.objects.get().pk, approved=False, seen="", actor=second, now=NOW)
    place.refresh_from_db()
    return place


@pytest.fixture
def other(place: Place) -> Invoice:
    return billed_place(place.edition)[1]


def set_off(bill: Invoice, minor: int, actor: Actor) -> Allocation:
    entry_id = Refund.objects.earliest("id").entry_id
    return book(
        entry_id=entry_id, invoice_id=bill.pk, amount_minor=minor, reason="as asked", actor=actor, now=NOW
    ).allocation


def promised() -> list[tuple[int, bool]]:
    """The promises that no later refund took over: whose they are, and whether they are still open."""
    rows = Obligation.objects.filter(kind="refund", dropped_at=None).order_by("id")
    return [(int(row.subject_id), row.met_at is None) for row in rows]


def test_a_booking_meets_the_promise_whose_money_it_takes(place: Place, other: Invoice, finance: Actor) -> None:
    refund = Refund.objects.get()
    assert promised() == [(refund.pk, True)]

    set_off(other, SUM, finance)

    assert promised() == [(refund.pk, False)]
    assert SetOff.objects.get().amount_minor == SUM
    assert AuditEvent.objects.filter(name="billing.refund.set_off").count() == 1
    assert (
        OutgoingMail.objects.filter(kind="billing/refund_set_off").count() == 2
    )  # whoever paid, whoever had the place


def test_its_page_says_which_bill_the_money_pays(place: Place, other: Invoice, finance: Actor) -> None:
    set_off(other, SUM, finance)

    card = leaving_of(place)[-1]

    assert (card.tone, card.now) == ("done", f"It pays another bill instead: {other.number}.")


def test_a_part_leaves_the_rest_promised_and_proposed_anew(place: Place, other: Invoice, finance: Actor) -> None:
    refund = Refund.objects.get()
    set_off(other, 50_000, finance)
    assert promised() == [(refund.pk, True)]
    assert leaving_of(place)[-1].sure == "Refund of EUR\N{NO-BREAK SPACE}250.00"

    reconcile.keep_to_return(entry_id=refund.entry_id, reason="the rest", actor=finance, now=NOW)
    rest = repay.propose_refund(
        entry_id=refund.entry_id, name="Accra", iban="DE89370400440532013000", evidence="letter", actor=finance, now=NOW
    )

    assert (rest.amount_minor, rest.replaces, rest.due_on) == (25_000, refund, refund.due_on)
    assert promised() == [(rest.pk, True)]


def test_a_booking_taken_back_lets_the_promise_stand_again(place: Place, other: Invoice, finance: Actor) -> None:
    refund = Refund.objects.get()
    allocation = set_off(other, SUM, finance)

    reconcile.take_back(allocation_id=allocation.pk, reason="they want it back", actor=finance, now=NOW)

    assert promised() == [(refund.pk, False), (refund.pk, True)]
    assert Obligation.objects.latest("id").due_at.date() == refund.due_on
    balance = EntryBalance.objects.get(entry=refund.entry_id)
    assert (balance.left_minor, balance.work_state) == (SUM, WorkState.GIVE_BACK)


def test_money_that_nobody_was_promised_goes_first(other: Invoice, finance: Actor, place: Place) -> None:
    Refund.objects.update(amount_minor=60_000)

    set_off(other, 20_000, finance)

    assert SetOff.objects.get().amount_minor == 5_000
    assert Refund.objects.get().state == RefundState.REJECTED
