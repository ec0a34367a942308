"""Refunds that leave otherwise than to the cent and by a bare reference: by hand, with charges, glued into a text."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.factories.entering import enter
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import Allocation, BankEntry, EntryBalance, EntryCost, Refund
from chancery.domain.billing.queries.journal import journal
from chancery.domain.billing.queries.refunds import refunds_for_two_people
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import MailContent
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtEntry
from chancery.journey import cancel, reconcile, repay, settle
from chancery.journey.reconcile import SettingAsideNotPossible

pytestmark = pytest.mark.django_db
PARIS, CASABLANCA = "FR1420041010050500013M02606", "MA64011519000001205000534921"
ACCRA = "Ghana Commercial Bank, Accra, account 1101 130012345, SWIFT GHCBGHAC"
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SUM = 75_000  # 75 % of the fee


def cancelled(finance: Actor, folder: Path, iban: str) -> Refund:
    """The refund of a cancelled place whose payer has that account."""
    place, invoice = billed_place(make_edition())
    paid = transfer(invoice.total_minor, invoice.creditor_reference, payer_iban=iban)
    settle.import_statement(statement_file(folder, paid), actor=finance, now=NOW)
    place.refresh_from_db()
    hear(place, facts_of(place), at=NOW)
    cancel.accept_notice(notice_id=CancellationNotice.objects.get().pk, actor=finance, now=NOW)
    return Refund.objects.get()


def approve(refund: Refund, second: Actor) -> Refund:
    return repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)


@world
def at_the_bank(finance: Actor, second: Actor, folder: Path) -> Refund:
    refund = approve(cancelled(finance, folder, PARIS), second)
    repay.make_refund_file(actor=finance, now=NOW)
    return refund


@world
def by_hand(finance: Actor, second: Actor, folder: Path) -> Refund:
    """A refund to an account in words, approved by the second person."""
    refund = cancelled(finance, folder, CASABLANCA)
    words = {"name": "Accra Assembly", "iban": "", "by_hand": ACCRA, "evidence": "letter", "actor": finance}
    return approve(repay.name_account(refund_id=refund.pk, now=NOW, **words), second)


def take_in(folder: Path, actor: Actor, minor: int, **more: Any) -> BankEntry:
    """Take a debit in."""
    name = f"out-{BankEntry.objects.count()}.xml"
    entry = CamtEntry(minor, LATER.date(), bank_reference=name, **more)
    settle.import_statement(statement_file(folder, entry, name=name), actor=actor, now=LATER)
    return BankEntry.objects.latest("pk")


def money_that_waits() -> int:
    """What the journal says: money at the bank that no bill has."""
    rows = [row for row in journal() if "money that waits" in (row.credit, row.debit)]
    return sum(row.minor if row.credit == "money that waits" else -row.minor for row in rows)


def left_of(entry: BankEntry) -> tuple[int, str]:
    balance = EntryBalance.objects.get(entry=entry)
    return balance.left_minor, balance.work_state


def test_a_later_edition_of_the_account_does_not_rule_the_refunds_of_an_earlier_one(
    finance: Actor, tmp_path: Path
) -> None:
    refund = cancelled(finance, tmp_path, PARIS)
    refund = repay.name_account(
        refund_id=refund.pk, name="Accra Assembly", iban=PARIS, evidence="letter", actor=finance, now=NOW
    )
    later = make_edition(says=("payment", 'four_eyes = "none"'))
    Edition.objects.filter(pk=later.pk).update(starts_on=date(2025, 11, 17), ends_on=date(2025, 11, 21))

    with pytest.raises(repay.NeedsAnotherPerson):
        approve(refund, finance)
    assert refunds_for_two_people([refund]) == {refund.pk}


@pytest.mark.parametrize(
    "text", ["/EREF/{}/REMI/refund", "Refund ({}).", "refund,{}"], ids=["SWIFT codes", "in brackets", "after a comma"]
)
@pytest.mark.parametrize("case", [str, str.lower], ids=["as written", "in lower case"])
def test_the_reference_is_known_however_the_bank_writes_it(
    at_the_bank: Refund, finance: Actor, tmp_path: Path, text: str, case: Any
) -> None:
    debit = take_in(tmp_path, finance, -SUM, remittance=(text.format(case(at_the_bank.end_to_end_id)),))

    at_the_bank.refresh_from_db()
    assert (at_the_bank.state, at_the_bank.debit) == (RefundState.SENT, debit)
    assert left_of(debit) == (0, WorkState.BOOKED)


def test_what_the_bank_took_besides_is_a_cost(at_the_bank: Refund, finance: Actor, tmp_path: Path) -> None:
    debit = take_in(tmp_path, finance, -SUM - 250, end_to_end_id=at_the_bank.end_to_end_id)

    (refund,) = repay.name_leaving(
        refund_ids=[at_the_bank.pk], entry_id=debit.pk, reason="charges", actor=finance, now=LATER
    )

    assert (refund.state, refund.debit) == (RefundState.SENT, debit)
    assert left_of(debit) == (0, WorkState.BOOKED)
    assert EntryCost.objects.get().amount_minor == -250
    assert Obligation.objects.get(kind="refund").met_at == LATER
    assert money_that_waits() == 0
    assert MailContent.objects.filter(mail__kind="billing/refund_sent").exists()


def test_an_account_in_words_is_in_no_file_and_closed_by_its_reference(
    by_hand: Refund, finance: Actor, tmp_path: Path
) -> None:
    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=NOW)
    debit = take_in(tmp_path, finance, -SUM, remittance=(by_hand.end_to_end_id,))

    by_hand.refresh_from_db()
    assert (by_hand.state, by_hand.debit) == (RefundState.SENT, debit)
    assert Obligation.objects.get(kind="refund").met_at == LATER
    assert "account ending in 2345" in MailContent.objects.filter(mail__kind="billing/refund_sent")[0].text


def test_an_approved_refund_that_was_paid_by_hand_is_named_at_its_line(
    finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approve(cancelled(finance, tmp_path, PARIS), second)
    debit = take_in(tmp_path, finance, -SUM, remittance=("order 17",), payer_name="SOCIEDAD EJEMPLO")

    repay.name_leaving(refund_ids=[refund.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)

    refund.refresh_from_db()
    assert (refund.state, refund.debit) == (RefundState.SENT, debit)
    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=LATER)


def test_what_was_paid_by_hand_may_come_back_too(by_hand: Refund, finance: Actor, tmp_path: Path) -> None:
    take_in(tmp_path, finance, -SUM, end_to_end_id=by_hand.end_to_end_id)

    credit = take_in(tmp_path, finance, SUM, end_to_end_id=by_hand.end_to_end_id)

    by_hand.refresh_from_db()
    assert (by_hand.state, by_hand.came_back) == (RefundState.FAILED, credit)
    assert left_of(by_hand.entry) == (SUM, WorkState.GIVE_BACK)


@pytest.mark.parametrize(
    ("before", "minor", "more", "why"),
    [
        ("proposed", -SUM, {}, "not_approved"),
        ("sent", -SUM, {}, "seen_leaving"),
        ("approved", -SUM + 1, {}, "less_left"),
        ("approved", -SUM, {"currency": "USD"}, "less_left"),
        ("approved", SUM, {}, "line_is_used"),
        ("approved", -SUM - 1, {}, "reason_missing"),
    ],
)
def test_what_cannot_be_its_line_is_refused(
    finance: Actor, second: Actor, tmp_path: Path, before: str, minor: int, more: dict[str, Any], why: str
) -> None:
    refund = cancelled(finance, tmp_path, PARIS)
    if before != "proposed":
        approve(refund, second)
    if before == "sent":
        take_in(tmp_path, finance, -SUM, end_to_end_id=refund.end_to_end_id)
    debit = take_in(tmp_path, finance, minor, **more)

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.name_leaving(refund_ids=[refund.pk], entry_id=debit.pk, reason=" ", actor=finance, now=LATER)

    assert refused.value.ruling.reasons == (why,)
    assert left_of(debit)[0] == minor


def test_a_refund_whose_money_is_proposed_anew_has_left_with_nothing(
    at_the_bank: Refund, finance: Actor, tmp_path: Path
) -> None:
    repay.fail_refund(refund_id=at_the_bank.pk, reason="the bank called", actor=finance, now=NOW)
    words = {"name": "Ejemplo", "iban": PARIS, "evidence": "", "actor": finance}
    repay.propose_refund(entry_id=at_the_bank.entry_id, now=NOW, **words)
    debit = take_in(tmp_path, finance, -SUM)

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.name_leaving(refund_ids=[at_the_bank.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)

    assert refused.value.ruling.reasons == ("taken_over",)


@pytest.mark.parametrize(
    ("iban", "words", "evidence", "why"),
    [
        ("BR1800360305000010009795493C1", "", "letter", "not_sepa"),
        (CASABLANCA, "", "letter", "account_missing"),
        ("", "", "letter", "account_missing"),
        ("MA00", ACCRA, "letter", "account_missing"),
        ("", ACCRA, "", "evidence_missing"),
        (PARIS, ACCRA, "", "evidence_missing"),
    ],
)
def test_an_account_in_words_is_shown_to_be_right(
    finance: Actor, tmp_path: Path, iban: str, words: str, evidence: str, why: str
) -> None:
    refund = cancelled(finance, tmp_path, CASABLANCA)

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.name_account(
            refund_id=refund.pk, name="City", iban=iban, by_hand=words, evidence=evidence, actor=finance, now=NOW
        )

    assert refused.value.ruling.reasons == (why,)


def test_the_account_that_paid_needs_no_evidence_by_hand_either(finance: Actor, tmp_path: Path) -> None:
    refund = cancelled(finance, tmp_path, CASABLANCA)

    refund = repay.name_account(
        refund_id=refund.pk, name="City", iban=CASABLANCA, by_hand="SWIFT BCMAMAMC", evidence="", actor=finance, now=NOW
    )

    assert (refund.iban, refund.by_hand) == (CASABLANCA, "SWIFT BCMAMAMC")


def test_other_words_void_what_was_looked_at(finance: Actor, second: Actor, by_hand: Refund) -> None:
    seen = by_hand.fingerprint
    words = {"name": by_hand.name, "iban": "", "by_hand": "Another bank 99", "evidence": "call", "actor": finance}
    repay.name_account(refund_id=by_hand.pk, now=NOW, **words)

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.decide_refund(refund_id=by_hand.pk, approved=True, seen=seen, actor=second, now=NOW)

    assert refused.value.ruling.reasons == ("changed_meanwhile",)


def test_the_database_puts_no_account_in_words_into_a_file(at_the_bank: Refund) -> None:
    with pytest.raises(IntegrityError, match="refund_paid_by_hand_is_in_no_file"), transaction.atomic():
        Refund.objects.filter(pk=at_the_bank.pk).update(by_hand="words")


def test_a_leaving_that_was_named_wrongly_is_taken_back(at_the_bank: Refund, finance: Actor, tmp_path: Path) -> None:
    debit = take_in(tmp_path, finance, -SUM - 250, end_to_end_id="ANOTHER")
    repay.name_leaving(refund_ids=[at_the_bank.pk], entry_id=debit.pk, reason="charges", actor=finance, now=LATER)

    (refund,) = repay.undo_leaving(entry_id=debit.pk, reason="another order", actor=finance, now=LATER)

    assert (refund.state, refund.debit) == (RefundState.EXPORTED, None)
    assert left_of(debit) == (-SUM - 250, WorkState.OUTGOING)
    assert sum(EntryCost.objects.values_list("amount_minor", flat=True)) == 0
    promise = Obligation.objects.get(kind="refund", met_at=None)
    assert (promise.subject_id, promise.due_at.date()) == (str(refund.pk), refund.due_on)
    assert MailContent.objects.filter(mail__kind="billing/refund_not_sent").exists()
    assert AuditEvent.objects.filter(name="billing.refund.leaving_undone").count() == 1
    own = take_in(tmp_path, finance, -SUM, end_to_end_id=refund.end_to_end_id)
    refund.refresh_from_db()
    assert (refund.state, refund.debit) == (RefundState.SENT, own)
    told = MailContent.objects.filter(mail__kind="billing/refund_sent").values_list("to", flat=True)
    assert sorted(told) == sorted([*set(told)] * 2)  # the last word is that it has left


def test_what_was_to_be_paid_by_hand_is_approved_again(by_hand: Refund, finance: Actor, tmp_path: Path) -> None:
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id="ANOTHER")
    repay.name_leaving(refund_ids=[by_hand.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)

    (refund,) = repay.undo_leaving(entry_id=debit.pk, reason="no", actor=finance, now=LATER)

    assert refund.state == RefundState.APPROVED


def test_only_a_leaving_that_stands_is_taken_back_and_with_a_reason(
    at_the_bank: Refund, finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id="ANOTHER")
    words = {"entry_id": debit.pk, "actor": finance, "now": LATER}
    with pytest.raises(repay.RefundNotPossible, match="not_sent"):
        repay.undo_leaving(reason="no", **words)
    repay.name_leaving(refund_ids=[at_the_bank.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)
    with pytest.raises(repay.RefundNotPossible, match="reason_missing"):
        repay.undo_leaving(reason=" ", **words)
    take_in(tmp_path, finance, SUM, end_to_end_id=at_the_bank.end_to_end_id)

    with pytest.raises(repay.RefundNotPossible, match="not_sent"):
        repay.undo_leaving(reason="no", **words)


def test_what_the_bank_tells_by_our_reference_to_the_cent_has_left(
    at_the_bank: Refund, finance: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=at_the_bank.end_to_end_id)

    with pytest.raises(repay.RefundNotPossible, match="surely_left"):
        repay.undo_leaving(entry_id=debit.pk, reason="no", actor=finance, now=LATER)

    page = enter(Role.FINANCE).get(reverse("show-line", args=[debit.pk])).content.decode()
    assert "A refund of ours left with it." in page
    assert "That was named wrongly" not in page


def book_elsewhere(refund: Refund, actor: Actor) -> Allocation:
    """Say that the bank did not pay a refund, and pay somebody else's bill with its money."""
    repay.fail_refund(refund_id=refund.pk, reason="the bank says no", actor=actor, now=LATER)
    _, bill = billed_place(Edition.objects.get())
    parts = [reconcile.Part(bill.pk, SUM)]
    reconcile.book_line(entry_id=refund.entry_id, parts=parts, reason="as they asked", actor=actor, now=LATER)
    return Allocation.objects.get(invoice=bill)


