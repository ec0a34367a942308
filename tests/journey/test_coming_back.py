"""A refund that the bank sends back: it has failed, its promise stands again, and the money is ours to give back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, Refund
from chancery.domain.billing.queries.bank import list_lines
from chancery.domain.billing.queries.journal import journal
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtEntry
from chancery.journey import cancel, reconcile, repay, settle

pytestmark = pytest.mark.django_db
IBAN = "FR1420041010050500013M02606"
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SUM = 75_000  # 75 % of the fee


@world
def refund(finance: Actor, folder: Path) -> Refund:
    """A refund of a cancelled place, in a file at the bank."""
    place, invoice = billed_place(make_edition())
    paid = transfer(invoice.total_minor, invoice.creditor_reference, payer_iban=IBAN)
    settle.import_statement(statement_file(folder, paid), actor=finance, now=NOW)
    place.refresh_from_db()
    hear(place, facts_of(place), at=NOW)
    cancel.accept_notice(notice_id=CancellationNotice.objects.get().pk, actor=finance, now=NOW)
    refund = Refund.objects.get()
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)
    repay.make_refund_file(actor=finance, now=NOW)
    refund.refresh_from_db()
    return refund


def leaving(refund: Refund) -> CamtEntry:
    return CamtEntry(-refund.amount_minor, NOW.date(), end_to_end_id=refund.end_to_end_id, bank_reference="OUT-1")


def coming(refund: Refund, amount: int = SUM, **more: Any) -> CamtEntry:
    told = {"end_to_end_id": refund.end_to_end_id, "bank_reference": "BACK-1", **more}
    return CamtEntry(amount, LATER.date(), payer_name="SOCIEDAD EJEMPLO", **told)


def take_in(folder: Path, actor: Actor, name: str, *entries: CamtEntry) -> None:
    settle.import_statement(statement_file(folder, *entries, name=f"{name}.xml"), actor=actor, now=LATER)


def standing(refund: Refund) -> tuple[str, int, str, dict[int, int]]:
    """State, what is to be given back of its first line, that line's state, and what is left of all other lines."""
    refund.refresh_from_db()
    first = EntryBalance.objects.get(entry=refund.entry_id)
    others = {row.amount_minor: row.left_minor for row in EntryBalance.objects.exclude(pk=first.pk)}
    return refund.state, first.left_minor, first.work_state, others


def letters() -> list[str]:
    kinds = OutgoingMail.objects.filter(kind__startswith="billing/refund").order_by("pk")
    return sorted(set(kinds.values_list("kind", flat=True)))


def owed_to_payers() -> int:
    """What the journal says: money at the bank that no bill has."""
    sums = [
        row.minor if row.credit == "money that waits" else -row.minor
        for row in journal()
        if "money that waits" in (row.credit, row.debit)
    ]
    return sum(sums)


def test_a_refund_that_comes_back_is_owed_again(refund: Refund, finance: Actor, tmp_path: Path) -> None:
    take_in(tmp_path, finance, "out", leaving(refund))
    assert standing(refund)[0] == RefundState.SENT
    assert Obligation.objects.get(kind="refund").met_at == LATER
    assert owed_to_payers() == 0

    take_in(tmp_path, finance, "back", coming(refund))

    assert standing(refund) == (RefundState.FAILED, SUM, WorkState.GIVE_BACK, {-SUM: 0, SUM: 0})
    assert refund.came_back == BankEntry.objects.get(bank_reference="BACK-1")
    again = Obligation.objects.get(kind="refund", met_at=None, dropped_at=None)
    assert again.due_at == Obligation.objects.get(kind="refund", met_at=LATER).due_at
    assert "billing/refund_came_back" in letters()
    assert owed_to_payers() == SUM
    assert AuditEvent.objects.filter(name="billing.refund.came_back").count() == 1


def test_the_new_refund_takes_the_promised_day_over(refund: Refund, finance: Actor, tmp_path: Path) -> None:
    take_in(tmp_path, finance, "out", leaving(refund), coming(refund))

    words = {"name": "Ejemplo", "iban": "DE89370400440532013000", "evidence": "letter", "actor": finance}
    new = repay.propose_refund(entry_id=refund.entry_id, now=LATER, **words)

    assert (new.replaces, new.due_on, new.credit_note) == (refund, refund.due_on, refund.credit_note)
    assert Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).count() == 1


