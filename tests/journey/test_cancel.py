"""Leaving by a reply: judged at once, in effect by a person, with one credit note and what goes back (C1 to C4)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.domain.billing.validators import broken_rules
from tests.factories.admissions import make_application
from tests.factories.money import (
    ADMITTED_AT,
    billed_group,
    billed_place,
    book,
    member_council,
    pay_bill,
    reserve,
    statement_file,
    transfer,
)
from tests.factories.notices import facts_of, hear, reply
from tests.factories.programme import make_edition
from tests.foundation.documents.verapdf import violations

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.documents.electronic_invoice import Syntax
from chancery.domain.billing.documents.paper import bill_as_xml
from chancery.domain.billing.models import BankEntry, EntryBalance, Invoice, InvoiceBalance, LineCredit, Refund
from chancery.domain.billing.states import InvoiceKind, RefundState
from chancery.domain.enrollment.models import CancellationNotice, Place, SeatCounter
from chancery.domain.enrollment.services.places import reserve_place
from chancery.domain.enrollment.states import NoticeState, NoticeWay, PlaceState
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.mail.models import MailContent, MailThread, OutgoingMail
from chancery.foundation.mail.threads import reply_address
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtEntry
from chancery.journey import cancel, correspond, notice, repay, settle
from chancery.journey.bill import bill_places, invoice_pdf

pytestmark = pytest.mark.django_db
IN_TIME = datetime(2024, 10, 14, 9, 2, tzinfo=UTC)
LAST_SECOND = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)  # 23:59:59 in Barcelona
PAID_BEFORE = date(2024, 10, 12)
OUR_CITY = "GB33BUKB20201555555555"
type Pay = Callable[..., None]


@pytest.fixture
def pay(tmp_path: Path, finance: Actor) -> Pay:
    """Let money for a bill come in."""
    return partial(pay_bill, tmp_path, finance, IN_TIME)


def sums(invoice: Invoice) -> tuple[int, int, int]:
    balance = InvoiceBalance.objects.get(invoice=invoice)
    return balance.allocated_minor, balance.credited_minor, balance.open_minor


def cancelled(place: Place, actor: Actor, at: datetime = IN_TIME) -> CancellationNotice:
    heard = hear(place, facts_of(place), at=at)
    return cancel.accept_notice(notice_id=heard.pk, actor=actor, now=at + timedelta(hours=3))


def kinds_of_mail() -> list[str]:
    return list(OutgoingMail.objects.order_by("id").values_list("kind", flat=True))


def receive_copied(place: Place, body: str, *, to: MailThread) -> None:
    """Take in a reply to the mail of a place that goes to another thread too."""
    copied = f"\r\nCc: {reply_address(to.token)}\r\nSubject:".encode()
    raw = reply(place, body, at=IN_TIME).replace(b"\r\nSubject:", copied)
    correspond.receive_mail(raw=raw, source="test", now=IN_TIME)


class TestHearing:
    def test_a_reply_with_all_facts_is_valid_answered_and_moves_nothing(self, pay: Pay) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)

        heard = hear(place, facts_of(place), at=IN_TIME)

        place.refresh_from_db()
        assert (heard.state, heard.missing, heard.refund_minor) == (NoticeState.VALID, [], 75_000)
        assert heard.refund_due_on == date(2024, 11, 13)
        assert (place.state, Refund.objects.count()) == (PlaceState.GUARANTEED, 0)
        assert kinds_of_mail()[-1] == "enrollment/notice_valid"
        assert Obligation.objects.get(kind="cancellation").due_at.date() == date(2024, 10, 16)

    def test_a_reply_that_goes_to_the_dialogue_too_cancels_all_the_same(self) -> None:
        admitted = make_application(state=ApplicationState.ADMITTED, authority=member_council())
        talk = correspond.dialogue_of(admitted)
        place = reserve_place(application=admitted, now=ADMITTED_AT, actor=SYSTEM)

        receive_copied(place, facts_of(place), to=talk)

        assert CancellationNotice.objects.get().place == place

    def test_of_two_places_it_is_the_one_that_the_mail_names_first(self) -> None:
        edition = make_edition()
        one, two = reserve(edition), reserve(edition)

        receive_copied(two, facts_of(two), to=one.thread)

        assert CancellationNotice.objects.get().place == two

    def test_the_last_second_counts_and_the_next_does_not(self) -> None:
        edition = make_edition()
        place, _ = billed_place(edition)
        other, _ = billed_place(edition)

        in_time = hear(place, facts_of(place), at=LAST_SECOND)
        late = hear(other, facts_of(other), at=LAST_SECOND + timedelta(seconds=1))

        assert (in_time.state, late.state) == (NoticeState.VALID, NoticeState.LATE)
        assert late.reasons == ["after_deadline"]
        assert kinds_of_mail()[-1] == "enrollment/notice_late"

    @pytest.mark.parametrize("missing", ["course", "name", "day"])
    def test_what_is_missing_is_asked_for_and_the_first_letter_counts(self, pay: Pay, missing: str) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        heard = hear(place, facts_of(place, without=missing), at=LAST_SECOND)
        assert heard.state == NoticeState.INCOMPLETE
        asked = MailContent.objects.get(mail__kind="enrollment/notice_incomplete").text
        assert place.person.name in asked

        later = hear(place, facts_of(place), at=LAST_SECOND + timedelta(days=2))

        heard.refresh_from_db()
        assert (heard.state, heard.counts_from, later.state) == (NoticeState.VALID, LAST_SECOND, NoticeState.FOLLOWS)
        assert later.completes == heard
        assert heard.refund_minor == 75_000

    def test_two_letters_complete_each_other(self) -> None:
        place, _ = billed_place(make_edition())
        heard = hear(place, facts_of(place, without="day"), at=IN_TIME)

        hear(place, f"Registered: {place.reserved_on:%d/%m/%Y}", at=IN_TIME + timedelta(hours=1))

        heard.refresh_from_db()
        assert heard.state == NoticeState.VALID

    def test_an_automatic_answer_is_kept_and_never_answered(self) -> None:
        place, _ = billed_place(make_edition())
        before = len(kinds_of_mail())

        heard = hear(place, facts_of(place), at=IN_TIME, automatic=True)

        assert (heard.state, len(kinds_of_mail())) == (NoticeState.AUTOMATIC, before)

    def test_a_letter_after_a_valid_one_is_put_beside_it(self) -> None:
        place, _ = billed_place(make_edition())
        first = hear(place, facts_of(place), at=IN_TIME)
        before = len(kinds_of_mail())

        then = hear(place, "Please forget it, I can come after all.", at=IN_TIME + timedelta(hours=1))

        assert (then.state, then.completes, len(kinds_of_mail())) == (NoticeState.FOLLOWS, first, before)

    def test_a_program_that_answers_our_answers_is_not_answered_without_end(self) -> None:
        place, _ = billed_place(make_edition())

        for minute in range(12):
            hear(place, f"Ticket {minute} was opened.", at=IN_TIME + timedelta(minutes=minute))

        assert kinds_of_mail().count("enrollment/notice_incomplete") == notice.MOST_ANSWERS_A_DAY
        hear(place, "Ticket 99", at=IN_TIME + timedelta(days=2))
        assert kinds_of_mail().count("enrollment/notice_incomplete") == notice.MOST_ANSWERS_A_DAY + 1

    def test_another_writer_hears_only_that_it_arrived_once_a_day_and_the_participant_hears_it_all(self) -> None:
        place, _ = billed_place(make_edition())
        letter = facts_of(place, without="day")

        for hours in (0, 1, 25):
            hear(place, letter, at=IN_TIME + timedelta(hours=hours), sender="Office <office@city.example>")

        told = MailContent.objects.order_by("mail_id").values_list("mail__kind", "to")
        assert list(told)[-5:] == [
            ("enrollment/notice_incomplete", place.person.email),
            ("enrollment/notice_heard", "office@city.example"),
            ("enrollment/notice_incomplete", place.person.email),
            ("enrollment/notice_incomplete", place.person.email),
            ("enrollment/notice_heard", "office@city.example"),
        ]

    @pytest.mark.parametrize(
        ("sender", "automatic"),
        [
            pytest.param("office@city.example", True, id="a program"),
            pytest.param("{email}", False, id="the participant in capitals"),
            pytest.param("diploma+abc@chancery.example", False, id="our own address"),
            pytest.param("nobody", False, id="no address"),
            pytest.param("MAILER-DAEMON@city.example", False, id="a mail server"),
        ],
    )
    def test_the_note_goes_to_no(self, sender: str, automatic: bool) -> None:
        place, _ = billed_place(make_edition())

        hear(
            place,
            facts_of(place),
            at=IN_TIME,
            sender=sender.format(email=place.person.email.upper()),
            automatic=automatic,
        )

        assert "enrollment/notice_heard" not in kinds_of_mail()

    def test_the_same_message_twice_is_one_notice(self) -> None:
        place, _ = billed_place(make_edition())

        hear(place, facts_of(place), at=IN_TIME)
        hear(place, facts_of(place), at=IN_TIME)

        assert CancellationNotice.objects.count() == 1

    @pytest.mark.parametrize("way", [NoticeWay.PHONE, NoticeWay.PAGE])
    def test_another_way_changes_nothing_and_says_how(self, finance: Actor, way: NoticeWay) -> None:
        place, _ = billed_place(make_edition())

        told = notice.note_other_way(
            place_id=place.pk, way=way, note="will not come", received_at=IN_TIME, actor=finance, now=IN_TIME
        )

        place.refresh_from_db()
        assert (told.state, told.reasons, place.state) == (
            NoticeState.WRONG_CHANNEL,
            ["wrong_channel"],
            PlaceState.RESERVED,
        )
        assert place.person.name in MailContent.objects.get(mail__kind="enrollment/notice_wrong_channel").text
        with pytest.raises(cancel.NoticeMoveNotAllowed):
            cancel.accept_notice(notice_id=told.pk, actor=finance, now=IN_TIME)


class TestTakingEffect:
    def test_a_paid_place_brings_back_the_share_by_one_credit_note(self, pay: Pay, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)

        done = cancelled(place, finance)

        place.refresh_from_db()
        note = Invoice.objects.get(kind=InvoiceKind.CREDIT_NOTE)
        refund = Refund.objects.get()
        assert (place.state, SeatCounter.objects.get().taken) == (PlaceState.CANCELLED, 0)
        assert (done.state, done.paid_minor, done.refund_minor, done.credit_note) == (
            NoticeState.EFFECTED,
            100_000,
            75_000,
            note,
        )
        assert (note.number, note.corrects, note.total_minor) == (
            f"{invoice.series.code}C-2024-0001",
            invoice,
            75_000,
        )
        assert sums(invoice) == (25_000, 75_000, 0)
        assert (refund.amount_minor, refund.iban, refund.state) == (75_000, OUR_CITY, RefundState.PROPOSED)
        assert refund.due_on == date(2024, 11, 13)
        assert EntryBalance.objects.get().left_minor == 0
        assert {"billing/credit_note", "enrollment/notice_effected"} <= set(kinds_of_mail())
        assert Obligation.objects.get(kind="cancellation").met_at is not None
        assert Obligation.objects.get(kind="refund").met_at is None

    def test_an_unpaid_place_is_credited_in_full_and_nothing_goes_back(self, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())

        done = cancelled(place, finance)

        assert (done.refund_minor, sums(invoice), Refund.objects.count()) == (0, (0, 100_000, 0), 0)

    def test_a_part_payment_brings_back_its_share(self, pay: Pay, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, 40_001)

        done = cancelled(place, finance)

        assert (done.paid_minor, done.refund_minor) == (40_001, 30_001)  # 300.0075, half a cent up
        assert sums(invoice) == (10_000, 90_000, 0)

    def test_money_that_came_after_the_notice_goes_back_in_full(self, pay: Pay, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, 40_000)
        pay(invoice, 60_000, on=date(2024, 10, 16), number=2)

        done = cancelled(place, finance)

        assert (done.paid_minor, done.refund_minor, done.besides_minor) == (40_000, 30_000, 60_000)
        assert sorted(Refund.objects.values_list("amount_minor", flat=True)) == [30_000, 60_000]
        assert sums(invoice) == (10_000, 90_000, 0)

    def test_one_of_a_group_leaves_and_the_others_keep_their_money(self, pay: Pay, finance: Actor) -> None:
        places, invoice = billed_group(make_edition(), member_council())
        pay(invoice, invoice.total_minor)

        done = cancelled(places[0], finance)

        fee = invoice.total_minor // 2
        places[1].refresh_from_db()
        assert (done.paid_minor, done.refund_minor) == (fee, fee * 3 // 4)
        assert places[1].state == PlaceState.GUARANTEED
        assert sums(invoice) == (invoice.total_minor - fee * 3 // 4, fee * 3 // 4, 0)
        assert cancelled(places[1], finance).paid_minor == fee
        assert sums(invoice) == (2 * (fee - fee * 3 // 4), 2 * (fee * 3 // 4), 0)

    def test_half_a_group_bill_is_spread_over_its_places(self, pay: Pay, finance: Actor) -> None:
        places, invoice = billed_group(make_edition(), member_council())
        pay(invoice, 90_001)

        done = cancelled(places[0], finance)

        places[1].refresh_from_db()
        fee = invoice.total_minor // 2
        assert done.paid_minor == 45_001
        assert places[1].state == PlaceState.RESERVED
        assert sums(invoice)[2] == fee - 45_000

    def test_a_second_click_changes_nothing(self, pay: Pay, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        done = cancelled(place, finance)

        with pytest.raises(cancel.NoticeMoveNotAllowed):
            cancel.accept_notice(notice_id=done.pk, actor=finance, now=IN_TIME)

        assert (Refund.objects.count(), LineCredit.objects.count()) == (1, 1)

    def test_a_late_one_is_not_accepted_but_the_seat_may_be_given_up(self, pay: Pay, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        late = hear(place, facts_of(place), at=LAST_SECOND + timedelta(seconds=1))
        with pytest.raises(cancel.NoticeMoveNotAllowed):
            cancel.accept_notice(notice_id=late.pk, actor=finance, now=IN_TIME)

        cancel.give_up_place(notice_id=late.pk, because="asked on the phone", actor=finance, now=IN_TIME)

        place.refresh_from_db()
        assert (place.state, SeatCounter.objects.get().taken) == (PlaceState.GIVEN_UP, 0)
        assert (sums(invoice), Refund.objects.count()) == ((invoice.total_minor, 0, 0), 0)

    def test_a_question_is_no_cancellation_and_lands_in_the_dialogue(self, finance: Actor) -> None:
        place, _ = billed_place(make_edition())
        asked = hear(place, "Which hotels do you know near the venue?", at=IN_TIME)

        cancel.say_not_a_cancellation(notice_id=asked.pk, because="a question", actor=finance, now=IN_TIME)

        place.refresh_from_db()
        asked.refresh_from_db()
        assert (asked.state, place.state) == (NoticeState.NOT_ONE, PlaceState.RESERVED)
        assert "hotels" in place.application.dialogue.get().words.text

    def test_the_credit_note_is_a_paper_and_data_that_keep_the_standards(self, pay: Pay, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        note = cancelled(place, finance).credit_note
        assert note is not None

        paper = invoice_pdf(invoice=note, now=IN_TIME)

        assert violations(paper, "a-3a") + violations(paper, "ua-1") == []
        for syntax in Syntax:
            assert broken_rules(bill_as_xml(note, syntax), syntax) == []


class TestMoneyOnTheDesk:
    def wait(self, folder: Path, finance: Actor, invoice: Invoice, on: date) -> EntryBalance:
        """Let the whole sum come in with words by which it is suggested, but does not book itself."""
        entry = transfer(invoice.total_minor, text=invoice.number, value_date=on)
        settle.import_statement(statement_file(folder, entry), actor=finance, now=IN_TIME)
        return EntryBalance.objects.get(entry__amount_minor=invoice.total_minor)

    def test_money_that_came_in_time_and_is_not_booked_refuses_the_cancellation(
        self, tmp_path: Path, finance: Actor
    ) -> None:
        place, invoice = billed_place(make_edition())
        self.wait(tmp_path, finance, invoice, PAID_BEFORE)

        with pytest.raises(cancel.MoneyWaits) as refused:
            cancelled(place, finance)

        place.refresh_from_db()
        assert refused.value.ruling.reasons == ("money_waits",)
        assert place.state == PlaceState.RESERVED
        assert CancellationNotice.objects.get().state == NoticeState.VALID

    def test_booked_then_it_is_what_the_terms_keep_their_share_of(self, tmp_path: Path, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        line = self.wait(tmp_path, finance, invoice, PAID_BEFORE)
        heard, total = hear(place, facts_of(place), at=IN_TIME), invoice.total_minor
        book(entry_id=line.entry_id, invoice_id=invoice.pk, amount_minor=total, reason="it", actor=finance, now=IN_TIME)

        done = cancel.accept_notice(notice_id=heard.pk, actor=finance, now=IN_TIME)

        assert (done.paid_minor, done.refund_minor) == (total, 75_000)

    def test_accepted_all_the_same_it_counts_as_not_paid(self, tmp_path: Path, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        line = self.wait(tmp_path, finance, invoice, PAID_BEFORE)
        heard = hear(place, facts_of(place), at=IN_TIME)

        done = cancel.accept_notice(notice_id=heard.pk, seen_waiting=[line.entry_id], actor=finance, now=IN_TIME)

        assert (done.state, done.paid_minor, sums(invoice)) == (NoticeState.EFFECTED, 0, (0, 100_000, 0))

    def test_a_line_that_nobody_saw_refuses_it_again(self, tmp_path: Path, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        line = self.wait(tmp_path, finance, invoice, PAID_BEFORE)
        heard = hear(place, facts_of(place), at=IN_TIME)

        with pytest.raises(cancel.MoneyWaits):
            cancel.accept_notice(notice_id=heard.pk, seen_waiting=[line.entry_id + 1], actor=finance, now=IN_TIME)

    def test_money_that_came_after_the_notice_does_not(self, tmp_path: Path, finance: Actor) -> None:
        place, invoice = billed_place(make_edition())
        self.wait(tmp_path, finance, invoice, IN_TIME.date() + timedelta(days=1))

        assert cancelled(place, finance).state == NoticeState.EFFECTED


class TestMoneyBack:
    def test_from_the_notice_to_the_line_on_which_it_left(
        self, pay: Pay, finance: Actor, second: Actor, tmp_path: Path
    ) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        cancelled(place, finance)
        refund = Refund.objects.get()

        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=IN_TIME)
        repay.make_refund_file(actor=finance, now=IN_TIME)
        left = CamtEntry(-75_000, booking_date=date(2024, 10, 21), end_to_end_id=refund.end_to_end_id)
        settle.import_statement(statement_file(tmp_path, left, name="out.xml"), actor=finance, now=IN_TIME)

        refund.refresh_from_db()
        assert refund.state == RefundState.SENT
        assert Obligation.objects.get(kind="refund").met_at is not None
        letters = MailContent.objects.filter(mail__kind__startswith="billing/refund")
        assert {each.mail.kind for each in letters} == {"billing/refund_approved", "billing/refund_sent"}
        assert {each.to for each in letters} == {place.person.email, invoice.party.email}
        assert all("750" in each.text for each in letters)

    def test_without_an_account_it_is_asked_for_and_not_approved(self, pay: Pay, finance: Actor, second: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor, payer_iban="")
        cancelled(place, finance)
        refund = Refund.objects.get()
        assert (refund.iban, "billing/refund_account_wanted" in kinds_of_mail()) == ("", True)
        with pytest.raises(repay.RefundNotPossible) as refused:
            repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=IN_TIME)
        assert refused.value.ruling.reasons == ("account_missing",)

        told = {"name": "Accra", "iban": "FR1420041010050500013M02606"}
        with pytest.raises(repay.RefundNotPossible):
            repay.name_account(refund_id=refund.pk, evidence="", actor=finance, now=IN_TIME, **told)
        repay.name_account(refund_id=refund.pk, evidence="letter of the treasury", actor=finance, now=IN_TIME, **told)

        refund.refresh_from_db()
        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=IN_TIME)
        refund.refresh_from_db()
        assert refund.state == "approved"

    def test_a_new_account_voids_the_approval(self, pay: Pay, finance: Actor, second: Actor) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        cancelled(place, finance)
        refund = Refund.objects.get()
        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=IN_TIME)

        repay.name_account(
            refund_id=refund.pk,
            name="Somebody",
            iban="FR1420041010050500013M02606",
            evidence="a mail",
            actor=second,
            now=IN_TIME,
        )

        with pytest.raises(repay.NothingToPay):
            repay.make_refund_file(actor=finance, now=IN_TIME)
        with pytest.raises(repay.NeedsAnotherPerson):
            repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=IN_TIME)

    @pytest.mark.parametrize("ends", ["rejected", "failed"])
    def test_the_promise_outlives_a_refund_that_came_to_nothing(
        self, pay: Pay, finance: Actor, second: Actor, ends: str
    ) -> None:
        place, invoice = billed_place(make_edition())
        pay(invoice, invoice.total_minor)
        cancelled(place, finance)
        refund = Refund.objects.get()
        if ends == "rejected":
            repay.decide_refund(refund_id=refund.pk, approved=False, seen=refund.fingerprint, actor=second, now=IN_TIME)
        else:
            repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=IN_TIME)
            repay.make_refund_file(actor=finance, now=IN_TIME)
            repay.fail_refund(refund_id=refund.pk, reason="account closed", actor=finance, now=IN_TIME)
        later = IN_TIME + timedelta(days=20)
        assert Obligation.objects.get(kind="refund").due_at.date() == date(2024, 11, 13)

        again = repay.propose_refund(
            entry_id=BankEntry.objects.get().pk, name="Accra", iban=OUR_CITY, evidence="", actor=finance, now=later
        )

        assert (again.amount_minor, again.due_on, again.credit_note) == (75_000, refund.due_on, refund.credit_note)
        assert Obligation.objects.get(kind="refund", met_at=None, dropped_at=None).subject_id == str(again.pk)


def test_nothing_is_owed_about_a_place_that_has_ended(finance: Actor) -> None:
    place = reserve(make_edition(), payer=False)
    bill_places(places=[place], actor=finance, now=IN_TIME)
    assert Obligation.objects.get(kind="invoice").dropped_at is None

    cancelled(place, finance)

    assert Obligation.objects.get(kind="invoice").dropped_at is not None
