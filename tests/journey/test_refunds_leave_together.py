"""A bank books a file of refunds as one debit: a person says which of them left with it, all of them or none."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_refunds_leave import LATER, NOW, PARIS, SUM, approve, left_of, money_that_waits, take_in
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCorrection, EntryCost, Refund, RefundBatch
from chancery.domain.billing.queries.leavings import (
    LeavingTogether,
    list_holding,
    list_leaving_together,
    list_possible_leavings,
    list_that_may_have_left,
    list_unexplained_debits,
)
from chancery.domain.billing.services.accounts import name_account
from chancery.domain.billing.states import WorkState
from chancery.domain.enrollment.models import CancellationNotice
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtEntry
from chancery.journey import cancel, reconcile, repay, settle

pytestmark = pytest.mark.django_db
SAVINGS = "ES7921000813610123456789"
MUCH_LATER = datetime(2024, 11, 2, 9, 0, tzinfo=UTC)


@world
def held(finance: Actor, second: Actor, folder: Path) -> list[Refund]:
    return file_of_three(finance, second, folder)


def file_of_three(finance: Actor, second: Actor, folder: Path, first: int = 0) -> list[Refund]:
    """Three refunds of one file; ``first`` is the number of the first payment."""
    edition = make_edition()
    for number in range(first, first + 3):
        place, invoice = billed_place(edition)
        paid = transfer(invoice.total_minor, invoice.creditor_reference, number=number, payer_iban=PARIS)
        settle.import_statement(statement_file(folder, paid, name=f"in-{number}.xml"), actor=finance, now=NOW)
        place.refresh_from_db()
        hear(place, facts_of(place), at=NOW)
        cancel.accept_notice(notice_id=CancellationNotice.objects.latest("pk").pk, actor=finance, now=NOW)
        approve(Refund.objects.latest("pk"), second)
    return list(repay.make_refund_file(actor=finance, now=NOW).refunds.order_by("pk"))


def name(refunds: list[Refund], debit: BankEntry, actor: Actor, reason: str = "") -> list[Refund]:
    keys = [refund.pk for refund in refunds]
    return repay.name_leaving(refund_ids=keys, entry_id=debit.pk, reason=reason, actor=actor, now=LATER)


def stand(refunds: list[Refund]) -> list[tuple[str, int | None]]:
    rows = Refund.objects.filter(pk__in=[refund.pk for refund in refunds]).order_by("pk")
    return [(refund.state, refund.debit_id) for refund in rows]


def propose_anew(refund: Refund, finance: Actor) -> Refund:
    """Call a refund failed and propose its money once more, to the same account."""
    repay.fail_refund(refund_id=refund.pk, reason="the bank called", actor=finance, now=NOW)
    words = {"name": "Ejemplo", "iban": PARIS, "evidence": "", "actor": finance}
    return repay.propose_refund(entry_id=refund.entry_id, now=NOW, **words)


def correct(debit: BankEntry, minor: int, folder: Path, actor: Actor) -> EntryCorrection:
    """Take over another sum that the bank tells of a debit."""
    again = CamtEntry(minor, LATER.date(), bank_reference=debit.bank_reference)
    settle.import_statement(statement_file(folder, again, name="again.xml"), actor=actor, now=LATER)
    came = BankEntry.objects.latest("pk")
    return reconcile.correct_line(entry_id=came.pk, reason="the bank says so", actor=actor, now=LATER)


def told_to_the_trail(act: str) -> list[tuple[int, int]]:
    events = AuditEvent.objects.filter(name=f"billing.refund.{act}").order_by("pk")
    return [(event.facts["amount_minor"], event.facts["entry"]) for event in events]


def letters(kind: str) -> int:
    return OutgoingMail.objects.filter(kind=f"billing/{kind}").values("subject_id").distinct().count()


def test_the_sum_of_a_file_is_its_refunds_and_a_person_says_so(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM, payer_name="")

    assert stand(held) == [("exported", None)] * 3
    together = list_leaving_together(debit)
    assert (together.refunds, together.told and together.told.refunds) == (held, tuple(each.pk for each in held))
    assert all(debit in lines for lines in list_holding(held).values())

    assert name(held, debit, finance) == held
    assert stand(held) == [("sent", debit.pk)] * 3
    assert left_of(debit) == (0, WorkState.BOOKED)
    assert set(Obligation.objects.filter(kind="refund").values_list("met_at", flat=True)) == {LATER}
    assert (letters("refund_sent"), money_that_waits()) == (3, 0)
    assert told_to_the_trail("sent") == [(-SUM, debit.pk)] * 3


def test_what_the_bank_took_besides_the_file_is_a_cost_for_a_reason(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM - 900)

    with pytest.raises(repay.RefundNotPossible, match="reason_missing"):
        name(held, debit, finance)
    assert stand(held) == [("exported", None)] * 3

    name(held, debit, finance, "charges")
    assert EntryCost.objects.get().amount_minor == -900
    assert (left_of(debit), money_that_waits()) == ((0, WorkState.BOOKED), 0)


@pytest.mark.parametrize(
    ("many", "minor", "why"),
    [
        pytest.param(0, -SUM, "none_named", id="none"),
        pytest.param(3, -2 * SUM, "less_left", id="more than left"),
        pytest.param(2, -3 * SUM, "more_left", id="less than left, and no charges"),
    ],
)
def test_refunds_that_are_not_the_debit_are_refused(
    held: list[Refund], finance: Actor, tmp_path: Path, many: int, minor: int, why: str
) -> None:
    debit = take_in(tmp_path, finance, minor)

    with pytest.raises(repay.RefundNotPossible, match=why):
        name(held[:many], debit, finance, "charges")

    assert (stand(held), left_of(debit)) == ([("exported", None)] * 3, (minor, WorkState.OUTGOING))


def test_all_of_them_or_none_where_one_was_proposed_anew(held: list[Refund], finance: Actor, tmp_path: Path) -> None:
    anew = propose_anew(held[1], finance)
    debit = take_in(tmp_path, finance, -3 * SUM)

    with pytest.raises(repay.RefundNotPossible, match="taken_over"):
        name(held, debit, finance)

    assert stand(held) == [("exported", None), ("failed", None), ("exported", None)]
    assert list_holding([anew]) == {anew.pk: [debit]}  # else its money leaves twice


def test_one_that_was_called_failed_is_sent_with_the_others(held: list[Refund], finance: Actor, tmp_path: Path) -> None:
    repay.fail_refund(refund_id=held[0].pk, reason="the bank called", actor=finance, now=NOW)
    debit = take_in(tmp_path, finance, -3 * SUM)

    name(held, debit, finance)

    assert stand(held) == [("sent", debit.pk)] * 3
    assert left_of(held[0].entry) == (0, WorkState.BOOKED)


def test_a_file_that_the_bank_paid_without_one_that_failed_is_told_by_its_sum(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    repay.fail_refund(refund_id=held[0].pk, reason="closed", actor=finance, now=NOW)

    told = list_leaving_together(take_in(tmp_path, finance, -2 * SUM)).told

    assert told is not None
    assert told.refunds == (held[1].pk, held[2].pk)


def test_a_refund_that_left_with_another_line_leaves_no_second_time(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    first, other = (take_in(tmp_path, finance, -2 * SUM) for _ in range(2))
    name(held[:2], first, finance)

    with pytest.raises(repay.RefundNotPossible, match="seen_leaving"):
        name(held[1:], other, finance)

    assert stand(held) == [("sent", first.pk), ("sent", first.pk), ("exported", None)]
    with pytest.raises(IntegrityError, match="debit_not_over_allocated"), transaction.atomic():
        EntryBalance.objects.filter(entry=first).update(returned_minor=F("returned_minor") - SUM)


def test_the_file_that_the_bank_names_comes_first_and_may_hold_charges(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    message = RefundBatch.objects.get().message_id
    debit = take_in(tmp_path, finance, -3 * SUM - 250, remittance=(f"SEPA COLLECTIVE {message.lower()}",))

    told = list_leaving_together(debit).told

    assert told is not None
    assert (told.is_named, told.exceeds_cents) == (True, 250)


def named_in_its_batch(folder: Path, actor: Actor, minor: int) -> BankEntry:
    """A debit of which the bank says only in camt's element of a batch which file of ours it is."""
    path = statement_file(folder, CamtEntry(minor, LATER.date(), bank_reference="batch"), name="batch.xml")
    batch = f"<NtryDtls><Btch><MsgId>{RefundBatch.objects.get().message_id}</MsgId></Btch>"
    path.write_text(path.read_text().replace("<NtryDtls>", batch))
    settle.import_statement(path, actor=actor, now=LATER)
    return BankEntry.objects.latest("pk")