@pytest.mark.parametrize("debit_first", [True, False], ids=["debit first", "return first"])
@pytest.mark.parametrize("one_file", [True, False], ids=["one file", "two files"])
def test_the_order_of_leaving_and_coming_changes_nothing(
    refund: Refund, finance: Actor, tmp_path: Path, *, one_file: bool, debit_first: bool
) -> None:
    lines = [leaving(refund), coming(refund)]
    if not debit_first:
        lines.reverse()

    for number, part in enumerate([lines] if one_file else [[line] for line in lines]):
        take_in(tmp_path, finance, f"part-{number}", *part)

    assert standing(refund) == (RefundState.FAILED, SUM, WorkState.GIVE_BACK, {-SUM: 0, SUM: 0})
    assert refund.debit == BankEntry.objects.get(bank_reference="OUT-1")
    assert Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).count() == 1
    assert owed_to_payers() == SUM


def test_the_same_lines_in_another_file_change_nothing(refund: Refund, finance: Actor, tmp_path: Path) -> None:
    take_in(tmp_path, finance, "one", leaving(refund), coming(refund))
    before = standing(refund), OutgoingMail.objects.count(), AuditEvent.objects.count()

    take_in(tmp_path, finance, "two", coming(refund), leaving(refund))

    assert (standing(refund), OutgoingMail.objects.count()) == before[:2]


