"""Money of a refund that came to nothing pays another bill: the promise is kept by that, and its payer reads it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, book, pay_bill, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import Allocation, EntryBalance, EntryConflict, Invoice, Refund, SetOff
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.participant.leaving_shown import leaving_of
from chancery.journey import cancel, reconcile, repay, settle
from chancery.journey.reissue import reissue_bill

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
SUM = 75_000  # 75 % of the fee
THEIRS = "DE89370400440532013000"
MINISTRY = Payer(legal_name="Ministry", address="Square 1", country="GHA", email="pay@ministry.example")


@world
def place(finance: Actor, folder: Path) -> Place:
    """A cancelled place whose refund a second person has rejected: the city wants the money for another place."""
    place, invoice = billed_place(make_edition())
    pay_bill(folder, finance, NOW, invoice, invoice.total_minor)
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


def set_off(bill: Invoice, minor: int, actor: Actor, *, now: datetime = NOW) -> Allocation:
    entry_id = Refund.objects.earliest("id").entry_id
    return book(
        entry_id=entry_id, invoice_id=bill.pk, amount_minor=minor, reason="as asked", actor=actor, now=now
    ).allocation


def propose(refund: Refund, actor: Actor, *, now: datetime = NOW) -> Refund:
    return repay.propose_refund(
        entry_id=refund.entry_id, name="Accra", iban=THEIRS, evidence="letter", actor=actor, now=now
    )


def owed(refund: Refund) -> list[tuple[int, int]]:
    """What of the line of a refund is promised back: by which refunds, and how much."""
    return [(each.pk, each.owed_minor) for each in list_owed(refund.entry_id)]


def cards(place: Place) -> list[str]:
    """What the participant reads of the money, a card each, in plain spaces."""
    return [str(card.sure).replace("\N{NO-BREAK SPACE}", " ") for card in leaving_of(place)[1:]]


def correct(refund: Refund, folder: Path, minor: int, actor: Actor) -> None:
    """The bank tells another sum of the payment, and an officer takes it over."""
    told = transfer(minor, Invoice.objects.earliest("pk").creditor_reference, number=1, value_date=date(2024, 10, 12))
    settle.import_statement(statement_file(folder, told, name=f"{minor}.xml"), actor=actor, now=NOW)
    came = EntryConflict.objects.latest("pk").came
    assert came is not None
    reconcile.correct_line(entry_id=came.pk, reason="the bank says so", actor=actor, now=NOW)


def mails(kind: str) -> list[str]:
    rows = OutgoingMail.objects.filter(kind=f"billing/{kind}").select_related("content").order_by("pk")
    return [" ".join(row.content.text.split()) for row in rows]


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
    rest = propose(refund, finance)

    assert (rest.amount_minor, rest.replaces, rest.due_on) == (25_000, refund, refund.due_on)
    assert promised() == [(rest.pk, True)]


def test_money_that_is_set_off_after_a_letter_did_not_count_as_paid_by_it(
    place: Place, other: Invoice, finance: Actor
) -> None:
    colleague = Place.objects.exclude(pk=place.pk).get()
    hear(colleague, facts_of(colleague), at=NOW + timedelta(minutes=1))
    set_off(other, SUM, finance, now=NOW + timedelta(hours=1))

    notice = CancellationNotice.objects.latest("pk")
    done = cancel.accept_notice(notice_id=notice.pk, actor=finance, now=NOW + timedelta(hours=2))

    assert (done.paid_minor, done.refund_minor, done.besides_minor) == (0, 0, SUM)


def test_a_booking_taken_back_lets_the_promise_stand_again(place: Place, other: Invoice, finance: Actor) -> None:
    refund = Refund.objects.get()
    allocation = set_off(other, SUM, finance)

    reconcile.take_back(allocation_id=allocation.pk, reason="they want it back", actor=finance, now=NOW)

    assert promised() == [(refund.pk, False), (refund.pk, True)]
    assert Obligation.objects.latest("id").due_at.date() == refund.due_on
    balance = EntryBalance.objects.get(entry=refund.entry_id)
    assert (balance.left_minor, balance.work_state) == (SUM, WorkState.GIVE_BACK)


def test_the_rest_that_is_proposed_leaves_what_was_set_off_to_the_first(
    place: Place, other: Invoice, finance: Actor
) -> None:
    refund = Refund.objects.get()
    allocation = set_off(other, 50_000, finance)
    rest = propose(refund, finance)
    assert cards(place) == ["Refund of EUR 500.00 set off", "Refund of EUR 250.00"]

    reconcile.take_back(allocation_id=allocation.pk, reason="no", actor=finance, now=NOW)

    assert owed(refund) == [(refund.pk, 50_000)]
    assert cards(place) == ["Refund of EUR 500.00", "Refund of EUR 250.00"]
    anew = propose(refund, finance, now=NOW + timedelta(days=20))
    assert (anew.amount_minor, anew.due_on, anew.credit_note) == (50_000, refund.due_on, refund.credit_note)
    assert [(key, is_open) for key, is_open in promised() if is_open] == [(rest.pk, True), (anew.pk, True)]


def test_what_was_set_off_moves_on_with_a_bill_that_is_issued_anew(
    place: Place, other: Invoice, finance: Actor
) -> None:
    refund = Refund.objects.get()
    set_off(other, SUM, finance)

    new = reissue_bill(invoice_id=other.pk, payer=MINISTRY, actor=finance, now=NOW)

    assert refund.set_off_by_bill == [(new, SUM)]
    assert leaving_of(place)[-1].now == f"It pays another bill instead: {new.number}."
    assert promised() == [(refund.pk, False)]
    assert len(mails("refund_set_off")) == 2  # of the first booking; nobody loses anything by the second

    moved = Allocation.objects.get(invoice=new)
    reconcile.take_back(allocation_id=moved.pk, reason="no", actor=finance, now=NOW)

    assert owed(refund) == [(refund.pk, SUM)]
    assert EntryBalance.objects.get(entry=refund.entry_id).work_state == WorkState.GIVE_BACK
    assert cards(place) == ["Refund of EUR 750.00"]
    assert promised() == [(refund.pk, False), (refund.pk, True)]


def test_a_booking_taken_back_owes_again_though_other_money_of_the_line_is_on_that_bill(
    place: Place, finance: Actor
) -> None:
    refund, first = Refund.objects.get(), Invoice.objects.earliest("pk")  # 250.00 of the line stay on that bill
    booked = Allocation.objects.create(
        entry=refund.entry, invoice=first, amount_minor=SUM, reason="a bill with room", actor="user:1", at=NOW
    )
    EntryBalance.objects.update(allocated_minor=100_000)
    repay.fit_promises(lines=[refund.entry_id], booked=[booked], actor=finance, now=NOW)
    assert owed(refund) == []

    Allocation.objects.create(
        entry=refund.entry,
        invoice=first,
        amount_minor=-SUM,
        reverses=booked,
        reason="no",
        actor="user:1",
        at=NOW,
    )
    EntryBalance.objects.update(allocated_minor=25_000)
    repay.fit_promises(lines=[refund.entry_id], actor=finance, now=NOW)

    assert owed(refund) == [(refund.pk, SUM)]


def test_money_that_the_bank_takes_from_a_promise_is_told_and_given_back_no_second_time(
    place: Place, other: Invoice, finance: Actor, tmp_path: Path
) -> None:
    refund = Refund.objects.get()

    correct(refund, tmp_path, 50_000, finance)

    assert owed(refund) == [(refund.pk, 25_000)]
    assert cards(place) == ["Nothing goes back of EUR 500.00", "Refund of EUR 250.00"]
    assert "EUR 500.00 was to go back to you" in mails("refund_money_gone")[0]
    assert "EUR 250.00 of the refund is still promised" in mails("refund_money_gone")[0]
    set_off(other, 10_000, finance)
    assert [row.amount_minor for row in SetOff.objects.filter(allocation__isnull=False)] == [10_000]
    rest = propose(refund, finance)
    assert (rest.amount_minor, rest.replaces, rest.credit_note) == (15_000, refund, refund.credit_note)
    assert [key for key, is_open in promised() if is_open] == [rest.pk]


def test_a_correction_taken_back_lets_the_promise_stand_again(place: Place, finance: Actor, tmp_path: Path) -> None:
    refund = Refund.objects.get()
    correct(refund, tmp_path, 50_000, finance)
    line = EntryBalance.objects.latest("pk").entry_id

    reconcile.undo_correction(entry_id=line, reason="another line", actor=finance, now=NOW)

    assert owed(refund) == [(refund.pk, SUM)]
    assert promised()[-1] == (refund.pk, True)


def test_money_that_nobody_was_promised_goes_first(other: Invoice, finance: Actor, place: Place) -> None:
    Refund.objects.update(amount_minor=60_000)

    set_off(other, 20_000, finance)

    assert SetOff.objects.get().amount_minor == 5_000
    assert Refund.objects.get().state == RefundState.REJECTED
