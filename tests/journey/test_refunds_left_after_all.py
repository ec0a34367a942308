"""A refund that somebody called failed leaves after all, while its money is on its way by another one."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.factories.money import billed_place
from tests.factories.programme import make_edition
from tests.journey.test_cancel import cancelled
from tests.journey.test_recount import LATER as MUCH_LATER
from tests.journey.test_recount import count, read, undo
from tests.journey.test_refunds_leave import (
    LATER,
    NOW,
    PARIS,
    SUM,
    approve,
    left_of,
    money_that_waits,
    take_in,
)
from tests.journey.test_refunds_leave import cancelled as refund_of_a_cancelled_place
from tests.worlds import world

from chancery.domain.billing.models import EntryCost, Refund
from chancery.domain.billing.queries.bank import find_line
from chancery.domain.billing.queries.leavings import list_holding, list_possible_leavings
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import NoticeDifference
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.models import MailContent
from chancery.foundation.obligations.models import Obligation
from chancery.journey import reconcile, repay

pytestmark = pytest.mark.django_db
BERLIN = "DE89370400440532013000"


@world
def at_the_bank(finance: Actor, second: Actor, folder: Path) -> Refund:
    refund = approve(refund_of_a_cancelled_place(finance, folder, PARIS), second)
    repay.make_refund_file(actor=finance, now=NOW)
    return refund


def proposed_anew(refund: Refund, finance: Actor, iban: str = BERLIN) -> Refund:
    """Call a refund failed and propose its money to another account."""
    repay.fail_refund(refund_id=refund.pk, reason="the bank called", actor=finance, now=NOW)
    words = {"name": "Accra Assembly", "iban": iban, "evidence": "letter", "actor": finance}
    return repay.propose_refund(entry_id=refund.entry_id, now=NOW, **words)


def reject(refund: Refund, second: Actor) -> None:
    repay.decide_refund(refund_id=refund.pk, approved=False, seen="", actor=second, now=LATER)


@pytest.mark.parametrize("minor", [SUM, SUM + 250, 300])
@pytest.mark.parametrize("iban", [PARIS, BERLIN])
def test_what_names_a_refund_holds_the_one_that_took_its_promise_over(
    at_the_bank: Refund, finance: Actor, second: Actor, tmp_path: Path, iban: str, minor: int
) -> None:
    anew = approve(proposed_anew(at_the_bank, finance, iban), second)
    debit = take_in(tmp_path, finance, -minor, end_to_end_id=at_the_bank.end_to_end_id, payer_iban=PARIS)

    assert list_holding([anew]) == {anew.pk: [debit]}
    with pytest.raises(repay.NothingToPay) as nothing:
        repay.make_refund_file(actor=finance, now=LATER)
    assert nothing.value.ruling.reasons == ("may_have_left",)


def test_the_old_one_is_named_once_the_new_one_is_rejected(
    at_the_bank: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    anew = approve(proposed_anew(at_the_bank, finance), second)
    debit = take_in(tmp_path, finance, -SUM - 250, end_to_end_id=at_the_bank.end_to_end_id, payer_iban=PARIS)
    words = {"refund_ids": [at_the_bank.pk], "entry_id": debit.pk, "reason": "charges", "actor": finance}
    with pytest.raises(repay.RefundNotPossible, match="taken_over"):
        repay.name_leaving(now=LATER, **words)

    reject(anew, second)

    assert [each for each, _ in list_possible_leavings(debit)] == [at_the_bank]
    assert repay.name_leaving(now=LATER, **words) == [at_the_bank]
    assert (left_of(at_the_bank.entry), left_of(debit)) == ((0, WorkState.BOOKED), (0, WorkState.BOOKED))
    assert [each.state for each in Refund.objects.order_by("pk")] == [RefundState.SENT, RefundState.REJECTED]
    assert not any(each.is_open for each in Refund.objects.all())
    assert not Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).exists()
    assert not MailContent.objects.filter(mail__kind="billing/refund_money_gone").exists()
    assert money_that_waits() == 0

    repay.undo_leaving(entry_id=debit.pk, reason="it was a fee", actor=finance, now=LATER + timedelta(days=1))
    repay.fail_refund(refund_id=at_the_bank.pk, reason="the bank called", actor=finance, now=LATER)
    assert sum(each.owed_minor for each in Refund.objects.all()) == SUM


def test_the_old_one_is_closed_by_its_reference_where_the_new_one_was_rejected_before(
    at_the_bank: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    reject(proposed_anew(at_the_bank, finance), second)

    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=at_the_bank.end_to_end_id)

    at_the_bank.refresh_from_db()
    assert (at_the_bank.state, at_the_bank.debit, money_that_waits()) == (RefundState.SENT, debit, 0)


@world
def of_no_bill(finance: Actor, second: Actor, folder: Path) -> Refund:
    """A refund of money that paid no bill, at the bank."""
    make_edition()
    credit = take_in(folder, finance, SUM, payer_iban=PARIS)
    reconcile.keep_to_return(entry_id=credit.pk, reason="nobody's", actor=finance, now=NOW)
    words = {"name": "Accra Assembly", "iban": PARIS, "evidence": "letter", "actor": finance}
    refund = approve(repay.propose_refund(entry_id=credit.pk, now=NOW, **words), second)
    repay.make_refund_file(actor=finance, now=NOW)
    refund.refresh_from_db()
    return refund


def test_the_promise_of_one_of_no_bill_stands_once_the_new_one_is_rejected(
    of_no_bill: Refund, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    rejected = proposed_anew(of_no_bill, finance)
    reject(rejected, second)
    words = {"name": "Accra Assembly", "iban": BERLIN, "evidence": "letter", "actor": finance}
    anew = approve(repay.propose_refund(entry_id=of_no_bill.entry_id, now=LATER, **words), second)
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=of_no_bill.end_to_end_id)

    assert (anew.replaces, list_holding([anew])) == (of_no_bill, {anew.pk: [debit]})

    reject(anew, second)
    repay.name_leaving(refund_ids=[of_no_bill.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)
    assert (left_of(debit), left_of(of_no_bill.entry)) == ((0, WorkState.BOOKED), (0, WorkState.BOOKED))
    assert not any(each.is_open for each in Refund.objects.all())


@world
def counted(finance: Actor, second: Actor, folder: Path) -> tuple[Refund, NoticeDifference, Refund]:
    """A refund that was called failed, its line counted as paid since, and the refund of what counts."""
    place, invoice = billed_place(make_edition())
    notice = cancelled(place, finance)
    credit = read(folder, finance, invoice, 100_000)
    reconcile.keep_to_return(entry_id=credit.pk, reason="late", actor=finance, now=MUCH_LATER)
    words = {"name": "Accra Assembly", "iban": BERLIN, "evidence": "letter", "actor": finance}
    refund = approve(repay.propose_refund(entry_id=credit.pk, now=MUCH_LATER, **words), second)
    repay.make_refund_file(actor=finance, now=MUCH_LATER)
    repay.fail_refund(refund_id=refund.pk, reason="the bank called", actor=finance, now=MUCH_LATER)
    line = find_line(credit.pk)
    assert line is not None
    row = count(line, notice, finance)
    return refund, row, Refund.objects.latest("pk")


def test_what_names_a_refund_whose_money_counts_elsewhere_holds_the_others_of_its_line(
    counted: tuple[Refund, NoticeDifference, Refund], finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund, row, anew = counted
    debit = take_in(tmp_path, finance, -100_000, end_to_end_id=refund.end_to_end_id)

    assert (anew.replaces, list_holding([anew])) == (None, {anew.pk: [debit]})

    reject(anew, second)
    undo(row, finance)
    repay.name_leaving(refund_ids=[refund.pk], entry_id=debit.pk, reason="", actor=finance, now=MUCH_LATER)
    assert (left_of(refund.entry)[0], left_of(debit)[0], money_that_waits()) == (0, 0, 0)


def test_what_left_twice_is_a_cost_once_the_new_one_has_left(
    counted: tuple[Refund, NoticeDifference, Refund], finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund, _, anew = counted
    words = {"name": "Accra Assembly", "iban": BERLIN, "evidence": "letter", "actor": finance}
    approve(repay.name_account(refund_id=anew.pk, now=MUCH_LATER, **words), second)
    repay.make_refund_file(actor=finance, now=MUCH_LATER)
    debit = take_in(tmp_path, finance, -100_000, end_to_end_id=refund.end_to_end_id)
    with pytest.raises(reconcile.SettingAsideNotPossible, match="refund_unsent"):
        reconcile.book_cost(entry_id=debit.pk, reason="paid twice", actor=finance, now=MUCH_LATER)

    take_in(tmp_path, finance, -SUM, end_to_end_id=anew.end_to_end_id)

    reconcile.book_cost(entry_id=debit.pk, reason="paid twice", actor=finance, now=MUCH_LATER)
    assert (EntryCost.objects.get().amount_minor, left_of(debit)[0], money_that_waits()) == (-100_000, 0, 0)