def test_less_than_was_paid_waits_for_a_person_and_the_rest_is_a_cost(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    take_in(tmp_path, finance, "out", leaving(refund), coming(refund, SUM - 500))
    assert standing(refund)[0] == RefundState.SENT
    back = BankEntry.objects.get(bank_reference="BACK-1")
    assert back.balance.work_state == WorkState.SUSPENSE

    repay.name_coming_back(refund_ids=[refund.pk], entry_id=back.pk, actor=finance, now=LATER)

    assert standing(refund) == (RefundState.FAILED, SUM, WorkState.GIVE_BACK, {-SUM: 0, SUM - 500: 0})
    assert EntryCost.objects.get().amount_minor == -500
    assert owed_to_payers() == SUM


def test_another_reference_waits_for_a_person(refund: Refund, finance: Actor, tmp_path: Path) -> None:
    take_in(tmp_path, finance, "out", leaving(refund), coming(refund, end_to_end_id="", payer_iban=IBAN))

    assert standing(refund)[0] == RefundState.SENT


def test_a_refund_that_was_called_failed_by_hand_is_not_put_back_twice(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    repay.fail_refund(refund_id=refund.pk, reason="the bank called", actor=finance, now=NOW)

    take_in(tmp_path, finance, "both", coming(refund), leaving(refund))

    assert standing(refund) == (RefundState.FAILED, SUM, WorkState.GIVE_BACK, {-SUM: 0, SUM: 0})


@pytest.mark.parametrize(
    ("before", "reason"),
    [("used", "line_is_used"), ("twice", "never_left"), ("more", "not_that_sum"), ("short", "leaving_not_read")],
)
def test_what_cannot_be_a_return_is_refused(
    refund: Refund, finance: Actor, tmp_path: Path, before: str, reason: str
) -> None:
    amount = {"more": SUM + 1, "short": SUM - 1}.get(before, SUM)
    told = "" if before in {"more", "short", "used"} else refund.end_to_end_id
    take_in(tmp_path, finance, "back", coming(refund, amount, end_to_end_id=told))
    back = BankEntry.objects.get(bank_reference="BACK-1")
    if before == "used":
        EntryBalance.objects.filter(entry=back).update(returned_minor=1)

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.name_coming_back(refund_ids=[refund.pk], entry_id=back.pk, actor=finance, now=LATER)

    assert refused.value.ruling.reasons == (reason,)


def test_the_database_knows_that_what_came_back_has_failed(refund: Refund) -> None:
    with pytest.raises(IntegrityError, match="refund_that_came_back_failed"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(came_back=refund.entry)


def test_a_refund_that_was_called_failed_is_sent_when_its_line_shows_it_leaving(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    repay.fail_refund(refund_id=refund.pk, reason="the bank called", actor=finance, now=NOW)

    take_in(tmp_path, finance, "out", leaving(refund))

    assert standing(refund) == (RefundState.SENT, 0, WorkState.BOOKED, {-SUM: 0})
    assert Obligation.objects.get(kind="refund").met_at == LATER
    assert owed_to_payers() == 0


def test_a_refund_that_left_although_another_took_its_place_waits_for_a_person(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    repay.fail_refund(refund_id=refund.pk, reason="the bank called", actor=finance, now=NOW)
    words = {"name": "Ejemplo", "iban": "DE89370400440532013000", "evidence": "letter", "actor": finance}
    repay.propose_refund(entry_id=refund.entry_id, now=NOW, **words)

    take_in(tmp_path, finance, "out", leaving(refund))

    line = BankEntry.objects.get(bank_reference="OUT-1")
    assert (line.balance.work_state, line.balance.reasons) == (WorkState.SUSPENSE, ["refund_named"])
    assert line in list_lines()
    assert standing(refund)[0] == RefundState.FAILED


UNNAMED = {"end_to_end_id": "", "payer_iban": IBAN}


def take_for_it(refund: Refund, finance: Actor, folder: Path, *before: CamtEntry, amount: int = SUM) -> BankEntry:
    """Take a credit that does not name the refund for it, wrongly; return the credit."""
    take_in(folder, finance, "wrong", *before, coming(refund, amount, **UNNAMED))
    credit = BankEntry.objects.get(bank_reference="BACK-1")
    repay.name_coming_back(refund_ids=[refund.pk], entry_id=credit.pk, actor=finance, now=LATER)
    return credit


def undo(credit: BankEntry, finance: Actor, reason: str = "another payment") -> Refund:
    return repay.undo_coming_back(entry_id=credit.pk, reason=reason, actor=finance, now=LATER)


@pytest.mark.parametrize("kept", [0, 500], ids=["the whole sum", "less, and the rest a cost"])
def test_what_was_wrongly_taken_for_a_return_is_taken_back(
    refund: Refund, finance: Actor, tmp_path: Path, kept: int
) -> None:
    credit = take_for_it(refund, finance, tmp_path, leaving(refund), amount=SUM - kept)

    undo(credit, finance)

    assert standing(refund) == (RefundState.SENT, 0, WorkState.BOOKED, {-SUM: 0, SUM - kept: SUM - kept})
    assert (refund.came_back, refund.debit) == (None, BankEntry.objects.get(bank_reference="OUT-1"))
    assert sum(EntryCost.objects.values_list("amount_minor", flat=True)) == 0
    assert EntryBalance.objects.get(entry=credit).work_state == WorkState.SUSPENSE
    assert not Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).exists()
    assert "billing/refund_not_back" in letters()
    assert owed_to_payers() == SUM - kept  # the credit is somebody's
    assert AuditEvent.objects.filter(name="billing.refund.coming_back_undone").count() == 1


def test_where_no_line_shows_it_leaving_it_is_with_the_bank_again(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    credit = take_for_it(refund, finance, tmp_path)

    undo(credit, finance)

    assert standing(refund) == (RefundState.EXPORTED, 0, WorkState.BOOKED, {SUM: SUM})
    assert Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).count() == 1
    take_in(tmp_path, finance, "out", leaving(refund), coming(refund, bank_reference="BACK-2"))
    assert standing(refund)[0] == RefundState.FAILED


def test_a_return_whose_money_was_used_again_is_not_taken_back(refund: Refund, finance: Actor, tmp_path: Path) -> None:
    credit = take_for_it(refund, finance, tmp_path, leaving(refund))
    words = {"name": "Ejemplo", "iban": IBAN, "evidence": "", "actor": finance}
    repay.propose_refund(entry_id=refund.entry_id, now=LATER, **words)

    with pytest.raises(repay.RefundNotPossible, match="taken_over"):
        undo(credit, finance)


def test_what_the_bank_kept_and_was_booked_otherwise_since_is_looked_at_first(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    credit = take_for_it(refund, finance, tmp_path, leaving(refund), amount=SUM - 500)
    cost = EntryCost.objects.get()
    reconcile.take_cost_back(cost_id=cost.pk, reason="no", actor=finance, now=LATER)
    reconcile.book_cost(entry_id=cost.entry_id, reason="a fee of the account", actor=finance, now=LATER)

    with pytest.raises(repay.RefundNotPossible, match="line_is_used"):
        undo(credit, finance)


def test_a_return_is_taken_back_once_with_a_reason_and_never_against_the_bank(
    refund: Refund, finance: Actor, tmp_path: Path
) -> None:
    credit = take_for_it(refund, finance, tmp_path, leaving(refund))
    with pytest.raises(repay.RefundNotPossible, match="reason_missing"):
        undo(credit, finance, " ")
    undo(credit, finance)
    with pytest.raises(repay.RefundNotPossible, match="not_come_back"):
        undo(credit, finance)
    take_in(tmp_path, finance, "sure", coming(refund, bank_reference="BACK-2"))

    with pytest.raises(repay.RefundNotPossible, match="surely_came_back"):
        undo(BankEntry.objects.get(bank_reference="BACK-2"), finance)
