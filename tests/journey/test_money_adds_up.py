"""Hundreds of acts at random, as a finance desk does them: after each one every row, place and mail agrees."""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum
from tests.factories.accounts import make_officer, make_person
from tests.factories.money import ACCOUNT, billed_group, book, member_council, reserve, transfer
from tests.factories.network import classify, make_city_council, make_country, make_member
from tests.factories.notices import facts_of, hear
from tests.factories.programme import make_edition
from tests.journey.test_choose import next_of

from chancery.domain.billing.models import (
    Allocation,
    BankEntry,
    EntryBalance,
    EntryConflict,
    EntryCorrection,
    EntryCost,
    EntryReturn,
    FeeException,
    Invoice,
    InvoiceBalance,
    LineCredit,
    Refund,
    RefundBatch,
    Series,
    SetOff,
    WriteOff,
)
from chancery.domain.billing.policies.sharing import Share
from chancery.domain.billing.queries.coming_back import list_coming_back_together, list_possible_returns
from chancery.domain.billing.queries.corrections import difference_of
from chancery.domain.billing.queries.invoices import list_invoices, total_invoices
from chancery.domain.billing.queries.journal import journal
from chancery.domain.billing.queries.leavings import list_leaving_together, list_possible_leavings
from chancery.domain.billing.queries.payers import Payer, SharingPayer
from chancery.domain.billing.queries.refunds import list_owed, list_refunds
from chancery.domain.billing.queries.returned_lines import list_counterparts
from chancery.domain.billing.queries.suggestions import list_suggestions
from chancery.domain.billing.states import UNDER_WAY, EntryStatus, Noted, RefundState, WorkState
from chancery.domain.enrollment.models import (
    CancellationNotice,
    EditionChoice,
    NoticeDifference,
    Place,
    PlaceCharge,
    SeatCounter,
)
from chancery.domain.enrollment.queries.differences import list_differences
from chancery.domain.enrollment.services.places import lapse_place
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeGround, PlaceState
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.ruling import Refused
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.journey import bill, cancel, choose, reconcile, repay, rerate, settle, shares, substitute
from chancery.journey.recount import count_as_paid, list_counts, take_count_back
from chancery.journey.reissue import reissue_bill

pytestmark = pytest.mark.django_db
THEIRS = "GB33BUKB20201555555555"
ACTS = int(os.environ.get("LEDGER_ACTS", "60"))
BEGAN = datetime(2024, 10, 14, 8, 0, tzinfo=UTC)
PAYER = Payer(legal_name="Town Hall", address="Square 1", country="GHA", email="pay@town.example")


@dataclass(slots=True)
class World:
    """An edition with its desk, and what the bank has truly sent: each transfer once."""

    chance: random.Random
    folder: Path
    edition: Edition
    first: Actor
    second: Actor
    now: datetime = BEGAN
    later: Edition | None = None
    sent: list[CamtEntry] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)  # by how much, in euro cents, each a line of its own
    files: list[Path] = field(default_factory=list)

    def send(self, amount: int, reference: str = "", **more: Any) -> CamtEntry:
        """Return a transfer that the bank books for the first time."""
        entry = transfer(amount, reference, number=len(self.sent) + 1, **more)
        if self.chance.random() < 0.3:  # some banks give no reference of their own
            entry = replace(entry, bank_reference="", end_to_end_id=f"E{len(self.sent)}")
        self.sent.append(entry)
        return entry

    def take_in(self, *entries: CamtEntry, currency: str = "EUR") -> None:
        """Import these entries, the last ones that were sent, as one statement that goes on from the others."""
        path = self.folder / f"statement-{len(self.files)}.xml"
        told = CamtStatement(ACCOUNT, entries, currency=currency, statement_id=path.name)
        sums = [entry.amount_cents for entry in self.sent if entry.currency == currency]
        before = sum(sums) + (sum(self.corrected) if currency == "EUR" else 0) - told.booked_cents
        statement = replace(told, opening_cents=before)
        path.write_bytes(camt_file(statement))
        self.files.append(path)
        settle.import_statement(path, actor=self.first, now=self.now)
        self.decide_what_is_contested()

    def decide_what_is_contested(self) -> None:
        """Say of each line that may be on file already whether it is: a person knows by the name of the transfer."""
        for contest in EntryConflict.objects.filter(came__status=EntryStatus.CONTESTED, settled_at=None):
            came = contest.came
            assert came is not None
            name = "bank_reference" if came.bank_reference else "end_to_end_id"
            twins = BankEntry.objects.filter(status=EntryStatus.BOOKED, correction=None)
            is_twin = twins.filter(**{name: getattr(came, name)}).exists()
            if is_twin and difference_of(contest):
                self.take_over(came)
                continue
            decide = reconcile.leave_line_out if is_twin else reconcile.count_line
            decide(entry_id=came.pk, reason="asked the bank", actor=self.first, now=self.now)

    def take_over(self, came: BankEntry) -> None:
        """Take another sum of a line on file for the bank's correction."""
        done = reconcile.correct_line(entry_id=came.pk, reason="the bank says so", actor=self.first, now=self.now)
        self.corrected.append(done.line.amount_minor)


