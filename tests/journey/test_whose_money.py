"""Money goes back to whom it came from, once, and as much as the terms say, whatever came in between."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.money import (
    billed_group,
    billed_place,
    book,
    charge_of,
    member_council,
    statement_file,
    transfer,
)
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Allocation, BankEntry, EntryBalance, Invoice, InvoiceBalance, Refund
from chancery.domain.billing.services.allocating import AllocationNotPossible
from chancery.domain.billing.services.writing_off import WriteOffNotPossible
from chancery.domain.billing.states import WorkState
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.interfaces.participant.payment import payment_words
from chancery.journey import cancel, reconcile, settle
from chancery.journey.reconcile import Part, Rest

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 14, 9, 2, tzinfo=UTC)
LATER = datetime(2024, 10, 17, 9, 0, tzinfo=UTC)
X, Y = "FR1420041010050500013M02606", "DE89370400440532013000"
Take = Callable[..., BankEntry]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def take(tmp_path: Path, finance: Actor) -> Take:
    """Take a line in, and book it by hand to a bill where it did not book itself."""

    def taken(minor: int, bill: Invoice | None = None, *, day: int = 12, iban: str = X, **more: Any) -> BankEntry:
        number = BankEntry.objects.count() + 1
        more = {"value_date": date(2024, 10, day), "payer_iban": iban, "payer_name": iban[:2], **more}
        line = transfer(minor, bill.creditor_reference if bill else "", number=number, **more)
        settle.import_statement(statement_file(tmp_path, line, name=f"{number}.xml"), actor=finance, now=NOW)
        entry = BankEntry.objects.latest("id")
        if bill and not EntryBalance.objects.get(entry=entry).allocated_minor:
            book(entry_id=entry.pk, invoice_id=bill.pk, amount_minor=minor, reason="x", actor=finance, now=NOW)
        return entry

    return taken


def leave(place: Place, actor: Actor, *, at: datetime = NOW) -> CancellationNotice:
    return cancel.accept_notice(notice_id=hear(place, facts_of(place), at=at).pk, actor=actor, now=LATER)


def refunds() -> dict[str, int]:
    return {refund.iban: refund.amount_minor for refund in Refund.objects.all()}


class TestABankThatTakesMoneyBack:
    def test_whoever_has_their_money_back_gets_no_refund(self, take: Take, finance: Actor) -> None:
        place, bill = billed_place(make_edition())
        take(40_000, bill, day=11, iban=X)
        take(60_000, bill, day=12, iban=Y)
        take(-60_000, bill, day=13, iban=Y, reversal=True)

        notice = leave(place, finance)

        assert (notice.paid_minor, notice.refund_minor) == (40_000, 30_000)
        assert refunds() == {X: 30_000}

    def test_a_return_that_names_nobody_leaves_the_account_to_a_person(self, take: Take, finance: Actor) -> None:
        place, bill = billed_place(make_edition())
        take(50_000, bill, day=11, iban=X)
        take(50_000, bill, day=12, iban=Y)
        take(-50_000, bill, day=13, iban="", reversal=True)

        leave(place, finance)

        assert refunds() == {"": 37_500}

    def test_the_returned_line_is_not_set_free_a_second_time(self, take: Take, finance: Actor) -> None:
        _, bill = billed_place(make_edition())
        gone = take(100_000, bill, iban=Y)
        take(-100_000, bill, day=13, iban=Y, reversal=True)
        take(100_000, bill, day=14, iban=X)

        with pytest.raises(AllocationNotPossible):
            reconcile.take_back(
                allocation_id=Allocation.objects.get(entry=gone).pk, reason="oops", actor=finance, now=LATER
            )


class TestALeaverOfAGroup:
    @pytest.fixture
    def group(self) -> tuple[list[Place], Invoice]:
        return billed_group(make_edition(capacity=9), member_council())

    @pytest.mark.parametrize("first", [0, 1])
    def test_the_order_in_which_two_are_let_go_changes_no_sum(
        self, first: int, group: tuple[list[Place], Invoice], take: Take, finance: Actor
    ) -> None:
        places, bill = group
        half = bill.total_minor // 2
        take(half, bill, day=12)
        take(bill.total_minor - half, bill, day=16)
        told = [hear(place, facts_of(place), at=NOW + timedelta(hours=i)) for i, place in enumerate(places)]

        done = [cancel.accept_notice(notice_id=told[i].pk, actor=finance, now=LATER) for i in (first, 1 - first)]

        assert {(each.paid_minor, each.refund_minor) for each in [*told, *done]} == {(45_000, 33_750)}
        kept = sum(each.paid_minor - each.refund_minor for each in done)
        assert InvoiceBalance.objects.get(invoice=bill).allocated_minor == kept
        assert sum(Refund.objects.values_list("amount_minor", flat=True)) == bill.total_minor - kept

    def test_money_that_was_given_back_is_not_set_free_for_another_bill(
        self, group: tuple[list[Place], Invoice], take: Take, finance: Actor
    ) -> None:
        places, bill = group
        _, other = billed_place(places[0].edition)
        half = bill.total_minor // 2
        take(half, bill, day=11, iban=X)
        both = take(bill.total_minor - half + other.total_minor, iban=Y)
        parts = [Part(bill.pk, bill.total_minor - half), Part(other.pk, other.total_minor)]
        reconcile.book_line(entry_id=both.pk, parts=parts, reason="two bills", actor=finance, now=NOW)
        leave(places[0], finance)

        for row in Allocation.objects.filter(entry=both, invoice=bill):
            with pytest.raises(AllocationNotPossible):
                reconcile.take_back(allocation_id=row.pk, reason="oops", actor=finance, now=LATER)

        balance = EntryBalance.objects.get(entry=both)
        assert balance.allocated_minor + balance.returned_minor <= balance.amount_minor
        assert balance.left_minor == 0

    def test_a_bill_that_the_credit_note_settles_makes_the_others_sure(
        self, group: tuple[list[Place], Invoice], take: Take, finance: Actor
    ) -> None:
        places, bill = group
        take(bill.total_minor - 1, bill, day=11)

        leave(places[1], finance)

        places[0].refresh_from_db()
        assert InvoiceBalance.objects.get(invoice=bill).open_minor == 0
        assert places[0].state == PlaceState.GUARANTEED
        assert OutgoingMail.objects.filter(kind="enrollment/place_guaranteed").count() == 1

    def test_a_bill_that_stays_open_makes_nobody_sure_and_mails_nothing_of_a_part_payment(
        self, group: tuple[list[Place], Invoice], take: Take, finance: Actor
    ) -> None:
        places, bill = group
        take(10_000, bill, day=11)
        before = OutgoingMail.objects.filter(kind="billing/part_payment").count()

        leave(places[1], finance)

        places[0].refresh_from_db()
        assert places[0].state == PlaceState.RESERVED
        assert OutgoingMail.objects.filter(kind="billing/part_payment").count() == before


def test_a_debit_that_was_booked_with_its_rest_written_off_is_taken_back_with_it(take: Take, finance: Actor) -> None:
    _, bill = billed_place(make_edition())
    take(bill.total_minor, bill)
    fee = take(-500, day=13, iban="")
    parts = [Part(bill.pk, -500)]
    reconcile.book_line(
        entry_id=fee.pk, parts=parts, reason="fee", rest=Rest.WRITE_OFF, rest_reason="fee", actor=finance, now=NOW
    )

    booked = Allocation.objects.get(entry=fee)
    reconcile.take_back(allocation_id=booked.pk, reason="a cost of ours", actor=finance, now=LATER)

    balance = InvoiceBalance.objects.get(invoice=bill)
    assert (balance.allocated_minor, balance.written_off_minor) == (bill.total_minor, 0)


def test_a_bill_of_a_place_given_up_too_late_is_paid_like_any_other(tmp_path: Path, finance: Actor) -> None:
    place, bill = billed_place(make_edition())
    late = datetime(2024, 10, 25, 9, 0, tzinfo=UTC)
    notice = hear(place, facts_of(place), at=late)
    cancel.give_up_place(notice_id=notice.pk, because="wrote too late", actor=finance, now=late)
    assert payment_words(Invoice.objects.get(pk=bill.pk))["ended"] is False

    line = transfer(bill.total_minor, bill.creditor_reference, number=9, value_date=date(2024, 10, 28))
    settle.import_statement(statement_file(tmp_path, line), actor=finance, now=late)

    place.refresh_from_db()
    assert EntryBalance.objects.get().work_state == WorkState.BOOKED
    assert InvoiceBalance.objects.get(invoice=bill).open_minor == 0
    assert place.state == PlaceState.GIVEN_UP


def test_the_tolerance_is_that_of_a_bill_and_not_of_an_act(take: Take, finance: Actor) -> None:
    _, bill = billed_place(make_edition())
    big, small, again = take(bill.total_minor - 2_000), take(1_000, day=13), take(bill.total_minor - 2_000, day=14)
    told = {"reason": "x", "actor": finance, "now": NOW}
    let_go = {"rest": Rest.WRITE_OFF, "rest_reason": "fees of a bank", **told}
    reconcile.book_line(entry_id=big.pk, parts=[Part(bill.pk, bill.total_minor - 2_000)], **told)
    reconcile.book_line(entry_id=small.pk, parts=[Part(bill.pk, 1_000)], **let_go)
    reconcile.take_back(allocation_id=Allocation.objects.get(entry=big).pk, reason="x", actor=finance, now=NOW)

    with pytest.raises(WriteOffNotPossible):
        reconcile.book_line(entry_id=again.pk, parts=[Part(bill.pk, bill.total_minor - 3_000)], **let_go)

    assert InvoiceBalance.objects.get(invoice=bill).written_off_minor == 1_000


def test_what_is_set_aside_stays_so_while_a_part_of_its_line_is_booked(take: Take, finance: Actor) -> None:
    place, bill = billed_place(make_edition())
    line = take(bill.total_minor + 50_000)
    reconcile.keep_to_return(entry_id=line.pk, reason="too much", actor=finance, now=NOW)

    book(entry_id=line.pk, invoice_id=bill.pk, amount_minor=bill.total_minor, reason="x", actor=finance, now=NOW)

    balance = EntryBalance.objects.get(entry=line)
    assert (balance.left_minor, balance.work_state) == (50_000, WorkState.GIVE_BACK)
    assert charge_of(place) is not None
