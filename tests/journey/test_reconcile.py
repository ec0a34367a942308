"""What an officer does at a bank line, and what follows from it in the same transaction."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, Invoice, InvoiceBalance, WriteOff
from chancery.domain.billing.queries.suggestions import list_suggestions
from chancery.domain.billing.states import WorkState
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import MailContent
from chancery.journey import reconcile, settle
from chancery.journey.reconcile import Part, Rest, Seen

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@pytest.fixture
def bank(tmp_path: Path, officer: Actor) -> Any:
    """Return what takes lines in; each call is a file of its own."""

    def takes_in(*entries: Any) -> BankEntry:
        name = f"{BankEntry.objects.count()}.xml"
        settle.import_statement(statement_file(tmp_path, *entries, name=name), actor=officer, now=NOW)
        return BankEntry.objects.latest("id")

    return takes_in


def state_of(entry: BankEntry) -> str:
    return EntryBalance.objects.get(entry=entry).work_state


def test_one_transfer_pays_two_bills_and_both_places_are_sure(bank: Any, officer: Actor) -> None:
    edition = make_edition()
    bills = [billed_place(edition)[1] for _ in range(2)]
    line = bank(transfer(200_000, text="two of us"))
    best = [each for each in list_suggestions(line) if each.rank == 1]
    assert (state_of(line), [each.invoice for each in best]) == (WorkState.SUGGESTED, bills)

    parts = [Part(bill.pk, 100_000) for bill in bills]
    reconcile.book_line(entry_id=line.pk, parts=parts, reason="one transfer", actor=officer, now=NOW)

    assert set(Place.objects.values_list("state", flat=True)) == {PlaceState.GUARANTEED}
    assert state_of(line) == WorkState.BOOKED


def test_one_part_that_does_not_fit_books_no_part(bank: Any, officer: Actor) -> None:
    edition = make_edition()
    bills = [billed_place(edition)[1] for _ in range(2)]
    line = bank(transfer(200_000))

    with pytest.raises(reconcile.AllocationNotPossible):
        parts = [Part(bills[0].pk, 100_000), Part(bills[1].pk, 100_001)]
        reconcile.book_line(entry_id=line.pk, parts=parts, reason="one transfer", actor=officer, now=NOW)

    assert set(Place.objects.values_list("state", flat=True)) == {PlaceState.RESERVED}
    assert EntryBalance.objects.get(entry=line).allocated_minor == 0


def write_off(line: BankEntry, bill: Invoice, amount: int, officer: Actor, why: str = "charges of the bank") -> None:
    reconcile.book_line(
        entry_id=line.pk,
        parts=[Part(bill.pk, amount)],
        reason="its reference",
        rest=Rest.WRITE_OFF,
        rest_reason=why,
        actor=officer,
        now=NOW,
    )


def test_a_short_payment_within_the_tolerance_is_settled_and_makes_the_place_sure(bank: Any, officer: Actor) -> None:
    place, bill = billed_place(make_edition())
    line = bank(transfer(98_500, bill.creditor_reference))

    write_off(line, bill, 98_500, officer)

    place.refresh_from_db()
    balance = InvoiceBalance.objects.get(invoice=bill)
    assert (place.state, balance.written_off_minor, balance.allocated_minor) == (PlaceState.GUARANTEED, 1_500, 98_500)
    assert not MailContent.objects.filter(mail__kind="billing/part_payment").exists()
    assert "billing.write_off.booked" in AuditEvent.objects.values_list("name", flat=True)


@pytest.mark.parametrize(
    ("amount", "why", "reason"),
    [
        (98_499, "charges", "above_tolerance"),
        (98_500, " ", "reason_missing"),
        (100_000, "charges", "nothing_open"),
    ],
)
def test_nothing_is_written_off_without_a_reason_or_above_the_tolerance(
    bank: Any, officer: Actor, amount: int, why: str, reason: str
) -> None:
    place, bill = billed_place(make_edition())
    line = bank(transfer(100_000, text="?"))

    with pytest.raises(reconcile.WriteOffNotPossible) as refused:
        write_off(line, bill, amount, officer, why)

    place.refresh_from_db()
    assert refused.value.ruling.reasons == (reason,)
    assert (place.state, WriteOff.objects.count()) == (PlaceState.RESERVED, 0)
    assert EntryBalance.objects.get(entry=line).allocated_minor == 0


def test_taking_a_short_payment_back_takes_what_was_written_off_back_too(bank: Any, officer: Actor) -> None:
    place, bill = billed_place(make_edition())
    line = bank(transfer(98_750, bill.creditor_reference))
    write_off(line, bill, 98_750, officer)

    moved = reconcile.take_back(allocation_id=line.allocations.get().pk, reason="another bill", actor=officer, now=NOW)

    place.refresh_from_db()
    balance = InvoiceBalance.objects.get(invoice=bill)
    assert (place.state, balance.written_off_minor, balance.allocated_minor) == (PlaceState.RESERVED, 0, 0)
    assert moved.open_after == 100_000
    assert [row.amount_minor for row in WriteOff.objects.order_by("id")] == [1_250, -1_250]
    assert state_of(line) == WorkState.SUGGESTED


def test_what_is_too_much_is_kept_to_be_given_back(bank: Any, officer: Actor) -> None:
    place, bill = billed_place(make_edition())
    line = bank(transfer(150_000, bill.creditor_reference))

    reconcile.book_line(
        entry_id=line.pk,
        parts=[Part(bill.pk, 100_000)],
        reason="its reference",
        rest=Rest.GIVE_BACK,
        rest_reason="500.00 too much",
        actor=officer,
        now=NOW,
    )

    place.refresh_from_db()
    balance = EntryBalance.objects.get(entry=line)
    assert place.state == PlaceState.GUARANTEED
    assert (balance.work_state, balance.left_minor, balance.note) == (WorkState.GIVE_BACK, 50_000, "500.00 too much")


def test_a_fee_of_the_bank_is_booked_as_a_cost_and_taken_back_by_a_row(bank: Any, officer: Actor) -> None:
    billed_place(make_edition())
    line = bank(transfer(-420, text="COMISION", payer_name="", payer_iban=""))
    assert state_of(line) == WorkState.OUTGOING

    cost = reconcile.book_cost(entry_id=line.pk, reason="fee of October", actor=officer, now=NOW)
    assert (state_of(line), EntryBalance.objects.get(entry=line).left_minor) == (WorkState.BOOKED, 0)

    reconcile.take_cost_back(cost_id=cost.pk, reason="ours to claim", actor=officer, now=NOW)
    assert (state_of(line), EntryBalance.objects.get(entry=line).left_minor) == (WorkState.OUTGOING, -420)
    assert [row.amount_minor for row in EntryCost.objects.order_by("id")] == [-420, 420]


def test_money_that_came_in_is_no_cost_and_money_that_left_is_not_given_back(bank: Any, officer: Actor) -> None:
    billed_place(make_edition())
    came, left = bank(transfer(100)), bank(transfer(-100, number=2))

    with pytest.raises(reconcile.SettingAsideNotPossible):
        reconcile.book_cost(entry_id=came.pk, reason="x", actor=officer, now=NOW)
    with pytest.raises(reconcile.SettingAsideNotPossible):
        reconcile.keep_to_return(entry_id=left.pk, reason="x", actor=officer, now=NOW)


def test_the_database_knows_no_cost_of_money_that_came_in(bank: Any) -> None:
    billed_place(make_edition())
    line = bank(transfer(100))

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryBalance.objects.filter(entry=line).update(cost_minor=-1)


def test_the_second_of_two_officers_sees_that_the_line_has_changed(bank: Any, officer: Actor) -> None:
    _, bill = billed_place(make_edition())
    line = bank(transfer(100_000))
    seen = Seen(100_000, {bill.pk: 100_000})
    half = {"entry_id": line.pk, "parts": [Part(bill.pk, 50_000)], "reason": "x", "actor": officer, "now": NOW}
    reconcile.book_line(**half, seen=seen)  # type: ignore[arg-type]

    with pytest.raises(reconcile.ChangedMeanwhile) as refused:
        reconcile.book_line(**half, seen=seen)  # type: ignore[arg-type]

    assert refused.value.ruling.reasons == ("line_changed",)
    assert InvoiceBalance.objects.get(invoice=bill).allocated_minor == 50_000


def test_the_second_of_two_officers_sees_that_the_bill_has_changed(bank: Any, officer: Actor) -> None:
    _, bill = billed_place(make_edition())
    lines = [bank(transfer(50_000, number=number)) for number in (1, 2)]
    words = {"parts": [Part(bill.pk, 50_000)], "reason": "x", "actor": officer, "now": NOW}
    reconcile.book_line(entry_id=lines[0].pk, **words)  # type: ignore[arg-type]

    with pytest.raises(reconcile.ChangedMeanwhile) as refused:
        seen = Seen(50_000, {bill.pk: 100_000})
        reconcile.book_line(entry_id=lines[1].pk, seen=seen, **words)  # type: ignore[arg-type]

    assert refused.value.ruling.reasons == ("bill_changed",)


def test_a_booking_makes_the_suggestions_of_lines_beside_it_anew(bank: Any, officer: Actor) -> None:
    _, bill = billed_place(make_edition())
    lines = [bank(transfer(100_000, text="course", number=number)) for number in (1, 2)]
    assert [state_of(line) for line in lines] == [WorkState.SUGGESTED, WorkState.SUGGESTED]

    reconcile.book_line(entry_id=lines[0].pk, parts=[Part(bill.pk, 100_000)], reason="x", actor=officer, now=NOW)

    assert state_of(lines[1]) == WorkState.SUSPENSE
    assert ("bill_paid", "", 0) in list_suggestions(lines[1])[0].evidence


def test_the_account_of_a_booked_line_is_known_for_the_next_one(bank: Any, officer: Actor) -> None:
    _, bill = billed_place(make_edition())
    words = {"payer_name": "TRESOR PUBLIC", "payer_iban": "SN08SN0100152000048500003035"}
    lines = [bank(transfer(50_000, number=number, **words)) for number in (1, 2)]
    assert state_of(lines[1]) == WorkState.SUSPENSE

    reconcile.book_line(
        entry_id=lines[0].pk, parts=[Part(bill.pk, 50_000)], reason="they called", actor=officer, now=NOW
    )

    assert state_of(lines[1]) == WorkState.SUGGESTED
    assert list_suggestions(lines[1])[0].evidence[0][0] == "account.seen"


def test_a_line_that_came_before_its_bill_is_suggested_once_the_bill_is_issued(bank: Any) -> None:
    edition = make_edition()
    billed_place(edition)
    line = bank(transfer(100_000, text="invoice 2", payer_name="X", payer_iban=""))
    EntryBalance.objects.update(weighed_at=datetime(2024, 10, 1, tzinfo=UTC))
    billed_place(edition)
    assert settle.lines_are_stale()

    assert settle.weigh_waiting_lines(now=NOW) == 1

    assert (state_of(line), settle.lines_are_stale()) == (WorkState.SUGGESTED, False)


def test_a_line_is_weighed_again_when_a_later_line_of_its_file_pays_the_bill(bank: Any) -> None:
    _, bill = billed_place(make_edition())

    bank(transfer(100_000, text="invoice 1"), transfer(100_000, bill.creditor_reference, number=2))

    first, second = BankEntry.objects.order_by("id")
    assert (state_of(first), state_of(second)) == (WorkState.SUSPENSE, WorkState.BOOKED)