@pytest.mark.parametrize("seed", range(int(os.environ.get("LEDGER_SEEDS", "2"))))
@pytest.mark.parametrize("kind", ["any", "refunds"])
def test_money_places_and_mails_agree_after_any_acts(seed: int, kind: str, settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    world = make_world(random.Random(f"{connection.vendor} {seed}"), tmp_path)  # noqa: S311 - chance, not secrecy
    for number in range(ACTS):
        world.now += timedelta(minutes=7)
        act = world.chance.choice(ALL_ACTS if kind == "any" else REFUND_ACTS)
        try:
            with transaction.atomic():
                act(world)
        except Refused:
            pass
        assert disagreements(world) == [], f"seed {seed}, act {number}: {act.__name__}"


def make_world(chance: random.Random, folder: Path) -> World:
    """Return an edition with a group on one bill, single bills, a waived place and places without a payer."""
    edition = make_edition(capacity=9)
    billed_group(edition, member_council())
    guinea = make_country("GIN", "Guinea")
    classify(guinea, "L")
    make_member((waived := make_city_council("Conakry", country=guinea)).city)
    places = [reserve(edition), reserve(edition), reserve(edition, authority=waived)]
    places += [reserve(edition, payer=False), reserve(edition, payer=False)]
    bill.bill_places(places=places, actor=SYSTEM, now=BEGAN)
    first, second = (user_actor(make_officer(Role.FINANCE).pk) for _ in range(2))
    return World(chance, folder, edition, first, second, later=next_of(edition, capacity=4))


def one_of(world: World, rows: QuerySet[Any]) -> list[Any]:
    """Return one of the rows by chance of the seed, so that a failing seed fails again; none where there are none."""
    found = list(rows.order_by("pk"))
    return [world.chance.choice(found)] if found else []


# What happens at the desk.


def pay_exactly(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None).select_related("balance")))
    amount = owing.balance.open_minor or owing.total_minor
    world.take_in(world.send(amount, owing.creditor_reference))


