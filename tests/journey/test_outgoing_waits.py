"""Money that left and concerns us waits for a person, and no file pays a refund that may have left already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, book, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, Invoice, Refund
from chancery.domain.billing.queries import bank
from chancery.domain.billing.queries.suggestions import list_bills_taken_back, list_suggestions
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.journey import cancel, reconcile, repay, settle

pytestmark = pytest.mark.django_db
PARIS, TURIN = "FR1420041010050500013M02606", "IT60X0542811101000000123456"
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
FEE, SUM = 100_000, 75_000
CITY = {"payer_name": "METROPOLE EXEMPLE", "payer_iban": PARIS}


def take_in(folder: Path, actor: Actor, minor: int, reference: str = "", **more: Any) -> BankEntry:
    """Take one line in and return it."""
    number = BankEntry.objects.count() + 1
    entry = transfer(minor, reference, number=number, **more)
    settle.import_statement(statement_file(folder, entry, name=f"{number}.xml"), actor=actor, now=NOW)
    return BankEntry.objects.latest("pk")


@pytest.fixture
def take(finance: Actor, tmp_path: Path) -> Any:
    """Return what takes one line in and returns it."""
    return partial(take_in, tmp_path, finance)


@world
def paid(finance: Actor, folder: Path) -> tuple[Place, Invoice]:
    """A place whose bill was paid from Paris."""
    place, invoice = billed_place(make_edition())
    take_in(folder, finance, FEE, invoice.creditor_reference, **CITY)
    place.refresh_from_db()
    return place, invoice


def called_off(place: Place, finance: Actor) -> Refund:
    """Return the refund that is proposed as a place is cancelled."""
    place.refresh_from_db()
    hear(place, facts_of(place), at=NOW)
    notice = CancellationNotice.objects.latest("pk")
    cancel.accept_notice(notice_id=notice.pk, actor=finance, now=NOW)
    return Refund.objects.latest("pk")


def approve(refund: Refund) -> Refund:
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    return repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)


@world
def approved(paid: tuple[Place, Invoice], finance: Actor) -> Refund:
    """A refund of that money to Paris, approved and in no file."""
    return approve(called_off(paid[0], finance))


def waiting() -> list[int]:
    return list(bank.list_lines().values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("minor", "told", "waits"),
    [
        pytest.param(-SUM, CITY, True, id="the refund by sum and account"),
        pytest.param(-SUM - 1_500, CITY, True, id="with charges"),
        pytest.param(-SUM, {"payer_name": "HOTEL", "payer_iban": TURIN}, False, id="the sum to somebody else"),
        pytest.param(-25_000, {"payer_name": "SOCIEDAD EJEMPLO", "payer_iban": TURIN}, False, id="another payment"),
    ],
)
def test_a_debit_that_may_be_an_approved_refund_waits(
    approved: Refund, take: Any, minor: int, told: dict[str, str], waits: bool
) -> None:
    debit = take(minor, **told)

    assert EntryBalance.objects.get(entry=debit).work_state == WorkState.OUTGOING
    assert waiting() == ([debit.pk] if waits else [])


def test_the_file_leaves_out_what_may_have_left_until_somebody_says_it_is_another_payment(
    approved: Refund, take: Any, finance: Actor
) -> None:
    debit = take(-SUM, **CITY)

    with pytest.raises(repay.NothingToPay) as refused:
        repay.make_refund_file(actor=finance, now=LATER)
    batch = repay.make_refund_file(actor=finance, now=LATER, others=[debit.pk])

    assert refused.value.ruling.reasons == ("may_have_left",)
    assert batch.refunds.get() == approved
    assert AuditEvent.objects.get(name=Event.REFUND_EXPORTED).facts["other_payments"] == [debit.pk]


def test_another_debit_than_the_one_that_was_looked_at_holds_the_file(
    approved: Refund, take: Any, finance: Actor
) -> None:
    first = take(-SUM, **CITY)
    take(-SUM, **CITY)

    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=LATER, others=[first.pk])

    approved.refresh_from_db()
    assert approved.state == RefundState.APPROVED


def test_a_debit_that_was_explained_holds_no_file(approved: Refund, take: Any, finance: Actor) -> None:
    debit = take(-SUM, **CITY)
    reconcile.book_cost(entry_id=debit.pk, reason="a room", actor=finance, now=NOW)

    assert repay.make_refund_file(actor=finance, now=LATER).refunds.get() == approved
    assert waiting() == []


def test_a_return_without_the_banks_mark_waits_beside_the_bill_that_it_names(
    paid: tuple[Place, Invoice], take: Any
) -> None:
    _, invoice = paid

    debit = take(-FEE, invoice.creditor_reference, text="RETURN OF TRANSFER", payer_name="X", payer_iban=TURIN)

    assert waiting() == [debit.pk]
    assert [each.invoice for each in list_suggestions(debit)] == [invoice]
    assert EntryBalance.objects.get(entry=debit).reasons == ["bill_named"]


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        pytest.param(CITY, True, id="account and name"),
        pytest.param({**CITY, "payer_iban": ""}, True, id="name alone"),
        pytest.param({"payer_name": "ANOTHER", "payer_iban": PARIS}, True, id="account alone"),
        pytest.param({**CITY, "payer_iban": TURIN}, False, id="another account"),
    ],
)
def test_a_debit_of_the_sum_and_payer_of_a_booked_line_waits_beside_its_bill(
    paid: tuple[Place, Invoice], take: Any, told: dict[str, str], waits: bool
) -> None:
    debit = take(-FEE, **told)

    assert waiting() == ([debit.pk] if waits else [])
    assert [each.invoice for each in list_bills_taken_back(debit)] == ([paid[1]] if waits else [])


def test_a_debit_before_the_money_came_takes_nothing_back(paid: tuple[Place, Invoice], take: Any) -> None:
    debit = take(-FEE, **CITY, booking_date=NOW.date() - timedelta(days=9))

    assert (waiting(), list_bills_taken_back(debit)) == ([], [])


def test_a_debit_far_beyond_charges_is_no_refund_unless_it_names_it(
    approved: Refund, take: Any, finance: Actor
) -> None:
    more, named = take(-SUM - 25_000, **CITY), take(-SUM - 25_000, **CITY, text=f"REFUND {approved.end_to_end_id}")

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.name_leaving(refund_ids=[approved.pk], entry_id=more.pk, reason="charges", actor=finance, now=LATER)
    (left,) = repay.name_leaving(
        refund_ids=[approved.pk], entry_id=named.pk, reason="charges", actor=finance, now=LATER
    )

    assert refused.value.ruling.reasons == ("more_left",)
    assert (left.state, left.debit) == (RefundState.SENT, named)


def not_approved(refund: Refund) -> tuple[str, ...]:
    with pytest.raises(repay.RefundNotPossible) as refused:
        approve(refund)
    return refused.value.ruling.reasons


def not_paid(finance: Actor) -> tuple[str, ...]:
    with pytest.raises(repay.NothingToPay) as refused:
        repay.make_refund_file(actor=finance, now=LATER)
    return refused.value.ruling.reasons


@pytest.fixture
def told_again(finance: Actor, tmp_path: Path) -> Any:
    """Return what takes another sum of a line of Paris over and returns the difference."""

    def tells(line: BankEntry, minor: int) -> BankEntry:
        entry = replace(transfer(minor, **CITY), bank_reference=line.bank_reference)
        settle.import_statement(statement_file(tmp_path, entry, name=f"{minor}.xml"), actor=finance, now=NOW)
        came = BankEntry.objects.latest("pk")
        return reconcile.correct_line(entry_id=came.pk, reason="the bank says so", actor=finance, now=NOW).line

    return tells


@pytest.mark.parametrize("is_marked", [True, False], ids=["marked as a return", "not marked"])
def test_a_return_holds_the_refund_until_all_of_it_is_explained(
    paid: tuple[Place, Invoice], take: Any, finance: Actor, is_marked: bool
) -> None:
    place, invoice = paid
    refund = called_off(place, finance)
    debit = take(-FEE, invoice.creditor_reference, **CITY, reversal=is_marked)
    book(entry_id=debit.pk, invoice_id=invoice.pk, amount_minor=SUM - FEE, reason="it went", actor=finance, now=NOW)

    assert not_approved(refund) == ("return_waits",)

    reconcile.book_cost(entry_id=debit.pk, reason="the rest", actor=finance, now=NOW)
    assert not_approved(refund) == ("return_waits",)


def test_a_return_that_is_booked_in_part_keeps_an_approved_refund_out_of_the_file(
    approved: Refund, paid: tuple[Place, Invoice], take: Any, finance: Actor
) -> None:
    debit = take(-FEE, paid[1].creditor_reference, **CITY, reversal=True)
    book(entry_id=debit.pk, invoice_id=paid[1].pk, amount_minor=SUM - FEE, reason="it names it", actor=finance, now=NOW)

    assert not_paid(finance) == ("return_waits",)


def test_a_correction_keeps_an_approved_refund_out_of_the_file_even_as_a_cost(
    approved: Refund, told_again: Any, finance: Actor
) -> None:
    difference = told_again(approved.entry, 10_000)

    assert not_paid(finance) == ("return_waits",)

    reconcile.book_cost(entry_id=difference.pk, reason="ours", actor=finance, now=NOW)
    assert not_paid(finance) == ("more_than_received",)


def test_a_refund_by_hand_that_was_taken_for_its_bill_in_part_is_not_paid_again(
    approved: Refund, paid: tuple[Place, Invoice], take: Any, finance: Actor
) -> None:
    debit = take(-SUM, **CITY, text=f"refund {paid[1].number}")
    book(entry_id=debit.pk, invoice_id=paid[1].pk, amount_minor=SUM - FEE, reason="it names it", actor=finance, now=NOW)

    assert not_paid(finance) == ("may_have_left",)