def test_a_debit_that_names_a_refund_is_no_cost_until_that_is_sent(
    at_the_bank: Refund, finance: Actor, tmp_path: Path
) -> None:
    booked = book_elsewhere(at_the_bank, finance)
    debit = take_in(tmp_path, finance, -SUM - 250, end_to_end_id=at_the_bank.end_to_end_id)
    words = {"entry_id": debit.pk, "reason": "fees", "actor": finance, "now": LATER}

    with pytest.raises(SettingAsideNotPossible, match="refund_unsent"):
        reconcile.book_cost(**words)

    assert left_of(debit) == (-SUM - 250, WorkState.SUSPENSE)
    reconcile.take_back(allocation_id=booked.pk, reason="it left", actor=finance, now=LATER)
    repay.name_leaving(refund_ids=[at_the_bank.pk], **words)
    assert left_of(debit) == (0, WorkState.BOOKED)


def test_less_than_a_refund_that_bears_its_reference_is_a_cost(
    at_the_bank: Refund, finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -250, end_to_end_id=at_the_bank.end_to_end_id)

    assert reconcile.book_cost(entry_id=debit.pk, reason="fee", actor=finance, now=LATER).amount_minor == -250


def test_what_left_a_second_time_is_a_cost(at_the_bank: Refund, finance: Actor, tmp_path: Path) -> None:
    take_in(tmp_path, finance, -SUM, end_to_end_id=at_the_bank.end_to_end_id)
    again = take_in(tmp_path, finance, -SUM, end_to_end_id=at_the_bank.end_to_end_id)

    assert reconcile.book_cost(entry_id=again.pk, reason="paid twice", actor=finance, now=LATER).amount_minor == -SUM


def test_the_page_of_the_debit_takes_a_leaving_back(
    at_the_bank: Refund, finance: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id="ANOTHER")
    repay.name_leaving(refund_ids=[at_the_bank.pk], entry_id=debit.pk, reason="", actor=finance, now=LATER)
    client, act = enter(Role.FINANCE), reverse("undo-leaving", args=[debit.pk])

    assert "That was named wrongly" in client.get(reverse("show-line", args=[debit.pk])).content.decode()
    assert client.post(act, {"reason": ""}).status_code == 409
    done = client.post(act, {"reason": "another order"}, follow=True).content.decode()

    assert "still to be paid; whoever is paid reads it" in done
    assert client.post(act, {"reason": "another order"}).status_code == 404
