"""Money that was paid before a place ended and is read after it: the terms count it by its value day (C3)."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.entering import enter_known
from tests.factories.money import billed_group, billed_place, member_council, pay_bill, statement_file, transfer
from tests.factories.programme import make_edition
from tests.journey.test_cancel import IN_TIME, PAID_BEFORE, cancelled, sums
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, Invoice, Refund
from chancery.domain.billing.queries.bank import find_line
from chancery.domain.billing.queries.journal import RECEIVABLES, journal
from chancery.domain.billing.queries.payers import Payer
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.services.refunding import RefundNotPossible
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.enrollment.models import CancellationNotice, DifferenceUndone, NoticeDifference, Place
from chancery.domain.enrollment.policies.recounting import Recount, recount
from chancery.domain.enrollment.states import NoticeGround
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import MailContent, OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.participant.leaving_shown import leaving_of
from chancery.journey import cancel, reconcile, repay, settle
from chancery.journey.recount import CountStands, NothingCounts, count_as_paid, list_counts, take_count_back
from chancery.journey.reissue import reissue_bill

pytestmark = pytest.mark.django_db
LATER = IN_TIME + timedelta(days=4)
SHARE = Decimal("0.75")


@world
def ended(finance: Actor) -> tuple[CancellationNotice, Invoice]:
    """A place that was cancelled while its bill was open, as far as anybody knew."""
    place, invoice = billed_place(make_edition())
    return cancelled(place, finance), invoice


def read(folder: Path, actor: Actor, invoice: Invoice, minor: int, *, on: date = PAID_BEFORE) -> BankEntry:
    """Take in a statement with money for a bill, and return its line."""
    path = statement_file(folder, transfer(minor, invoice.creditor_reference, number=7, value_date=on), name="late.xml")
    settle.import_statement(path, actor=actor, now=LATER)
    entry = find_line(BankEntry.objects.latest("pk").pk)
    assert entry is not None
    return entry


def count(entry: BankEntry, notice: CancellationNotice, actor: Actor) -> NoticeDifference:
    return count_as_paid(entry_id=entry.pk, notice_id=notice.pk, actor=actor, now=LATER)


def undo(row: NoticeDifference, actor: Actor, reason: str = "another payment") -> DifferenceUndone:
    return take_count_back(difference_id=row.pk, reason=reason, actor=actor, now=LATER)


def figures(entry: BankEntry) -> list[tuple[int, int]]:
    return [(each.sums.counted_minor, each.sums.kept_minor) for each in list_counts(entry)]


def receivables() -> int:
    rows = [row for row in journal() if RECEIVABLES in (row.debit, row.credit)]
    return sum(row.minor if row.debit == RECEIVABLES else -row.minor for row in rows)


@pytest.mark.parametrize(
    ("came", "before", "owed", "rate", "counted", "kept"),
    [
        (100_000, 0, 100_000, "0.75", 100_000, 25_000),
        (60_000, 40_000, 100_000, "0.75", 60_000, 15_000),
        (150_000, 0, 100_000, "0.75", 100_000, 25_000),
        (50, 100_000, 100_000, "0.75", 0, 0),
        (100_000, 0, 100_000, "0", 100_000, 100_000),
        (1, 1, 100, "0.5", 1, 1),  # half a cent up for the payer, once
    ],
)
def test_what_came_counts_up_to_what_was_owed(
    came: int, before: int, owed: int, rate: str, counted: int, kept: int
) -> None:
    assert recount(came, before_minor=before, owed_minor=owed, rate=Decimal(rate)) == Recount(counted, kept)


def test_what_stays_is_billed_and_paid_and_the_rest_is_proposed(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    entry = read(tmp_path, finance, invoice, 100_000)
    assert EntryBalance.objects.get().work_state == WorkState.SUSPENSE

    row = count(entry, notice, finance)

    refund = Refund.objects.get()
    assert (row.counted_minor, row.kept_minor) == (100_000, 25_000)
    assert (sums(row.bill), row.bill.total_minor) == ((25_000, 0, 0), 25_000)
    assert (refund.amount_minor, refund.credit_note, refund.due_on) == (75_000, notice.credit_note, date(2024, 11, 13))
    balance = EntryBalance.objects.get()
    assert (balance.left_minor, balance.work_state) == (0, WorkState.BOOKED)
    assert Obligation.objects.filter(kind="refund", met_at=None).count() == 1
    assert receivables() == 0


def test_the_participant_reads_what_goes_back_and_what_stays(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    count(read(tmp_path, finance, invoice, 100_000), notice, finance)

    told = MailContent.objects.get(mail__kind="enrollment/notice_recounted").text.replace("\N{NO-BREAK SPACE}", " ")
    cards = leaving_of(Place.objects.get())

    assert "EUR 750.00 of it goes back by" in told
    assert "EUR 250.00 stays" in told
    assert "counts as paid by then" in cards[0].now
    assert len(cards) == 2  # the place, the refund


def test_a_part_that_was_known_counts_before_it(finance: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    pay_bill(tmp_path, finance, IN_TIME, invoice, 40_000)
    notice = cancelled(place, finance)
    assert (notice.paid_minor, notice.refund_minor) == (40_000, 30_000)

    row = count(read(tmp_path, finance, invoice, 60_000), notice, finance)

    assert (row.counted_minor, row.kept_minor) == (60_000, 15_000)
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == 75_000


def test_what_exceeds_the_fee_waits_as_before(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    entry = read(tmp_path, finance, invoice, 130_000)

    assert count(entry, notice, finance).counted_minor == 100_000

    assert EntryBalance.objects.get().left_minor == 30_000
    with pytest.raises(NothingCounts, match="nothing_counts"):
        count(entry, notice, finance)


@pytest.mark.parametrize(("on", "counts"), [(IN_TIME.date(), 1), (IN_TIME.date() + timedelta(days=1), 0)])
def test_the_value_day_decides(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path, on: date, counts: int
) -> None:
    assert len(list_counts(read(tmp_path, finance, ended[1], 100_000, on=on))) == counts


def test_money_that_names_another_bill_does_not_count(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    other = billed_place(Edition.objects.get())[1]

    assert list_counts(read(tmp_path, finance, other, 50_000)) == []


def test_a_refused_visa_counts_it_too(finance: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    ground, note = NoticeGround.VISA_REFUSED, "letter of the consulate"
    cancel.leave_by_right(place_id=place.pk, ground=ground, note=note, actor=finance, now=IN_TIME)

    assert figures(read(tmp_path, finance, invoice, 100_000)) == [(100_000, 25_000)]


def test_where_everything_goes_back_nothing_is_counted(finance: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    ground = NoticeGround.ORGANISER
    cancel.leave_by_right(place_id=place.pk, ground=ground, note="flood", actor=finance, now=IN_TIME)

    assert list_counts(read(tmp_path, finance, invoice, 100_000)) == []


def test_a_payment_request_is_followed_by_one_over_what_stays(finance: Actor, tmp_path: Path) -> None:
    edition = make_edition()
    newest = EditionRevision.objects.get(edition=edition)
    content = bytes(newest.content).replace(b'fiscal_regime = "internal"', b'fiscal_regime = "external"')
    EditionRevision.objects.create(edition=edition, content=content, sha256="x", loaded_at=IN_TIME)
    place, invoice = billed_place(edition)
    notice = cancelled(place, finance)

    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)

    assert (row.bill.kind, sums(row.bill)) == (invoice.kind, (25_000, 0, 0))


def test_a_difference_keeps_a_part_of_what_counts(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    entry = read(tmp_path, finance, invoice, 100_000)
    facts = {"notice": notice, "line": invoice.lines.get(), "entry": entry, "bill": invoice, "actor": "user:1"}

    for kept in (0, 101):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeDifference.objects.create(
                counted_minor=100, kept_minor=kept, refund_due_on=PAID_BEFORE, at=LATER, **facts
            )


def test_the_desk_offers_it_and_says_what_it_did(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    notice, invoice = ended
    entry = read(tmp_path, finance, invoice, 100_000)
    client, _ = enter_known(Role.FINANCE)
    act = reverse("count-as-paid", args=[entry.pk, notice.pk])

    before = client.get(reverse("show-line", args=[entry.pk])).content.decode()
    done = client.post(act, follow=True).content.decode()
    again = client.post(act)
    page = client.get(reverse("show-notice", args=[notice.place.edition.slug, notice.pk])).content.decode()

    assert "Count it as paid by then" in before
    assert "what stays, and the refund waits for the second person" in done
    assert again.status_code == 409
    assert NoticeDifference.objects.get().bill.number in page


def test_what_was_counted_is_taken_back_with_its_bill_and_its_refund_and_may_be_counted_anew(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)

    undone = undo(row, finance)

    entry = BankEntry.objects.get()
    assert (entry.balance.left_minor, entry.balance.work_state) == (100_000, WorkState.SUSPENSE)
    assert (sums(row.bill), undone.credit_note.corrects) == ((0, 25_000, 0), row.bill)
    assert Refund.objects.get().state == RefundState.WITHDRAWN
    assert not Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).exists()
    assert AuditEvent.objects.filter(name=Event.NOTICE_RECOUNT_UNDONE, subject_id=str(notice.pk)).count() == 1
    assert receivables() == 0
    assert figures(entry) == [(100_000, 25_000)]
    count(entry, notice, finance)
    assert Refund.objects.filter(state=RefundState.PROPOSED).get().amount_minor == 75_000


def test_whoever_read_that_it_counts_reads_that_it_does_not(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)
    credited = OutgoingMail.objects.filter(kind="billing/credit_note").count()
    undone = undo(row, finance)

    told = MailContent.objects.get(mail__kind="enrollment/notice_recount_undone").text
    cards = leaving_of(Place.objects.get())

    assert undone.credit_note.number in told
    assert OutgoingMail.objects.filter(kind="billing/credit_note").count() == credited + 2  # payer, participant
    assert "counts as paid by then" not in cards[0].now
    assert len(cards) == 1  # no refund any more


def test_who_was_asked_for_an_account_reads_that_none_is_wanted(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)
    Refund.objects.update(iban="")

    undo(row, finance)

    assert MailContent.objects.filter(mail__kind="billing/refund_withdrawn").exists()


def test_it_is_taken_back_once_and_for_a_reason(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)

    with pytest.raises(CountStands, match="reason_missing"):
        undo(row, finance, reason=" ")
    undo(row, finance)
    with pytest.raises(CountStands, match="count_taken_back"):
        undo(row, finance)

    assert DifferenceUndone.objects.count() == 1


def test_what_a_second_person_approved_is_rejected_first(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)
    second, refund = user_actor(make_officer(Role.SECOND_PERSON).pk), Refund.objects.get()
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=LATER)

    with pytest.raises(RefundNotPossible, match="refund_moved_on"):
        undo(row, finance)
    assert sums(row.bill) == (25_000, 0, 0)

    repay.decide_refund(refund_id=refund.pk, approved=False, seen="", actor=second, now=LATER)
    undo(row, finance)
    assert EntryBalance.objects.get().left_minor == 100_000
    assert list_owed(row.entry_id) == []


def test_a_refund_that_was_proposed_anew_falls_too(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=Refund.objects.get().pk, approved=False, seen="", actor=second, now=LATER)
    iban = row.entry.payer_iban
    repay.propose_refund(entry_id=row.entry_id, name="Accra", iban=iban, evidence="", actor=finance, now=LATER)

    undo(row, finance)

    assert set(Refund.objects.values_list("state", flat=True)) == {RefundState.WITHDRAWN}
    balance = EntryBalance.objects.get()
    assert (balance.left_minor, balance.work_state) == (100_000, WorkState.SUSPENSE)


def test_the_one_that_came_later_is_taken_back_first_where_it_keeps_a_cent_for_this(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    first = count(read(tmp_path, finance, invoice, 33_333), notice, finance)
    path = statement_file(
        tmp_path, transfer(33_334, invoice.creditor_reference, number=8, value_date=PAID_BEFORE), name="later.xml"
    )
    settle.import_statement(path, actor=finance, now=LATER)
    second = count(BankEntry.objects.latest("pk"), notice, finance)
    assert (first.kept_minor, second.kept_minor) == (8_333, 8_334)  # of 66,667 together a cent more than each alone

    with pytest.raises(CountStands, match="later_counts"):
        undo(first, finance)
    undo(second, finance)
    undo(first, finance)

    assert receivables() == 0
    assert figures(BankEntry.objects.latest("pk")) == [(33_334, 8_333)]


@pytest.fixture
def failed(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> tuple[NoticeDifference, Refund]:
    """What counts, and its refund in a file of which somebody said that it never reached the bank."""
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)
    second, refund = user_actor(make_officer(Role.SECOND_PERSON).pk), Refund.objects.get()
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=LATER)
    repay.make_refund_file(actor=finance, now=LATER)
    repay.fail_refund(refund_id=refund.pk, reason="the file was never sent", actor=finance, now=LATER)
    return row, Refund.objects.get()


def read_leaving(folder: Path, actor: Actor, refund: Refund) -> EntryBalance:
    """Take in a statement that shows a refund leaving, and return its line."""
    debit = transfer(-refund.amount_minor, number=8, end_to_end_id=refund.end_to_end_id)
    path = statement_file(folder, debit, name="left.xml")
    settle.import_statement(path, actor=actor, now=LATER)
    return EntryBalance.objects.get(entry__amount_minor__lt=0)


def test_a_refund_that_failed_falls_with_it_and_its_money_is_free(
    failed: tuple[NoticeDifference, Refund], finance: Actor
) -> None:
    row, refund = failed

    undo(row, finance)

    balance = EntryBalance.objects.get()
    assert (balance.left_minor, balance.work_state) == (100_000, WorkState.SUSPENSE)
    assert list_owed(row.entry_id) == []
    fallen = Refund.objects.get(replaces=refund)
    assert (fallen.state, fallen.amount_minor) == (RefundState.WITHDRAWN, 75_000)
    assert Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None).count() == 0
    assert figures(BankEntry.objects.get(pk=row.entry_id)) == [(100_000, 25_000)]


def test_one_that_left_after_all_is_joined_with_its_line_while_the_money_is_there(
    failed: tuple[NoticeDifference, Refund], finance: Actor, tmp_path: Path
) -> None:
    row, refund = failed
    undo(row, finance)

    debit = read_leaving(tmp_path, finance, refund)

    refund.refresh_from_db()
    assert (refund.state, refund.debit_id, debit.left_minor) == (RefundState.SENT, debit.entry_id, 0)
    assert EntryBalance.objects.get(entry=row.entry_id).left_minor == 25_000


def test_one_that_left_after_all_waits_where_its_money_counts_anew(
    failed: tuple[NoticeDifference, Refund], finance: Actor, tmp_path: Path
) -> None:
    row, refund = failed
    undo(row, finance)
    count(BankEntry.objects.get(pk=row.entry_id), row.notice, finance)

    debit = read_leaving(tmp_path, finance, refund)

    refund.refresh_from_db()
    assert (refund.state, debit.left_minor) == (RefundState.FAILED, -75_000)
    assert EntryBalance.objects.get(entry=row.entry_id).left_minor == 0


def test_the_desk_takes_it_back_and_says_what_stands_in_the_way(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    notice, invoice = ended
    row = count(read(tmp_path, finance, invoice, 100_000), notice, finance)
    client, _ = enter_known(Role.FINANCE)
    act = reverse("undo-count", args=[row.entry_id, row.pk])

    offered = client.get(reverse("show-line", args=[row.entry_id])).content.decode()
    unsaid = client.post(act, {"reason": ""})
    done = client.post(act, {"reason": "another payment"}, follow=True).content.decode()
    again = client.post(act, {"reason": "another payment"})

    note = DifferenceUndone.objects.get().credit_note.number
    booking = reverse("undo-allocation", args=[row.entry_id, row.bill.allocations.first().pk])
    assert act in offered
    assert 'href="#counted"' in offered
    assert booking not in offered  # the bill over what stays would be left open
    assert unsaid.status_code == 422
    assert f"{note} credits the bill over what stayed" in done
    assert act not in done
    assert "was taken back already" in again.content.decode()


def test_money_of_a_refund_that_failed_is_promised_once_when_it_counts(
    ended: tuple[CancellationNotice, Invoice], finance: Actor, tmp_path: Path
) -> None:
    notice, invoice = ended
    entry = read(tmp_path, finance, invoice, 100_000)
    reconcile.keep_to_return(entry_id=entry.pk, reason="late", actor=finance, now=LATER)
    first = repay.propose_refund(
        entry_id=entry.pk, name="Accra", iban=entry.payer_iban, evidence="", actor=finance, now=LATER
    )
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=first.pk, approved=True, seen=first.fingerprint, actor=second, now=LATER)
    repay.make_refund_file(actor=finance, now=LATER)
    repay.fail_refund(refund_id=first.pk, reason="closed", actor=finance, now=LATER)

    count(BankEntry.objects.get(pk=entry.pk), notice, finance)

    anew = Refund.objects.latest("pk")
    running = Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None)
    assert (anew.amount_minor, [int(row.subject_id) for row in running]) == (75_000, [anew.pk])
    repay.decide_refund(refund_id=anew.pk, approved=False, seen="", actor=second, now=LATER)
    assert [(each.pk, each.owed_minor) for each in list_owed(entry.pk)] == [(anew.pk, 75_000)]
    assert figures(BankEntry.objects.get(pk=entry.pk)) == []


def test_a_line_that_names_the_bill_which_the_payer_had_before_counts_too(finance: Actor, tmp_path: Path) -> None:
    place, first = billed_place(make_edition())
    ministry = Payer(legal_name="Ministry", address="Square 1", country="GHA", email="pay@ministry.example")
    reissue_bill(invoice_id=first.pk, payer=ministry, actor=finance, now=IN_TIME - timedelta(hours=5))
    place.refresh_from_db()
    cancelled(place, finance)

    assert figures(read(tmp_path, finance, first, 100_000)) == [(100_000, 25_000)]


@pytest.mark.parametrize("sums", [(180_000,), (90_000, 90_000)], ids=["in one", "in two"])
def test_what_stays_of_late_money_on_the_bill_of_a_group_is_the_same_however_it_came(
    finance: Actor, tmp_path: Path, sums: tuple[int, ...]
) -> None:
    places, invoice = billed_group(make_edition(), member_council())
    cancelled(places[0], finance)

    for number, minor in enumerate(sums):
        told = transfer(minor, invoice.creditor_reference, number=number + 7, value_date=PAID_BEFORE)
        settle.import_statement(statement_file(tmp_path, told, name=f"{number}.xml"), actor=finance, now=LATER)

    line = find_line(BankEntry.objects.latest("pk").pk)
    assert line is not None
    assert figures(line) == [(90_000, 22_500)]