@pytest.mark.parametrize("minor", [-3 * SUM - 250, -2 * SUM, -9 * SUM, -250])
def test_a_debit_that_names_a_file_holds_its_refunds_and_what_took_their_promise_over_whatever_its_sum(
    held: list[Refund], finance: Actor, tmp_path: Path, minor: int
) -> None:
    repay.fail_refund(refund_id=held[0].pk, reason="closed", actor=finance, now=NOW)
    refunds = [*held, propose_anew(held[1], finance)]

    debit = named_in_its_batch(tmp_path, finance, minor)

    assert list_holding(refunds) == {refund.pk: [debit] for refund in refunds}  # else the money of one leaves twice
    assert list_that_may_have_left(list_unexplained_debits()) == {debit.pk}
    assert list_leaving_together(debit).told is None


def test_the_debits_that_hold_refunds_are_few_queries_however_many_name_a_file(
    held: list[Refund], finance: Actor, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    debits = [named_in_its_batch(tmp_path, finance, -3 * SUM)]
    debits += [take_in(tmp_path, finance, -2 * SUM - more) for more in range(3)]

    with django_assert_num_queries(3):
        assert list_holding(held) == {refund.pk: debits[:1] for refund in held}


def test_a_debit_that_names_a_file_is_no_cost_while_it_may_hold_a_refund_of_it(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    repay.fail_refund(refund_id=held[0].pk, reason="closed", actor=finance, now=NOW)
    message = RefundBatch.objects.get().message_id
    fee, debit = (take_in(tmp_path, finance, minor, remittance=(message,)) for minor in (-900, -2 * SUM - 250))

    with pytest.raises(reconcile.SettingAsideNotPossible, match="refund_unsent"):
        reconcile.book_cost(entry_id=debit.pk, reason="salaries", actor=finance, now=LATER)

    assert list_leaving_together(fee) == LeavingTogether([], ())
    reconcile.book_cost(entry_id=fee.pk, reason="for that file", actor=finance, now=LATER)
    assert name(held[1:], debit, finance, "charges") == held[1:]
    assert list(EntryCost.objects.order_by("pk").values_list("amount_minor", flat=True)) == [-900, -250]


def test_a_file_that_was_made_anew_is_told_though_the_refused_one_came_to_the_same_sum(
    held: list[Refund], finance: Actor, second: Actor, tmp_path: Path
) -> None:
    anew = [approve(propose_anew(refund, finance), second) for refund in held]
    repay.make_refund_file(actor=finance, now=NOW)

    debit = take_in(tmp_path, finance, -3 * SUM)

    together = list_leaving_together(debit)
    assert (together.refunds, together.told and together.told.refunds) == (anew, tuple(each.pk for each in anew))
    assert list_holding([*held, *anew]) == {refund.pk: [debit] for refund in [*held, *anew]}


def test_nothing_is_ticked_where_one_of_the_file_was_proposed_anew(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    propose_anew(held[1], finance)

    together = list_leaving_together(take_in(tmp_path, finance, -3 * SUM))

    assert (together.refunds, together.told) == (held, None)
    assert [each.is_taken_over for each in together.refunds] == [False, True, False]


def test_a_refund_of_a_file_leaves_with_no_debit_of_another_account(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    name_account(number=SAVINGS, currency="EUR", feed="camt.053", actor=finance, now=NOW)
    entries = [CamtEntry(-many * SUM, LATER.date(), bank_reference=f"other-{many}") for many in (1, 3)]
    path = statement_file(tmp_path, *entries, name="other.xml", account=SAVINGS)
    settle.import_statement(path, actor=finance, now=LATER)

    one, all_of_them = BankEntry.objects.filter(account__number=SAVINGS).order_by("pk")
    assert list_possible_leavings(one) == []
    assert list_leaving_together(all_of_them) == LeavingTogether([], ())
    assert list_holding(held) == {refund.pk: [] for refund in held}
    assert list_that_may_have_left(list_unexplained_debits()) == set()
    with pytest.raises(repay.RefundNotPossible, match="other_account"):
        name(held, all_of_them, finance)


def test_what_was_named_wrongly_is_taken_back_together(held: list[Refund], finance: Actor, tmp_path: Path) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM - 900)
    name(held, debit, finance, "charges")

    back = repay.undo_leaving(entry_id=debit.pk, reason="salaries", actor=finance, now=LATER)

    assert (back, stand(held)) == (held, [("exported", None)] * 3)
    assert left_of(debit) == (-3 * SUM - 900, WorkState.OUTGOING)
    assert sum(EntryCost.objects.values_list("amount_minor", flat=True)) == 0
    assert Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).count() == 3
    assert letters("refund_not_sent") == 3
    assert told_to_the_trail("leaving_undone") == [(-SUM, debit.pk)] * 3
    assert name(held[:2], take_in(tmp_path, finance, -2 * SUM), finance) == held[:2]


def test_nothing_is_taken_back_of_a_debit_of_which_one_refund_came_back(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM)
    name(held, debit, finance)
    take_in(tmp_path, finance, SUM - 300, end_to_end_id=held[2].end_to_end_id)
    came = BankEntry.objects.latest("pk")
    repay.name_coming_back(refund_ids=[held[2].pk], entry_id=came.pk, actor=finance, now=LATER)

    with pytest.raises(repay.RefundNotPossible, match="not_sent"):
        repay.undo_leaving(entry_id=debit.pk, reason="no", actor=finance, now=MUCH_LATER)

    assert stand(held) == [("sent", debit.pk), ("sent", debit.pk), ("failed", debit.pk)]
    assert left_of(debit) == (0, WorkState.BOOKED)
    assert EntryCost.objects.get().amount_minor == -300  # what the bank kept
    assert told_to_the_trail("came_back") == [(SUM - 300, came.pk)]

    repay.undo_coming_back(entry_id=came.pk, reason="a gift", actor=finance, now=MUCH_LATER)
    assert (stand(held), left_of(debit)) == ([("sent", debit.pk)] * 3, (0, WorkState.BOOKED))


def test_what_the_bank_kept_of_one_takes_nothing_else_that_is_left_of_the_debit(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM - 900)
    name(held, debit, finance, "charges")
    cost = EntryCost.objects.get()
    reconcile.take_cost_back(cost_id=cost.pk, reason="another payment", actor=finance, now=LATER)

    take_in(tmp_path, finance, SUM - 300, end_to_end_id=held[2].end_to_end_id)
    came = BankEntry.objects.latest("pk")
    repay.name_coming_back(refund_ids=[held[2].pk], entry_id=came.pk, actor=finance, now=LATER)

    assert EntryCost.objects.latest("pk").amount_minor == -300
    assert left_of(debit) == (-900, WorkState.OUTGOING)
    repay.undo_coming_back(entry_id=came.pk, reason="a gift", actor=finance, now=MUCH_LATER)
    assert left_of(debit) == (-900, WorkState.OUTGOING)


@pytest.mark.parametrize("many", [1, 2])
def test_a_debit_that_bears_the_reference_of_one_is_no_other_one(
    held: list[Refund], finance: Actor, tmp_path: Path, many: int
) -> None:
    propose_anew(held[2], finance)  # else the statement closes it by its reference and sum
    debit = take_in(tmp_path, finance, -many * SUM, end_to_end_id=held[2].end_to_end_id)

    with pytest.raises(repay.RefundNotPossible, match="other_named"):
        name(held[:many], debit, finance)

    assert [each for each, _ in stand(held)] == ["exported", "exported", "failed"]
    assert left_of(debit)[0] == -many * SUM


def test_a_debit_may_bear_the_reference_of_what_a_refund_replaces(
    held: list[Refund], finance: Actor, second: Actor, tmp_path: Path
) -> None:
    anew = approve(propose_anew(held[2], finance), second)
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=held[2].end_to_end_id)

    assert name([anew], debit, finance) == [anew]


def test_the_others_of_a_file_are_no_charges_beside_the_one_that_the_bank_names(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM, end_to_end_id=held[0].end_to_end_id)

    with pytest.raises(repay.RefundNotPossible, match="more_left"):
        name(held[:1], debit, finance, "charges")

    assert name(held, debit, finance) == held


def test_a_debit_that_names_a_refund_is_not_joined_with_a_credit(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    propose_anew(held[2], finance)
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=held[2].end_to_end_id)
    credit = take_in(tmp_path, finance, SUM, remittance=("a gift",))

    with pytest.raises(reconcile.SettingAsideNotPossible, match="refund_unsent"):
        reconcile.join_return(debit_id=debit.pk, credit_id=credit.pk, actor=finance, now=LATER)

    assert (left_of(debit)[0], left_of(credit)[0]) == (-SUM, SUM)


def test_a_naming_is_not_taken_back_under_a_difference_that_came_since(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM)
    name(held, debit, finance)
    difference = correct(debit, -2 * SUM, tmp_path, finance).line
    words = {"reason": "one was rejected", "actor": finance, "now": LATER}

    with pytest.raises(repay.RefundNotPossible, match="later_correction"):
        repay.undo_leaving(entry_id=debit.pk, **words)
    assert stand(held) == [("sent", debit.pk)] * 3

    reconcile.undo_correction(entry_id=difference.pk, **words)
    assert repay.undo_leaving(entry_id=debit.pk, **words) == held


def test_a_correction_is_not_taken_back_under_the_refunds_that_were_named_by_it(
    held: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM)
    difference = correct(debit, -2 * SUM, tmp_path, finance).line
    debit = BankEntry.objects.get(pk=debit.pk)
    name(held[:2], debit, finance)
    words = {"reason": "it was another one", "actor": finance, "now": LATER}

    with pytest.raises(reconcile.DecisionNotPossible, match="correction_used"):
        reconcile.undo_correction(entry_id=difference.pk, **words)
    assert left_of(debit) == (0, WorkState.BOOKED)

    repay.undo_leaving(entry_id=debit.pk, **words)
    reconcile.undo_correction(entry_id=difference.pk, **words)
    assert left_of(debit) == (-3 * SUM, WorkState.OUTGOING)


@pytest.mark.parametrize("is_named", [True, False], ids=["its reference", "the sum alone"])
def test_the_rest_of_a_file_is_named_where_the_bank_paid_one_that_was_paid_anew(
    held: list[Refund], finance: Actor, second: Actor, tmp_path: Path, *, is_named: bool
) -> None:
    anew = approve(propose_anew(held[0], finance), second)
    repay.make_refund_file(actor=finance, now=NOW)
    take_in(tmp_path, finance, -SUM, end_to_end_id=anew.end_to_end_id)
    told = {"end_to_end_id": held[0].end_to_end_id} if is_named else {}
    debit = take_in(tmp_path, finance, -3 * SUM, **told)

    with pytest.raises(repay.RefundNotPossible, match="taken_over"):
        name(held, debit, finance)
    with pytest.raises(repay.RefundNotPossible, match="reason_missing"):
        name(held[1:], debit, finance)
    with pytest.raises(repay.RefundNotPossible, match="more_left"):
        name(held[1:2], debit, finance, "paid twice")

    assert name(held[1:], debit, finance, "paid twice") == held[1:]
    assert (EntryCost.objects.get().amount_minor, left_of(debit)) == (-SUM, (0, WorkState.BOOKED))