def pay_oddly(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    amounts = (1, owing.total_minor - 1, owing.total_minor + 1, owing.total_minor // 2, 2 * owing.total_minor)
    world.take_in(world.send(world.chance.choice(amounts), owing.creditor_reference))


def pay_twice_alike(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    world.take_in(*(world.send(owing.total_minor, owing.creditor_reference) for _ in range(2)))


def pay_in_dollars(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    world.take_in(world.send(owing.total_minor, owing.creditor_reference, currency="USD"), currency="USD")


def take_money_back(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    world.take_in(world.send(-owing.total_minor, reversal=world.chance.random() < 0.5))


def announce(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    pending = transfer(owing.total_minor, owing.creditor_reference, number=900 + len(world.files), status="PDNG")
    world.take_in(pending)


def overlap(world: World) -> None:
    euros = [entry for entry in world.sent if entry.currency == "EUR"]
    world.take_in(*euros[-3:], world.send(4_711, text="thank you"))


def import_again(world: World) -> None:
    if world.files:
        settle.import_statement(world.chance.choice(world.files), actor=world.first, now=world.now)


def book_by_hand(world: World) -> None:
    entries = list(EntryBalance.objects.exclude(work_state=WorkState.BOOKED).select_related("entry"))
    if not entries:
        return
    balance = world.chance.choice(entries)
    owing = world.chance.choice(list(InvoiceBalance.objects.all()))
    left = balance.left_minor
    fitting = min(left, owing.open_minor) if left > 0 else -min(-left, owing.allocated_minor)
    amount = world.chance.choice((fitting, fitting, fitting // 2, left, left + 1, -left, 0))
    book(
        entry_id=balance.entry_id,
        invoice_id=owing.invoice_id,
        amount_minor=amount,
        reason="by hand",
        actor=world.first,
        now=world.now,
    )


def undo(world: World) -> None:
    booked = list(Allocation.objects.values_list("pk", flat=True))
    if booked:
        reconcile.take_back(
            allocation_id=world.chance.choice(booked), reason="undone", actor=world.first, now=world.now
        )


def pay_short_of_charges(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    world.take_in(world.send(owing.total_minor - world.chance.choice((500, 1_500, 1_501)), owing.creditor_reference))


def write_off(world: World) -> None:
    waiting = list(EntryBalance.objects.filter(work_state=WorkState.SUGGESTED))
    short = [each for each in waiting if list_suggestions(each.entry)[0].tolerance_minor]
    if not short:
        return
    balance = world.chance.choice(short)
    reconcile.book_line(
        entry_id=balance.entry_id,
        parts=[reconcile.Part(list_suggestions(balance.entry)[0].invoice.pk, balance.left_minor)],
        reason="its reference",
        rest=reconcile.Rest.WRITE_OFF,
        rest_reason="charges of the bank",
        actor=world.first,
        now=world.now,
    )


def set_aside(world: World) -> None:
    """Give money back, call it a cost, take a cost back: whatever is tried, what does not fit is refused."""
    balance = world.chance.choice(list(EntryBalance.objects.all()) or [None])
    if balance is None:
        return
    words = {"entry_id": balance.entry_id, "reason": "set aside", "actor": world.first, "now": world.now}
    world.chance.choice((reconcile.keep_to_return, reconcile.book_cost, reconcile.book_cost))(**words)


def undo_a_cost(world: World) -> None:
    for cost in EntryCost.objects.order_by("-id")[:1]:
        reconcile.take_cost_back(cost_id=cost.pk, reason="not ours", actor=world.first, now=world.now)


def name_a_payer(world: World) -> None:
    place = world.chance.choice(list(Place.objects.all()))
    bill.name_payer(place_id=place.pk, payer=PAYER, actor=world.first, now=world.now)


def propose_a_fee(world: World) -> None:
    place = world.chance.choice(list(Place.objects.all()))
    fee = world.chance.choice((0, 33_333, 150_000, 150_001))
    bill.propose_fee_exception(place_id=place.pk, fee_minor=fee, reason="agreed", actor=world.first, now=world.now)


def decide_a_fee(world: World) -> None:
    waiting = FeeException.objects.filter(state="proposed").first()
    if waiting:
        actor, approved = world.chance.choice((world.first, world.second)), world.chance.random() < 0.7
        bill.decide_fee_exception(exception_id=waiting.pk, approved=approved, actor=actor, now=world.now)


def admit_another(world: World) -> None:
    if world.chance.random() < 0.3:
        bill.bill_places(places=[reserve(world.edition)], actor=SYSTEM, now=world.now)


def let_lapse(world: World) -> None:
    if world.chance.random() < 0.15:
        place = world.chance.choice(list(Place.objects.all()))
        lapse_place(place_id=place.pk, reason="unpaid", actor=SYSTEM, now=world.now)


def cancel_a_place(world: World) -> None:
    """Hear of a cancellation with all its facts, or without the day, and let a person accept what waits."""
    place = world.chance.choice(list(Place.objects.all()))
    hear(place, facts_of(place, without=world.chance.choice(("", "", "day"))), at=world.now)
    for waiting in CancellationNotice.objects.filter(state="valid"):
        cancel.accept_notice(notice_id=waiting.pk, actor=world.first, now=world.now)


def leave_by_another_right(world: World) -> None:
    place = world.chance.choice(list(Place.objects.all()))
    ground = world.chance.choice((NoticeGround.VISA_REFUSED, NoticeGround.WITHDRAWAL, NoticeGround.ORGANISER))
    cancel.leave_by_right(place_id=place.pk, ground=ground, note="letter", actor=world.first, now=world.now)


def let_a_colleague_come(world: World) -> None:
    place = world.chance.choice(list(Place.objects.all()))
    holder, colleague = user_actor(place.person.user_id or 0), make_person()
    wish = substitute.name_substitute(place_id=place.pk, email=colleague.email, name="Aya", actor=holder, now=world.now)
    if world.chance.random() < 0.2:
        return  # asked, and no answer yet
    aya = substitute.Colleague(name="Aya Embrun", latin_name="", post="Adviser")
    substitute.confirm_substitution(
        substitution_id=wish.pk, colleague=aya, actor=user_actor(colleague.user_id or 0), now=world.now
    )
    substitute.hand_over(substitution_id=wish.pk, actor=world.first, now=world.now)


def ask_what_they_choose(world: World) -> None:
    """Seldom: nobody comes in afterwards."""
    if world.later and world.chance.random() < 0.2:
        choose.ask_everybody(
            edition_id=world.edition.pk,
            target_id=world.later.pk,
            answer_by=date(2024, 11, 4),
            note="The hall has burnt down.",
            actor=world.first,
            now=world.now,
        )


def choose_something(world: World) -> None:
    for choice in one_of(world, EditionChoice.objects.filter(state="asked")):
        takes = world.chance.choice((choose.take_next_edition, choose.take_next_edition, choose.take_money_back))
        takes(place_id=choice.place_id, actor=user_actor(choice.place.person.user_id or 0), now=world.now)


def rate_a_group_anew(world: World) -> None:
    for bill_to_rerate in rerate.list_rerates(world.edition)[:1]:
        rerate.rerate_bill(
            number=bill_to_rerate.invoice.number,
            seen_minor=bill_to_rerate.after_minor,
            actor=world.first,
            now=world.now,
        )


def issue_anew(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    payer = replace(PAYER, legal_name=world.chance.choice(("Town Hall", "Ministry")))
    reissue_bill(invoice_id=owing.pk, payer=payer, actor=world.first, now=world.now)


def share_a_fee(world: World) -> None:
    """Let a second payer pay a part, of a bill that is written or of the one to come."""
    place = world.chance.choice(list(Place.objects.all()))
    person = replace(PAYER, kind="person", legal_name="Ada Example", email="ada@home.example")
    share = world.chance.choice((Share(minor=33_333), Share(percent=Decimal("33.33")), Share(minor=150_000)))
    shares.share_fee(
        application_id=place.application_id, second=SharingPayer(person, share), actor=world.first, now=world.now
    )


def join_a_fee(world: World) -> None:
    owing = world.chance.choice(list(Invoice.objects.filter(corrects=None)))
    shares.join_bills(invoice_id=owing.pk, actor=world.first, now=world.now)


def propose_what_waits(world: World) -> None:
    for balance in one_of(world, EntryBalance.objects.filter(work_state=WorkState.GIVE_BACK)):
        where = world.chance.choice(({"iban": THEIRS}, {"iban": "", "by_hand": "Ghana Commercial Bank, account 1101"}))
        repay.propose_refund(
            entry_id=balance.entry_id, name="Town Hall", evidence="call", actor=world.first, now=world.now, **where
        )


def decide_a_refund(world: World) -> None:
    for refund in one_of(world, Refund.objects.filter(state__in=["proposed", "approved"])):
        approved = world.chance.random() < 0.8
        repay.decide_refund(
            refund_id=refund.pk, approved=approved, seen=refund.fingerprint, actor=world.second, now=world.now
        )


def pay_refunds(world: World) -> None:
    """Make the file; the bank pays what it was asked for, or sends it back."""
    with suppress(repay.NothingToPay):
        repay.make_refund_file(actor=world.first, now=world.now)
    for refund in Refund.objects.filter(state="exported"):
        if world.chance.random() < 0.3:
            repay.fail_refund(refund_id=refund.pk, reason="closed", actor=world.first, now=world.now)
        if refund.pk % 3 or world.chance.random() < 0.5:  # where somebody called it failed, the bank may have paid
            world.take_in(world.send(-refund.amount_minor, end_to_end_id=refund.end_to_end_id))


def be_corrected(world: World) -> None:
    """The bank tells another sum of a line that it told before."""
    told = [entry for entry in world.sent if entry.currency == "EUR" and entry.bank_reference]
    if told:
        first = world.chance.choice(told)
        by = world.chance.choice((-first.amount_cents // 2, -100, 100))
        if first.amount_cents * (first.amount_cents + by) > 0:
            world.take_in(replace(first, amount_cents=first.amount_cents + by))


def undo_a_correction(world: World) -> None:
    for correction in one_of(world, EntryCorrection.objects):
        undone = reconcile.undo_correction(
            entry_id=correction.line_id, reason="another line", actor=world.first, now=world.now
        )
        world.corrected.append(undone.line.amount_minor)


def take_nobodys_money_back(world: World) -> None:
    """Money of nobody comes, and the bank takes it back: a person joins the two lines, or a refund is proposed."""
    amount, payer = world.chance.choice((10_000, 12_345)), {"payer_iban": THEIRS, "payer_name": "NOBODY"}
    world.take_in(world.send(amount, text="gift", **payer))
    world.take_in(world.send(-amount, text="gift", reversal=True, **payer))
    for debit in BankEntry.objects.filter(amount_minor=-amount).select_related("balance"):
        for credit in list_counterparts(debit)[:1]:
            reconcile.join_return(debit_id=debit.pk, credit_id=credit.pk, actor=world.first, now=world.now)


def part_a_return(world: World) -> None:
    for joined in one_of(world, EntryReturn.objects):
        reconcile.part_return(return_id=joined.pk, reason="another gift", actor=world.first, now=world.now)


def undo_a_leaving(world: World) -> None:
    for refund in one_of(world, Refund.objects.filter(debit__isnull=False)):
        repay.undo_leaving(entry_id=refund.debit_id, reason="another payment", actor=world.first, now=world.now)


def pay_by_hand(world: World) -> None:
    """Order an approved refund at the bank, which may take charges or tell no reference: a person says so then."""
    for refund in one_of(world, Refund.objects.filter(state="approved")):
        charges = world.chance.choice((0, 0, 250))
        told = {"end_to_end_id": refund.end_to_end_id} if world.chance.random() < 0.5 else {}
        sent = world.send(-refund.amount_minor - charges, currency=refund.currency, **told)
        world.take_in(sent, currency=refund.currency)
        refund.refresh_from_db()
        if refund.state == "approved":
            line = BankEntry.objects.filter(amount_minor__lt=0).latest("pk")
            keys = [refund.pk]
            with suppress(Refused):  # the bank has paid, whatever we say
                repay.name_leaving(refund_ids=keys, entry_id=line.pk, reason="x", actor=world.first, now=world.now)


def pay_a_file_as_one_sum(world: World) -> None:
    """The bank books a file as one debit, with charges or without; a person says so, or ticks some of them."""
    approve_all(world)
    with suppress(repay.NothingToPay):
        repay.make_refund_file(actor=world.first, now=world.now)
    held = list(Refund.objects.filter(state="exported", batch=RefundBatch.objects.last()))
    if held:
        charges = world.chance.choice((0, 0, 250))
        world.take_in(world.send(-sum(each.amount_minor for each in held) - charges))
        with suppress(Refused):
            name_several(world)


def approve_all(world: World) -> None:
    for refund in Refund.objects.filter(state="proposed"):
        with suppress(Refused):
            seen = refund.fingerprint
            repay.decide_refund(refund_id=refund.pk, approved=True, seen=seen, actor=world.second, now=world.now)


def owe_somebody(world: World) -> None:
    """Money comes that is nobody's, more than once, and is to go back."""
    for _ in range(2):
        world.take_in(world.send(world.chance.choice((10_000, 12_345, 30_000)), text="gift", payer_iban=THEIRS))
        line = BankEntry.objects.filter(amount_minor__gt=0).latest("pk")
        with suppress(Refused):
            said = {"is_other_payment": True, "actor": world.first, "now": world.now}
            reconcile.keep_to_return(entry_id=line.pk, reason="a gift", **said)
            propose_what_waits(world)
    approve_all(world)


def name_several(world: World) -> None:
    debits = [each.entry for each in EntryBalance.objects.select_related("entry") if each.left_minor < 0]
    found = [(debit, together) for debit in debits if (together := list_leaving_together(debit)).refunds]
    if found:
        debit, together = world.chance.choice(found)
        keys = [refund.pk for refund in together.refunds]
        some = together.told.refunds if together.told else world.chance.sample(keys, 2)
        repay.name_leaving(refund_ids=some, entry_id=debit.pk, reason="charges", actor=world.first, now=world.now)


def return_a_refund(world: World) -> None:
    """The bank sends a refund back: whole with its reference, or less, which a person then says."""
    for refund in one_of(world, Refund.objects.filter(batch__isnull=False, came_back=None)):
        kept = world.chance.choice((0, 0, 1, 250)) if refund.debit_id else 0
        back = world.send(refund.amount_minor - kept, end_to_end_id=refund.end_to_end_id)
        world.take_in(back)
        line = BankEntry.objects.filter(amount_minor=back.amount_cents).latest("pk")
        if kept:
            with suppress(Refused):
                repay.name_coming_back(refund_ids=[refund.pk], entry_id=line.pk, actor=world.first, now=world.now)


def send_several_back(world: World) -> None:
    """The bank sends refunds that went together back as one credit, all or some of them; a person says so."""
    if not _one_of_those_together(world):
        owe_somebody(world)
        pay_a_file_as_one_sum(world)
    for together in _one_of_those_together(world):
        first, is_part = together[0], len(together) > 2 and world.chance.random() < 0.5
        some = world.chance.sample(together, 2) if is_part else together
        kept = world.chance.choice((0, 0, 1, 250)) if first.debit_id else 0
        told = world.chance.choice(({}, {"reversal": True}, {"text": first.end_to_end_id}))
        back = world.send(sum(each.amount_minor for each in some) - kept, currency=first.currency, **told)
        world.take_in(back, currency=first.currency)
        line, keys = BankEntry.objects.filter(amount_minor__gt=0).latest("pk"), [each.pk for each in some]
        with suppress(Refused):
            repay.name_coming_back(refund_ids=keys, entry_id=line.pk, actor=world.first, now=world.now)


def _one_of_those_together(world: World) -> list[list[Refund]]:
    """Return one debit's refunds, or one file's that no line shows leaving, of which none came back: two or more."""
    went = Refund.objects.filter(Q(batch__isnull=False) | Q(debit__isnull=False), came_back=None)
    together: dict[tuple[int, int], list[Refund]] = defaultdict(list)
    for refund in went.order_by("pk"):
        together[refund.debit_id or 0, 0 if refund.debit_id else refund.batch_id or 0].append(refund)
    several = [some for some in together.values() if len(some) > 1]
    return [world.chance.choice(several)] if several else []


def name_several_back(world: World) -> None:
    """Take a credit for refunds that went together, rightly or wrongly."""
    came = [each.entry for each in EntryBalance.objects.select_related("entry") if each.left_minor > 0]
    found = [(credit, together) for credit in came if (together := list_coming_back_together(credit)).refunds]
    if found:
        credit, together = world.chance.choice(found)
        keys = [refund.pk for refund in together.refunds]
        some = together.told.refunds if together.told else world.chance.sample(keys, 2)
        repay.name_coming_back(refund_ids=some, entry_id=credit.pk, actor=world.first, now=world.now)


def undo_a_coming_back(world: World) -> None:
    came = list(Refund.objects.filter(came_back__isnull=False).order_by("pk"))
    untouched = [each for each in came if each.owed_minor == each.amount_minor]
    if came:
        refund = world.chance.choice(untouched or came)
        repay.undo_coming_back(entry_id=refund.came_back_id, reason="a gift", actor=world.first, now=world.now)


def send_alike(world: World) -> None:
    """Somebody sends the sum of a refund, or less, from its account: a person may take it for that refund."""
    for refund in one_of(world, Refund.objects.filter(Q(batch__isnull=False) | Q(debit__isnull=False), came_back=None)):
        kept = world.chance.choice((0, 0, 300)) if refund.debit_id else 0
        world.take_in(world.send(refund.amount_minor - kept, payer_iban=refund.iban or THEIRS, text="RETURNED"))
        line = BankEntry.objects.filter(amount_minor__gt=0).latest("pk")
        with suppress(Refused):
            repay.name_coming_back(refund_ids=[refund.pk], entry_id=line.pk, actor=world.first, now=world.now)


def set_a_promise_off(world: World) -> None:
    """Let money of a refund that came to nothing pay an open bill, whole or in part."""
    owed = [each for each in EntryBalance.objects.all() if each.left_minor > 0 and list_owed(each.entry_id)]
    bills = [each for each in InvoiceBalance.objects.all() if each.open_minor > 0]
    if owed and bills:
        line, bill = world.chance.choice(owed), world.chance.choice(bills)
        most = min(line.left_minor, bill.open_minor)
        book(
            entry_id=line.entry_id,
            invoice_id=bill.invoice_id,
            amount_minor=world.chance.choice((most, max(most // 3, 1), 1)),
            reason="as asked",
            actor=world.first,
            now=world.now,
        )


def undo_a_set_off(world: World) -> None:
    """Take a booking back that pays a bill with promised money, or that of the bill which took that one's place."""
    lines = SetOff.objects.filter(amount_minor__gt=0).values("refund__entry")
    for row in one_of(world, Allocation.objects.filter(entry__in=lines, amount_minor__gt=0, reversed_by=None)):
        reconcile.take_back(allocation_id=row.pk, reason="objected", actor=world.first, now=world.now)


def reject_a_refund(world: World) -> None:
    for refund in one_of(world, Refund.objects.filter(state__in=["proposed", "approved"], credit_note__isnull=False)):
        repay.decide_refund(refund_id=refund.pk, approved=False, seen="", actor=world.second, now=world.now)


def read_a_payment_late(world: World) -> None:
    """Money for a bill whose place ended, valued before the letter; a person counts it as paid by then."""
    for notice in one_of(world, CancellationNotice.objects.filter(state="effected", rate__lt=1)):
        for note in notice.credit_notes[:1]:
            old = note.corrects
            if old is None:
                continue
            amount = world.chance.choice((old.total_minor, old.total_minor // 2, old.total_minor + 1, 33_333))
            world.take_in(world.send(amount, old.creditor_reference, value_date=date(2024, 10, 12)))


def count_a_late_payment(world: World) -> None:
    waiting = [each for each in EntryBalance.objects.select_related("entry") if each.left_minor > 0]
    counts = [(each.entry, count) for each in waiting for count in list_counts(each.entry)]
    if counts:
        entry, count = world.chance.choice(counts)
        count_as_paid(entry_id=entry.pk, notice_id=count.notice.pk, actor=world.first, now=world.now)


def undo_a_count(world: World) -> None:
    for row in one_of(world, NoticeDifference.objects.filter(undone=None)):
        take_count_back(difference_id=row.pk, reason="another payment", actor=world.first, now=world.now)


def park(world: World) -> None:
    for balance in one_of(world, EntryBalance.objects.exclude(work_state=WorkState.BOOKED)):
        if balance.entry.status == EntryStatus.BOOKED:
            reconcile.park_line(entry_id=balance.entry_id, note="they call", actor=world.first, now=world.now)


def keep_what_waits(world: World) -> None:
    """Set what is left of a credit aside to be given back."""
    for balance in one_of(world, EntryBalance.objects.filter(work_state=WorkState.SUSPENSE, amount_minor__gt=0)):
        said = {"is_other_payment": world.chance.random() < 0.7, "actor": world.first, "now": world.now}
        reconcile.keep_to_return(entry_id=balance.entry_id, reason="theirs", **said)


def name_a_leaving(world: World) -> None:
    """Name a refund at a debit, rightly or wrongly."""
    debits = [each.entry for each in EntryBalance.objects.select_related("entry") if each.left_minor < 0]
    pairs = [(refund, debit) for debit in debits for refund, _ in list_possible_leavings(debit)]
    if pairs:
        refund, debit = world.chance.choice(pairs)
        repay.name_leaving(
            refund_ids=[refund.pk], entry_id=debit.pk, reason="charges", actor=world.first, now=world.now
        )


def take_a_return_for_a_refund(world: World) -> None:
    came = [each.entry for each in EntryBalance.objects.select_related("entry") if each.left_minor > 0]
    pairs = [(refund, credit) for credit in came for refund, _ in list_possible_returns(credit)]
    if pairs:
        refund, credit = world.chance.choice(pairs)
        repay.name_coming_back(refund_ids=[refund.pk], entry_id=credit.pk, actor=world.first, now=world.now)


def join_what_fits(world: World) -> None:
    debits = [each.entry for each in EntryBalance.objects.select_related("entry") if each.left_minor < 0]
    pairs = [(debit, credit) for debit in debits for credit in list_counterparts(debit)]
    if pairs:
        debit, credit = world.chance.choice(pairs)
        reconcile.join_return(debit_id=debit.pk, credit_id=credit.pk, actor=world.first, now=world.now)


def bounce(world: World) -> None:
    """The bank takes one of the lines back whole, with its mark or without."""
    came = [each for each in world.sent if each.amount_cents > 0 and each.currency == "EUR"]
    if came:
        first = world.chance.choice(came)
        world.take_in(world.send(-first.amount_cents, first.reference, reversal=world.chance.random() < 0.5))


def correct_again(world: World) -> None:
    """Take over again what was undone."""
    for contest in one_of(world, EntryConflict.objects.filter(came__balance__work_state=WorkState.CONFLICT)):
        if contest.came and difference_of(contest):
            world.take_over(contest.came)


ALL_ACTS: tuple[Callable[[World], None], ...] = (
    *(pay_exactly, pay_oddly, pay_twice_alike, pay_in_dollars, take_money_back, announce, overlap, import_again),
    *(book_by_hand, book_by_hand, book_by_hand, undo, undo),
    *(pay_short_of_charges, write_off, write_off, set_aside, undo_a_cost),
    *(name_a_payer, propose_a_fee, decide_a_fee, admit_another, let_lapse),
    *(share_a_fee, share_a_fee, share_a_fee, join_a_fee),
    *(leave_by_another_right, let_a_colleague_come, let_a_colleague_come, rate_a_group_anew),
    *(ask_what_they_choose, choose_something, choose_something),
    *(issue_anew, cancel_a_place, propose_what_waits, decide_a_refund, pay_refunds, pay_refunds, return_a_refund),
    *(pay_a_file_as_one_sum, pay_a_file_as_one_sum, name_several, send_several_back, name_several_back),
    *(part_a_return, undo_a_leaving, undo_a_leaving, send_alike, undo_a_coming_back, undo_a_coming_back),
    *(pay_by_hand, pay_by_hand, take_nobodys_money_back, be_corrected, be_corrected, undo_a_correction),
    *(set_a_promise_off, set_a_promise_off, set_a_promise_off, undo_a_set_off, undo_a_set_off, reject_a_refund),
    *(read_a_payment_late, read_a_payment_late, count_a_late_payment, count_a_late_payment, undo_a_count),
    *(park, keep_what_waits, keep_what_waits, name_a_leaving, take_a_return_for_a_refund, join_what_fits, bounce),
    *(correct_again, issue_anew),
)

# Among all acts few lead to a refund that left: here most do.
REFUND_ACTS: tuple[Callable[[World], None], ...] = (
    *(owe_somebody, owe_somebody, owe_somebody, pay_exactly, pay_twice_alike, cancel_a_place, cancel_a_place),
    *(keep_what_waits, keep_what_waits, keep_what_waits, propose_what_waits, propose_what_waits, decide_a_refund),
    *(pay_a_file_as_one_sum, pay_a_file_as_one_sum, pay_a_file_as_one_sum, pay_a_file_as_one_sum),
    *(pay_refunds, pay_by_hand, name_several, name_a_leaving),
    *(send_several_back, send_several_back, name_several_back),
    *(return_a_refund, send_alike, send_alike, take_a_return_for_a_refund, undo_a_coming_back, undo_a_coming_back),
    *(undo_a_leaving, reject_a_refund, set_a_promise_off, undo_a_set_off, undo, set_aside, undo_a_cost),
    *(issue_anew, be_corrected, undo_a_correction, join_what_fits),
)

# What must agree.


def disagreements(world: World) -> list[str]:
    """Return every figure that does not follow from the rows it should follow from."""
    return [
        *_wrong_entries(world),
        *_wrong_bills(),
        *_wrong_places(world),
        *_wrong_numbers(),
        *_wrong_mails(),
        *_wrong_refunds(),
        *_wrong_kept(),
        *_wrong_promises(),
        *_wrong_journal(),
    ]


def _sums(rows: QuerySet[Any], by: str, field: str = "amount_minor") -> Counter[int]:
    """Return the sum of a column for each row that they belong to."""
    return Counter(dict(rows.order_by().values_list(by).annotate(Sum(field))))


def _wrong_entries(world: World) -> list[str]:
    stored = sorted(BankEntry.objects.filter(status="booked").values_list("amount_minor", flat=True))
    told = sorted([*(entry.amount_cents for entry in world.sent), *world.corrected])
    wrong = [] if stored == told else ["the bank's money is not ours"]
    booked, costs_of = _sums(Allocation.objects.all(), "entry"), _sums(EntryCost.objects.all(), "entry")
    refunded = _sums(Refund.objects.exclude(state__in=["rejected", "failed", "withdrawn"]), "entry")
    netted = _netted()
    standing = EntryReturn.objects.filter(reverses=None, reversed_by=None)
    joined = _sums(standing, "credit") + Counter()
    joined.subtract(_sums(standing, "debit"))
    left_with, came_with = _sums(Refund.objects.all(), "debit"), _sums(Refund.objects.all(), "came_back")
    kept = _kept(came_with, netted)
    for row in EntryBalance.objects.select_related("entry"):
        entry = row.entry
        used, costs, back = booked[entry.pk], costs_of[entry.pk], refunded[entry.pk]
        low, high = sorted((0, row.amount_minor - netted[entry.pk]))
        if entry.pk in left_with:
            back = kept[entry.pk] - left_with[entry.pk]
            if left_with[entry.pk] > netted[entry.pk] - row.amount_minor:
                wrong.append(f"entry {entry.pk}: refunds of {left_with[entry.pk]} left with {row.amount_minor}")
        elif entry.pk in came_with:
            back += row.amount_minor - netted[entry.pk]
        back += netted[entry.pk] + joined[entry.pk]
        if row.returned_minor != back:
            wrong.append(f"entry {entry.pk}: {row.returned_minor} given back, its refunds say {back}")
        used += row.returned_minor
        if (row.allocated_minor + row.returned_minor, row.cost_minor) != (used, costs) or costs > 0:
            wrong.append(f"entry {entry.pk}: {used} and {costs} do not follow from its rows")
        is_booked = row.work_state == WorkState.BOOKED
        if not low <= used + costs - netted[entry.pk] <= high or is_booked != (used + costs == row.amount_minor):
            wrong.append(f"entry {entry.pk}: {row.work_state}, {row.allocated_minor}, {used} of {row.amount_minor}")
    return wrong


def _kept(came_with: Counter[int], netted: Counter[int]) -> Counter[int]:
    """Return what the bank kept of the refunds that left with each debit and came back: that is a cost."""
    kept: Counter[int] = Counter()
    returned = Refund.objects.filter(debit__isnull=False, came_back__isnull=False).select_related("came_back")
    for credit, debit in {(refund.came_back, refund.debit_id) for refund in returned}:
        kept[debit] += _kept_of(credit, came_with, netted)
    return kept


def _kept_of(credit: BankEntry, came_with: Counter[int], netted: Counter[int]) -> int:
    return came_with[credit.pk] - (credit.amount_minor - netted[credit.pk])


def _netted() -> Counter[int]:
    """Return what corrections of the bank use up of each line: of the one on file, and of the difference."""
    used: Counter[int] = Counter()
    for row in EntryCorrection.objects.select_related("contest", "line", "reversed_by"):
        taken_back = row.reverses_id is not None or hasattr(row, "reversed_by")
        used[row.line_id] += row.line.amount_minor if taken_back else row.netted_minor
        used[row.contest.entry_id] -= row.netted_minor
    return used


def _wrong_bills() -> list[str]:
    wrong: list[str] = []
    received, let_go = _sums(Allocation.objects.all(), "invoice"), _sums(WriteOff.objects.all(), "invoice")
    credited = _sums(Invoice.objects.exclude(corrects=None), "corrects", "total_minor")
    for row in InvoiceBalance.objects.select_related("invoice").prefetch_related("invoice__lines__quote"):
        bill, lines = row.invoice, list(row.invoice.lines.all())
        paid, written_off, notes = received[bill.pk], let_go[bill.pk], credited[bill.pk]
        if row.written_off_minor != written_off or not 0 <= written_off <= 1_500:
            wrong.append(f"{bill}: {row.written_off_minor} written off, its rows say {written_off}")
        if row.credited_minor != notes or row.open_minor < 0:
            wrong.append(f"{bill}: {row.credited_minor} credited, its notes say {notes}, {row.open_minor} open")
        gross = sum(line.gross_minor for line in lines)
        fees = sum(min(line.net_minor, line.quote.fee_minor or 0) for line in lines if line.quote)
        if row.allocated_minor != paid or not 0 <= paid <= row.total_minor == gross == fees:
            wrong.append(f"{bill}: {row.allocated_minor}, {paid} of {row.total_minor}, lines {gross}")
    told = (received.total(), received.total() + let_go.total() + credited.total())
    totals = total_invoices(list_invoices())[0]
    if (totals.received_minor, totals.total_minor - totals.open_minor) != told:
        wrong.append(f"the list says {totals}, the ledger {told}")
    return wrong


def _wrong_refunds() -> list[str]:
    """Each notice in effect: kept + refund = paid, one credit note, its refunds add up to what was promised."""
    wrong = []
    for notice in CancellationNotice.objects.filter(state="effected"):
        share = int((Decimal(notice.paid_minor) * notice.rate).quantize(Decimal(1), ROUND_HALF_UP))
        of_lines = LineCredit.objects.filter(credit_line__invoice__in=notice.credit_notes)
        kept = of_lines.aggregate(sum=Sum("kept_minor"))["sum"]
        if notice.refund_minor != share or (kept is not None and kept != notice.paid_minor - share):
            wrong.append(f"notice {notice.pk}: {notice.refund_minor} of {notice.paid_minor}")
        refunds = list_refunds().filter(credit_note__in=notice.credit_notes)
        promised = sum(_alive(each) + each.owed_minor + _sums(each.set_offs, "refund")[each.pk] for each in refunds)
        told = (
            notice.refund_minor
            + notice.besides_minor
            + sum(row.back_minor for row in list_differences(notice).filter(undone=None))
        )
        if promised != told:
            wrong.append(f"notice {notice.pk}: {promised} is to go back of {told}")
    return wrong


def _wrong_kept() -> list[str]:
    """What the bank kept of refunds that came back is a cost to the cent: nothing else of their debit goes with it."""
    kept: dict[int, list[int]] = defaultdict(list)
    came_with, netted = _sums(Refund.objects.all(), "came_back"), _netted()
    for refund in Refund.objects.exclude(debit=None).exclude(came_back=None).select_related("came_back"):
        kept[refund.debit_id].append(-_kept_of(refund.came_back, came_with, netted))
    costs = EntryCost.objects.filter(reason=Noted.KEPT_BY_THE_BANK, reverses=None, reversed_by=None)
    return [f"line {cost.entry_id}: {cost}" for cost in costs if cost.amount_minor not in kept[cost.entry_id]]


def _alive(refund: Refund) -> int:
    return refund.amount_minor if refund.state in {*UNDER_WAY, RefundState.SENT} else 0


def _wrong_promises() -> list[str]:
    """What is promised back is there, or pays what took it; each promise has one clock, whoever takes it over."""
    wrong = []
    for balance in EntryBalance.objects.filter(entry__refunds__isnull=False).distinct():
        owed = [each.owed_minor for each in list_owed(balance.entry_id)]
        if sum(owed) > max(balance.left_minor, 0) or min(owed, default=0) < 0:
            wrong.append(f"entry {balance.entry_id}: {owed} is promised back, {balance.left_minor} is left")
    for row in Allocation.objects.filter(set_offs__isnull=False).distinct():
        if not 0 <= (total := _sums(row.set_offs, "allocation")[row.pk]) <= row.amount_minor:
            wrong.append(f"booking {row.pk}: {total} set off by {row.amount_minor}")
        if total and hasattr(row, "reversed_by"):
            wrong.append(f"booking {row.pk}: {total} set off, and it is taken back")
    running_clocks = Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None)
    clocks = Counter(running_clocks.values_list("subject_id", flat=True))
    for refund in list_refunds().select_related("replaces"):
        running = clocks[str(refund.pk)]
        if running != int(refund.is_open):
            wrong.append(f"refund {refund.pk} is {refund.state}, {refund.owed_minor} owed, {running} clocks run")
        first = refund.replaces or refund
        if (first.due_on, first.credit_note_id) != (refund.due_on, refund.credit_note_id):
            wrong.append(f"refund {refund.pk} keeps another promise than the one that it takes over")
    return wrong


def _wrong_journal() -> list[str]:
    """The accounts of the journal come to what the desk shows."""
    accounts: Counter[tuple[str, str]] = Counter()
    for booking in journal():
        accounts[booking.debit, booking.currency] += booking.minor
        accounts[booking.credit, booking.currency] -= booking.minor
    is_open = sum(row.open_minor for row in InvoiceBalance.objects.all())
    at_bank = BankEntry.objects.filter(status="booked", currency="EUR").aggregate(sum=Sum("amount_minor"))["sum"] or 0
    waits = sum(
        row.left_minor + row.returned_minor
        for row in EntryBalance.objects.filter(entry__currency="EUR", entry__status="booked")
    )
    told = tuple(accounts[name, "EUR"] for name in ("receivables", "bank", "money that waits"))
    wrong = [] if told == (is_open, at_bank, -waits) else [f"the journal says {told}: {is_open}, {at_bank}, {-waits}"]
    return wrong if waits == (shown := _shown_to_wait()) else [*wrong, f"{waits} waits, and pages show {shown}"]


def _shown_to_wait() -> int:
    """Return what waits as pages show it: at its line, on its way, or back before any line showed it leaving."""
    balances = EntryBalance.objects.filter(entry__currency="EUR", entry__status="booked")
    unseen = Q(state__in=UNDER_WAY) | Q(came_back__isnull=False, debit=None)
    on_its_way = Refund.objects.filter(unseen, currency="EUR").aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return sum(row.left_minor for row in balances) + int(on_its_way)


def _wrong_places(world: World) -> list[str]:
    wrong = []
    places = list(Place.objects.all())
    current = PlaceCharge.objects.filter(current=True).select_related("quote", "invoice_line__invoice__balance")
    charged: dict[int, list[PlaceCharge]] = defaultdict(list)
    for charge in current:
        charged[charge.place_id].append(charge)
    lost = set(
        Obligation.objects.filter(
            kind="payment lost", subject_kind=Place._meta.label_lower, met_at=None, dropped_at=None
        ).values_list("subject_id", flat=True)
    )
    for place in places:
        charges = charged[place.pk]
        lines = [charge.invoice_line for charge in charges if charge.invoice_line]
        settled = bool(charges) and all(line.invoice.balance.open_minor == 0 for line in lines)
        sure = place.state == PlaceState.GUARANTEED
        if (place.state in HOLDS_A_SEAT and sure != settled) or sure != (place.guaranteed_at is not None):
            wrong.append(f"place {place.pk} is {place.state}, settled: {settled}")
        if charges and sum(line.net_minor for line in lines) != charges[0].quote.fee_minor:
            wrong.append(f"place {place.pk} is billed for another sum than its fee")
        if sure and str(place.pk) in lost:
            wrong.append(f"place {place.pk} is sure, and its lost payment is still an obligation")
    for counter in SeatCounter.objects.all():
        held = sum(place.state in HOLDS_A_SEAT for place in places if place.edition_id == counter.edition_id)
        if counter.taken != held:
            wrong.append(f"{counter.taken} seats are counted, {held} are held")
    return wrong


def _wrong_numbers() -> list[str]:
    return [
        f"series {series.code} has a gap"
        for series in Series.objects.all()
        if list(series.invoices.order_by("sequence").values_list("sequence", flat=True))
        != list(range(1, series.last_number + 1))
    ]


def _wrong_mails() -> list[str]:
    def mails(*kinds: str) -> int:
        return OutgoingMail.objects.filter(kind__in=kinds).count()

    def events(name: str) -> int:
        return AuditEvent.objects.filter(name=name).count()

    wrong = []
    if mails("enrollment/place_guaranteed", "enrollment/nothing_to_pay") != events("enrollment.place.guaranteed"):
        wrong.append("somebody was not told that the place is sure, or was told twice")
    booked = Allocation.objects.count()
    if events("billing.entry.allocated") + events("billing.allocation.reversed") != booked:
        wrong.append("an allocation is not in the audit trail")
    lost = OutgoingMail.objects.filter(kind__in=["billing/booking_corrected", "billing/payment_lost"])
    keys = lost.values_list("dedupe_key", flat=True)
    losses = {key.split(":")[1] for key in keys}
    if len(losses) > events("billing.allocation.reversed") + Allocation.objects.filter(amount_minor__lt=0).count():
        wrong.append("a payer was told of a loss that was none")
    return wrong
