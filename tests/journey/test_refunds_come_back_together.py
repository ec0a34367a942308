"""A bank sends refunds of one debit or one file back as one credit: a person says which, all of them or none."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from tests.factories.money import statement_file
from tests.journey.test_refunds_leave import LATER, PARIS, SUM, approve, left_of, money_that_waits, take_in
from tests.journey.test_refunds_leave_together import (
    MUCH_LATER,
    SAVINGS,
    correct,
    file_of_three,
    letters,
    name,
    named_in_its_batch,
    propose_anew,
    told_to_the_trail,
)
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, Refund, RefundBatch
from chancery.domain.billing.queries.coming_back import (
    ComingBackTogether,
    list_coming_back_together,
    list_possible_returns,
    list_that_may_have_come_back,
)
from chancery.domain.billing.services.accounts import name_account
from chancery.domain.billing.states import WorkState
from chancery.foundation.audit.actors import Actor
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtEntry
from chancery.journey import reconcile, repay, settle

pytestmark = pytest.mark.django_db


@world
def held(finance: Actor, second: Actor, folder: Path) -> list[Refund]:
    """Three refunds of one file, of which no line shows yet that they left."""
    return file_of_three(finance, second, folder)


@world
def sent(held: list[Refund], finance: Actor, folder: Path) -> list[Refund]:
    """Three refunds of one file that left with one debit."""
    return name(held, take_in(folder, finance, -3 * SUM), finance)


def came_back(refunds: list[Refund], credit: BankEntry, actor: Actor) -> list[Refund]:
    keys = [refund.pk for refund in refunds]
    return repay.name_coming_back(refund_ids=keys, entry_id=credit.pk, actor=actor, now=LATER)


def undo(credit: BankEntry, actor: Actor, reason: str = "a gift") -> list[Refund]:
    return repay.undo_coming_back(entry_id=credit.pk, reason=reason, actor=actor, now=MUCH_LATER)


def stand(refunds: list[Refund]) -> list[tuple[str, int | None]]:
    """State and the line of coming back."""
    rows = Refund.objects.filter(pk__in=[refund.pk for refund in refunds]).order_by("pk")
    return [(refund.state, refund.came_back_id) for refund in rows]


def waits_at_first_lines(refunds: list[Refund]) -> list[tuple[int, str]]:
    return [left_of(refund.entry) for refund in refunds]


def told(credit: BankEntry) -> tuple[int, ...]:
    """The refunds that stand ticked."""
    found = list_coming_back_together(credit).told
    return found.refunds if found else ()


def keys(refunds: list[Refund]) -> tuple[int, ...]:
    return tuple(refund.pk for refund in refunds)


def open_promises() -> int:
    return Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).count()


def test_a_file_that_comes_back_as_one_credit_is_its_refunds_and_a_person_says_so(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM, reversal=True)

    assert (stand(sent), told(credit)) == ([("sent", None)] * 3, keys(sent))

    assert came_back(sent, credit, finance) == sent
    assert stand(sent) == [("failed", credit.pk)] * 3
    assert waits_at_first_lines(sent) == [(SUM, WorkState.GIVE_BACK)] * 3
    assert (left_of(credit), money_that_waits()) == ((0, WorkState.BOOKED), 3 * SUM)
    assert (open_promises(), letters("refund_came_back")) == (3, 3)
    assert told_to_the_trail("came_back") == [(SUM, credit.pk)] * 3
    assert not EntryCost.objects.exists()


def test_what_the_bank_kept_of_them_is_one_cost_at_their_debit_to_the_cent(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM - 900, remittance=(sent[1].end_to_end_id,))

    assert told(credit) == keys(sent)
    came_back(sent, credit, finance)

    cost = EntryCost.objects.get()
    assert (cost.amount_minor, cost.entry_id) == (-900, sent[0].debit_id)
    assert (left_of(cost.entry), left_of(credit)) == ((0, WorkState.BOOKED), (0, WorkState.BOOKED))
    assert told_to_the_trail("came_back") == [(SUM - 900, credit.pk), (SUM, credit.pk), (SUM, credit.pk)]
    assert money_that_waits() == 3 * SUM

    assert undo(credit, finance) == sent
    assert (stand(sent), sum(EntryCost.objects.values_list("amount_minor", flat=True))) == ([("sent", None)] * 3, 0)
    assert (left_of(cost.entry), left_of(credit)) == ((0, WorkState.BOOKED), (3 * SUM - 900, WorkState.SUSPENSE))
    assert (open_promises(), letters("refund_not_back"), money_that_waits()) == (0, 3, 3 * SUM - 900)


def test_two_of_three_come_back_as_one_credit_and_the_third_by_itself(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 2 * SUM)
    together = list_coming_back_together(credit)
    assert (together.refunds, together.told, list_that_may_have_come_back([credit.pk])) == (sent, None, set())

    came_back(sent[:2], credit, finance)
    take_in(tmp_path, finance, SUM, end_to_end_id=sent[2].end_to_end_id)

    assert [state for state, _ in stand(sent)] == ["failed"] * 3
    assert money_that_waits() == 3 * SUM


def test_a_file_that_comes_back_before_its_debit_was_read_is_told_too(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    assert told(credit) == keys(held)
    came_back(held, credit, finance)

    debit = take_in(tmp_path, finance, -3 * SUM)
    name(held, debit, finance)

    assert stand(held) == [("failed", credit.pk)] * 3
    assert (left_of(debit), money_that_waits()) == ((0, WorkState.BOOKED), 3 * SUM)
    undo(credit, finance)
    assert stand(held) == [("sent", None)] * 3


def test_where_no_line_shows_them_leaving_they_are_with_the_bank_again(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    came_back(held, credit, finance)

    undo(credit, finance)

    assert (stand(held), open_promises()) == ([("exported", None)] * 3, 3)
    assert waits_at_first_lines(held) == [(0, WorkState.BOOKED)] * 3


@pytest.mark.parametrize("minor", [3 * SUM - 250, 2 * SUM])
def test_the_bank_names_the_file_in_the_element_of_a_batch(
    sent: list[Refund], finance: Actor, tmp_path: Path, minor: int
) -> None:
    credit = named_in_its_batch(tmp_path, finance, minor)

    assert told(credit) == (keys(sent) if minor > 2 * SUM else ())
    assert list_coming_back_together(credit).weighed[0].is_named
    assert list_that_may_have_come_back([credit.pk]) == {credit.pk}


def test_nothing_stands_ticked_where_two_files_come_to_one_sum_and_none_is_named(
    sent: list[Refund], finance: Actor, second: Actor, tmp_path: Path
) -> None:
    others = name(file_of_three(finance, second, tmp_path, 3), take_in(tmp_path, finance, -3 * SUM), finance)
    unnamed = take_in(tmp_path, finance, 3 * SUM)
    named = take_in(tmp_path, finance, 3 * SUM, remittance=(sent[0].end_to_end_id,))

    assert (told(unnamed), told(named)) == ((), keys(sent))
    with pytest.raises(repay.RefundNotPossible, match="not_together"):
        came_back([*sent[:2], others[0]], unnamed, finance)
    assert stand([*sent, *others]) == [("sent", None)] * 6


@pytest.mark.parametrize(
    ("many", "minor", "why"),
    [
        pytest.param(0, 3 * SUM, "none_named", id="none"),
        pytest.param(2, 3 * SUM, "not_that_sum", id="more than they are"),
        pytest.param(3, 2 * SUM, "less_came", id="one did not come back"),
    ],
)
def test_refunds_that_are_not_the_credit_are_refused(
    sent: list[Refund], finance: Actor, tmp_path: Path, many: int, minor: int, why: str
) -> None:
    credit = take_in(tmp_path, finance, minor)

    with pytest.raises(repay.RefundNotPossible, match=why):
        came_back(sent[:many], credit, finance)

    assert (stand(sent), left_of(credit)[0]) == ([("sent", None)] * 3, minor)


def test_charges_of_refunds_whose_debit_was_not_read_are_looked_at_first(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    with pytest.raises(repay.RefundNotPossible, match="leaving_not_read"):
        came_back(held, take_in(tmp_path, finance, 3 * SUM - 900), finance)


def test_refunds_of_a_file_that_left_one_by_one_come_back_together_only_whole(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    for refund in held:
        take_in(tmp_path, finance, -SUM, end_to_end_id=refund.end_to_end_id)
    whole, less = (take_in(tmp_path, finance, 3 * SUM - kept) for kept in (0, 900))

    with pytest.raises(repay.RefundNotPossible, match="not_together"):
        came_back(held, less, finance)

    assert (told(whole), came_back(held, whole, finance)) == (keys(held), held)


def test_a_credit_that_bears_the_reference_of_one_is_no_other_ones(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 2 * SUM, remittance=(sent[2].end_to_end_id,))

    with pytest.raises(repay.RefundNotPossible, match="other_named"):
        came_back(sent[:2], credit, finance)

    assert came_back(sent[1:], credit, finance) == sent[1:]


def test_all_of_them_or_none_and_nothing_twice(sent: list[Refund], finance: Actor, tmp_path: Path) -> None:
    first, other = (take_in(tmp_path, finance, many * SUM) for many in (2, 3))
    came_back(sent[:2], first, finance)

    with pytest.raises(repay.RefundNotPossible, match="never_left"):
        came_back(sent, other, finance)
    with pytest.raises(repay.RefundNotPossible, match="line_is_used"):
        came_back(sent[2:], first, finance)

    assert stand(sent) == [("failed", first.pk), ("failed", first.pk), ("sent", None)]
    with pytest.raises(IntegrityError, match="entry_not_over_allocated"), transaction.atomic():
        EntryBalance.objects.filter(entry=first).update(returned_minor=F("returned_minor") + SUM)


def test_one_that_was_called_failed_is_joined_and_not_put_back_twice(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    anew = propose_anew(held[1], finance)
    credit = take_in(tmp_path, finance, 3 * SUM)

    came_back(held, credit, finance)

    assert waits_at_first_lines(held) == [(SUM, WorkState.GIVE_BACK), (0, WorkState.BOOKED), (SUM, WorkState.GIVE_BACK)]
    assert anew.state == "proposed"


def test_what_was_named_wrongly_is_taken_back_together_and_not_once_one_was_proposed_anew(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    came_back(sent, credit, finance)
    with pytest.raises(repay.RefundNotPossible, match="reason_missing"):
        undo(credit, finance, " ")
    words = {"name": "Ejemplo", "iban": PARIS, "evidence": "", "actor": finance}
    repay.propose_refund(entry_id=sent[0].entry_id, now=LATER, **words)

    with pytest.raises(repay.RefundNotPossible, match="taken_over"):
        undo(credit, finance)

    assert stand(sent) == [("failed", credit.pk)] * 3


def elsewhere(folder: Path, actor: Actor, *entries: CamtEntry) -> list[BankEntry]:
    """Take credits in on another account of ours."""
    name_account(number=SAVINGS, currency="EUR", feed="camt.053", actor=actor, now=LATER)
    path = statement_file(folder, *entries, name="elsewhere.xml", account=SAVINGS)
    settle.import_statement(path, actor=actor, now=LATER)
    return list(BankEntry.objects.filter(account__number=SAVINGS).order_by("pk"))


def test_a_refund_comes_back_to_the_account_from_which_it_left(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    by_reference = CamtEntry(SUM, LATER.date(), bank_reference="one", end_to_end_id=sent[0].end_to_end_id)
    whole = CamtEntry(3 * SUM, LATER.date(), bank_reference="all")
    one, all_of_them = elsewhere(tmp_path, finance, by_reference, whole)

    assert stand(sent) == [("sent", None)] * 3
    assert (list_possible_returns(one), told(all_of_them)) == ([], ())
    assert list_that_may_have_come_back([one.pk, all_of_them.pk]) == set()
    for refunds, credit in ((sent[:1], one), (sent, all_of_them)):
        with pytest.raises(repay.RefundNotPossible, match="left_elsewhere"):
            came_back(refunds, credit, finance)


# Money that may be refunds is not given to somebody else.


def give_back(credit: BankEntry, finance: Actor) -> Refund:
    words = {"name": "Somebody", "iban": "DE89370400440532013000", "evidence": "letter", "actor": finance}
    return repay.propose_refund(entry_id=credit.pk, now=LATER, **words)


def keep(credit: BankEntry, finance: Actor, **said: Any) -> None:
    reconcile.keep_to_return(entry_id=credit.pk, reason="unknown", actor=finance, now=LATER, **said)


def test_no_refund_of_such_a_credit_is_proposed_until_somebody_says_that_it_is_another_payment(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM, reversal=True)
    keep(credit, finance)

    with pytest.raises(repay.RefundNotPossible, match="may_have_come_back"):
        give_back(credit, finance)

    keep(credit, finance, is_other_payment=True)
    assert give_back(credit, finance).amount_minor == 3 * SUM
    assert list_that_may_have_come_back([credit.pk]) == set()


def test_a_credit_that_is_kept_may_still_be_said_to_be_the_refunds(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    keep(credit, finance, is_other_payment=True)

    assert came_back(sent, credit, finance) == sent

    undo(credit, finance)
    assert list_that_may_have_come_back([credit.pk]) == {credit.pk}  # asked again, by the later word


def test_what_was_proposed_before_anything_spoke_for_it_is_neither_approved_nor_paid(
    held: list[Refund], finance: Actor, second: Actor, tmp_path: Path
) -> None:
    credits_read_first = [take_in(tmp_path, finance, 2 * SUM) for _ in range(2)]
    for credit in credits_read_first:
        keep(credit, finance)
    proposed, approved = (give_back(credit, finance) for credit in credits_read_first)
    approve(approved, second)
    name(held[:2], take_in(tmp_path, finance, -2 * SUM), finance)  # by now they may be what came back

    with pytest.raises(repay.RefundNotPossible, match="may_have_come_back"):
        approve(proposed, second)
    with pytest.raises(repay.NothingToPay) as nothing:
        repay.make_refund_file(actor=finance, now=LATER)
    assert nothing.value.ruling.reasons == ("may_have_come_back",)

    repay.decide_refund(refund_id=approved.pk, approved=False, seen="", actor=second, now=LATER)
    keep(approved.entry, finance, is_other_payment=True)
    approve(give_back(approved.entry, finance), second)
    assert repay.make_refund_file(actor=finance, now=LATER).refunds.get().amount_minor == 2 * SUM


def test_money_that_came_before_the_refunds_went_is_none_of_them(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    early = CamtEntry(3 * SUM, held[0].entry.booking_date.replace(day=1), bank_reference="early")
    settle.import_statement(statement_file(tmp_path, early, name="early.xml"), actor=finance, now=LATER)

    assert list_that_may_have_come_back([BankEntry.objects.latest("pk").pk]) == set()


def test_the_credits_that_may_have_come_back_are_two_queries_however_many(
    sent: list[Refund], finance: Actor, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    entries = [take_in(tmp_path, finance, 3 * SUM).pk for _ in range(3)]

    with django_assert_num_queries(2):
        assert list_that_may_have_come_back(entries) == {*entries}


# The bank corrects a credit.


def test_a_credit_that_the_bank_corrected_is_still_the_refunds(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    difference = correct(credit, 3 * SUM - 900, tmp_path, finance).line
    credit = BankEntry.objects.get(pk=credit.pk)

    came_back(sent, credit, finance)

    assert (left_of(credit), EntryCost.objects.get().amount_minor) == ((0, WorkState.BOOKED), -900)
    assert money_that_waits() == 3 * SUM
    words = {"reason": "not that one", "actor": finance, "now": MUCH_LATER}
    with pytest.raises(reconcile.DecisionNotPossible, match="correction_used"):
        reconcile.undo_correction(entry_id=difference.pk, **words)
    undo(credit, finance)
    assert left_of(credit) == (3 * SUM - 900, WorkState.SUSPENSE)
    reconcile.undo_correction(entry_id=difference.pk, **words)
    assert left_of(credit) == (3 * SUM, WorkState.SUSPENSE)


def test_what_more_came_by_a_correction_waits_by_itself(sent: list[Refund], finance: Actor, tmp_path: Path) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM - 900)
    difference = correct(credit, 3 * SUM, tmp_path, finance).line

    came_back(sent, BankEntry.objects.get(pk=credit.pk), finance)

    assert (left_of(credit)[0], left_of(difference)[0], EntryCost.objects.get().amount_minor) == (0, 900, -900)
    with pytest.raises(repay.RefundNotPossible, match="later_correction"):
        undo(credit, finance)


@pytest.mark.parametrize("before", [0, -900], ids=["the line as it came", "corrected before"])
def test_a_difference_that_was_used_by_itself_bars_nothing(
    sent: list[Refund], finance: Actor, second: Actor, tmp_path: Path, before: int
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    if before:
        correct(credit, 3 * SUM + before, tmp_path, finance)
        credit = BankEntry.objects.get(pk=credit.pk)
    came_back(sent, credit, finance)
    difference = correct(credit, 3 * SUM + 500, tmp_path, finance).line
    with pytest.raises(repay.RefundNotPossible, match="later_correction"):
        undo(credit, finance)
    keep(difference, finance)
    approve(give_back(difference, finance), second)
    repay.make_refund_file(actor=finance, now=LATER)

    undo(credit, finance)

    assert (stand(sent), left_of(credit)) == ([("sent", None)] * 3, (3 * SUM + before, WorkState.SUSPENSE))
    assert sum(EntryCost.objects.values_list("amount_minor", flat=True)) == 0
    assert money_that_waits() == 3 * SUM + 500
    keep(credit, finance, is_other_payment=True)
    assert give_back(credit, finance).amount_minor == 3 * SUM + before


def test_a_line_with_nothing_left_or_of_less_than_two_refunds_asks_for_none(
    sent: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    one, none = take_in(tmp_path, finance, SUM), ComingBackTogether([], ())

    assert list_coming_back_together(one) == none
    assert list_coming_back_together(take_in(tmp_path, finance, -SUM)) == none
    assert RefundBatch.objects.count() == 1
