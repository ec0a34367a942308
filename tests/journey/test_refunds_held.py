"""What holds a refund: money that left, was taken back or was corrected, and that nobody has explained whole."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.factories.money import ACCOUNT, billed_place, book, statement_file, transfer
from tests.factories.programme import make_edition
from tests.journey.test_refunds_leave import LATER, PARIS, SUM, approve, cancelled
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryConflict, Invoice, Refund
from chancery.domain.billing.queries.coming_back import list_possible_returns
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.queries.returned_lines import list_counterparts
from chancery.domain.billing.states import EntryStatus, RefundState, WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.journey import reconcile, repay, settle

pytestmark = pytest.mark.django_db
FEE = 100_000
CITY = {"payer_iban": PARIS, "payer_name": "Metropole"}


@world
def refund(finance: Actor, folder: Path) -> Refund:
    """The refund of a cancelled place that Paris had paid, proposed."""
    return cancelled(finance, folder, PARIS)


def take_in(folder: Path, actor: Actor, entry: CamtEntry) -> BankEntry:
    path = statement_file(folder, entry, name=f"{BankEntry.objects.count()}.xml")
    settle.import_statement(path, actor=actor, now=LATER)
    return BankEntry.objects.latest("pk")


def correct(came: BankEntry, actor: Actor) -> BankEntry:
    return reconcile.correct_line(entry_id=came.pk, reason="the bank says so", actor=actor, now=LATER).line


def make_file(actor: Actor, **more: Any) -> list[Refund]:
    return list(repay.make_refund_file(actor=actor, now=LATER, **more).refunds.all())


@pytest.mark.parametrize("marked", [True, False])
def test_a_payment_taken_back_holds_its_refund_though_a_part_of_it_is_booked(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path, marked: bool
) -> None:
    bill = Invoice.objects.earliest("pk")
    debit = take_in(tmp_path, finance, transfer(-FEE, bill.creditor_reference, number=8, reversal=marked, **CITY))
    book(entry_id=debit.pk, invoice_id=bill.pk, amount_minor=-25_000, reason="return", actor=finance, now=LATER)

    with pytest.raises(repay.RefundNotPossible, match="return_waits"):
        approve(refund, second)

    repay.decide_refund(refund_id=refund.pk, approved=False, seen="", actor=second, now=LATER)
    assert list_counterparts(BankEntry.objects.get(pk=debit.pk)) == [refund.entry]
    joined = reconcile.join_return(debit_id=debit.pk, credit_id=refund.entry_id, actor=finance, now=LATER)
    assert [each.left_minor for each in EntryBalance.objects.order_by("pk")] == [0, 0]
    assert (joined.amount_minor, list_owed(refund.entry_id)) == (SUM, [])
    assert not Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).exists()
    assert OutgoingMail.objects.filter(kind="billing/refund_money_gone").exists()

    reconcile.part_return(return_id=joined.pk, reason="another one", actor=finance, now=LATER)
    assert [each.left_minor for each in EntryBalance.objects.order_by("pk")] == [SUM, -SUM]
    assert [each.owed_minor for each in list_owed(refund.entry_id)] == [SUM]


def test_a_corrected_line_that_was_taken_back_is_joined_with_its_return(finance: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    gift = transfer(FEE, text="gift", number=1, **CITY)
    first = take_in(tmp_path, finance, gift)
    correct(take_in(tmp_path, finance, replace(gift, amount_cents=90_000)), finance)
    debit = take_in(tmp_path, finance, transfer(-90_000, number=9, reversal=True, **CITY))

    reconcile.join_return(debit_id=debit.pk, credit_id=first.pk, actor=finance, now=LATER)

    assert {each.left_minor for each in EntryBalance.objects.filter(entry__status=EntryStatus.BOOKED)} == {0}


def test_a_correction_holds_the_refund_of_its_line_from_the_day_that_it_is_told(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    bill = Invoice.objects.earliest("pk")
    told = transfer(10_000, bill.creditor_reference, payer_iban=PARIS)
    came = take_in(tmp_path, finance, told)
    assert EntryConflict.objects.get().came == came

    with pytest.raises(repay.RefundNotPossible, match="return_waits"):
        approve(refund, second)
    difference = correct(came, finance)
    with pytest.raises(repay.RefundNotPossible, match="return_waits"):
        approve(refund, second)
    book(entry_id=difference.pk, invoice_id=bill.pk, amount_minor=-25_000, reason="less", actor=finance, now=LATER)
    with pytest.raises(repay.RefundNotPossible, match="return_waits"):
        approve(refund, second)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("first_told", [-SUM - 1_000, -SUM + 5_000])
def test_a_debit_that_the_bank_corrected_is_still_the_refund_that_left_with_it(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path, first_told: int, named: bool
) -> None:
    refund = approve(refund, second)
    reference = {"end_to_end_id": refund.end_to_end_id} if named else {}
    told = transfer(first_told, number=9, **CITY, **reference)
    debit = take_in(tmp_path, finance, told)

    correct(take_in(tmp_path, finance, replace(told, amount_cents=-SUM)), finance)

    with pytest.raises(repay.NothingToPay, match="may have left"):
        make_file(finance)
    (left,) = repay.name_leaving(refund_ids=[refund.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)
    assert (left.state, EntryBalance.objects.get(entry=debit).left_minor) == (RefundState.SENT, 0)


def test_a_correction_that_a_refund_left_with_is_not_taken_back(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approve(refund, second)
    told = transfer(-SUM + 5_000, number=9, **CITY)
    debit = take_in(tmp_path, finance, told)
    difference = correct(take_in(tmp_path, finance, replace(told, amount_cents=-SUM)), finance)
    repay.name_leaving(refund_ids=[refund.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)

    with pytest.raises(reconcile.DecisionNotPossible, match="correction_used"):
        reconcile.undo_correction(entry_id=difference.pk, reason="no", actor=finance, now=LATER)


def test_the_difference_of_a_debit_is_no_refund_that_came_back(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    approve(refund, second)
    make_file(finance)
    told = transfer(-SUM, number=9, end_to_end_id=refund.end_to_end_id, **CITY)
    take_in(tmp_path, finance, told)

    difference = correct(take_in(tmp_path, finance, replace(told, amount_cents=-SUM + 1_000)), finance)

    assert (difference.amount_minor, list_possible_returns(difference)) == (1_000, [])
    with pytest.raises(repay.RefundNotPossible, match="line_is_used"):
        repay.name_coming_back(refund_ids=[refund.pk], entry_id=difference.pk, actor=finance, now=LATER)


def test_a_debit_that_may_be_on_file_already_holds_the_refund(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approve(refund, second)
    debit = replace(transfer(-SUM, number=9, text="transfer", **CITY), bank_reference="")
    for opening in (FEE, FEE - SUM):  # two files of a day
        path = tmp_path / f"{opening}.xml"
        path.write_bytes(camt_file(CamtStatement(ACCOUNT, (debit,), statement_id=path.name, opening_cents=opening)))
        settle.import_statement(path, actor=finance, now=LATER)
    first, again = BankEntry.objects.filter(amount_minor=-SUM).order_by("pk")
    assert again.status == EntryStatus.CONTESTED
    reconcile.book_cost(entry_id=first.pk, reason="rent", actor=finance, now=LATER)

    with pytest.raises(repay.NothingToPay, match="may have left"):
        make_file(finance, others=[again.pk])

    reconcile.leave_line_out(entry_id=again.pk, reason="told twice", actor=finance, now=LATER)
    assert make_file(finance) == [refund]


def test_one_payment_that_may_be_two_refunds_holds_both(
    refund: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approve(refund, second)
    debit = take_in(tmp_path, finance, transfer(-2 * SUM, number=9, text="both refunds", **CITY))

    with pytest.raises(repay.NothingToPay, match="may have left"):
        make_file(finance)

    assert make_file(finance, others=[debit.pk]) == [refund]
    assert EntryBalance.objects.get(entry=debit).work_state == WorkState.OUTGOING
