"""From a bank statement to a sure place (promise B2), and back when the money goes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.accounts import make_officer
from tests.factories.money import ACCOUNT, billed_group, billed_place, book, member_council, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.models import (
    Allocation,
    BankAccount,
    BankEntry,
    EntryBalance,
    EntryConflict,
    Invoice,
    InvoiceBalance,
    StatementFile,
)
from chancery.domain.billing.queries.balances import account_gaps
from chancery.domain.billing.queries.bank import list_lines
from chancery.domain.billing.readers import StatementRefused
from chancery.domain.billing.services import importing
from chancery.domain.billing.services.leases import new_token
from chancery.domain.billing.states import EntryStatus, FileState, WorkState
from chancery.domain.enrollment.services.places import lapse_place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.clock import machine_now
from chancery.foundation.files.models import FileRemoval, Purpose, StoredFile
from chancery.foundation.files.storage import path_of
from chancery.foundation.files.uploads import CheckedUpload
from chancery.foundation.mail.models import MailContent
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.demo.camt import CamtStatement, camt_file
from chancery.journey import reconcile, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 18, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


def counts(report: settle.ImportReport) -> dict[str, int]:
    """The keys of the command line contract."""
    keys = ("entries", "new", "known", "ignored", "conflicts", "booked", "suggested", "suspense", "outgoing")
    return {key: getattr(report, key) for key in keys if getattr(report, key)}


def left_of(invoice: Invoice) -> int:
    balance = InvoiceBalance.objects.get(invoice=invoice)
    return balance.total_minor - balance.allocated_minor


def suspended(amount: int, officer: Actor, folder: Path, **more: object) -> BankEntry:
    """Return an entry that waits in suspense."""
    settle.import_statement(statement_file(folder, transfer(amount, **more)), actor=officer, now=NOW)  # type: ignore[arg-type]
    return BankEntry.objects.latest("id")


def test_an_exact_transfer_books_itself_and_makes_the_place_sure(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))

    report = settle.import_statement(path, actor=officer, now=NOW)

    place.refresh_from_db()
    assert counts(report) == {"entries": 1, "new": 1, "booked": 1}
    assert (place.state, place.guaranteed_at) == (PlaceState.GUARANTEED, NOW)
    assert left_of(invoice) == 0
    assert MailContent.objects.filter(mail__kind="enrollment/place_guaranteed", to=place.person.email).count() == 1
    names = {"billing.entry.allocated", "enrollment.place.guaranteed", "billing.statement.accepted"}
    assert names <= set(AuditEvent.objects.values_list("name", flat=True))


def test_the_same_file_again_changes_nothing(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference), transfer(5, text="?", number=2))
    settle.import_statement(path, actor=officer, now=NOW)
    before = (BankEntry.objects.count(), Allocation.objects.count(), AuditEvent.objects.count())

    report = settle.import_statement(path, actor=officer, now=NOW)

    assert counts(report) == {"entries": 2, "known": 2}
    assert (BankEntry.objects.count(), Allocation.objects.count(), AuditEvent.objects.count()) == before


def test_an_overlapping_file_counts_only_what_is_new(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    first = [transfer(100, number=number) for number in range(1, 4)]
    settle.import_statement(statement_file(tmp_path, *first, name="one.xml"), actor=officer, now=NOW)

    later = statement_file(tmp_path, *first[1:], transfer(100, number=9), name="two.xml")
    report = settle.import_statement(later, actor=officer, now=NOW)

    assert counts(report) == {"entries": 3, "new": 1, "known": 2, "suggested": 1}


def test_a_pending_entry_is_kept_but_is_no_money(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    entry = replace(transfer(100_000, invoice.creditor_reference), status="PDNG")

    report = settle.import_statement(statement_file(tmp_path, entry), actor=officer, now=NOW)

    place.refresh_from_db()
    assert counts(report) == {"entries": 1, "ignored": 1}
    assert place.state == PlaceState.RESERVED
    assert EntryBalance.objects.get().work_state == WorkState.IGNORED


def test_a_booked_line_of_no_money_waits_for_nobody(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    told = transfer(0, invoice.creditor_reference)

    settle.import_statement(statement_file(tmp_path, told), actor=officer, now=NOW)

    balance = EntryBalance.objects.get()
    assert (balance.work_state, balance.reasons) == (WorkState.IGNORED, ["no_money"])
    assert not list_lines().exists()


def test_two_equal_transfers_for_one_bill_pay_it_once(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    twins = [transfer(100_000, invoice.creditor_reference, number=number) for number in (1, 2)]

    report = settle.import_statement(statement_file(tmp_path, *twins), actor=officer, now=NOW)

    assert counts(report) == {"entries": 2, "new": 2, "booked": 1, "suspense": 1}
    assert Allocation.objects.count() == 1


def test_the_same_entry_with_another_amount_is_a_conflict(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(statement_file(tmp_path, transfer(100), name="one.xml"), actor=officer, now=NOW)

    changed = statement_file(tmp_path, transfer(200), name="two.xml")
    report = settle.import_statement(changed, actor=officer, now=NOW)

    assert counts(report) == {"entries": 1, "conflicts": 1}
    assert EntryConflict.objects.get().amount_minor == 200
    assert BankEntry.objects.get(status=EntryStatus.BOOKED).amount_minor == 100


def test_a_statement_of_another_account_is_refused_as_a_whole(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    path = tmp_path / "two.xml"
    entries = [transfer(100, number=number) for number in range(500)]
    path.write_bytes(
        camt_file(
            CamtStatement("ES7599990001412024111800", entries, statement_id="ours"),
            CamtStatement("GB33BUKB20201555555555", [transfer(1)], statement_id="theirs"),
        )
    )

    with pytest.raises(StatementRefused, match="GB33BUKB20201555555555"):
        settle.import_statement(path, actor=officer, now=NOW)

    file = StatementFile.objects.get()
    assert (file.state, file.report["code"]) == (FileState.REFUSED, "account_not_ours")
    assert not BankEntry.objects.exists()
    assert AuditEvent.objects.filter(name="billing.statement.refused").count() == 1


def test_a_refused_file_is_taken_once_its_account_is_named(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100), account="GB33BUKB20201555555555")
    with pytest.raises(StatementRefused):
        settle.import_statement(path, actor=officer, now=NOW)

    settle.name_bank_account(number="GB33BUKB20201555555555", currency="EUR", feed="camt.053", actor=officer, now=NOW)

    assert counts(settle.import_statement(path, actor=officer, now=NOW)) == {"entries": 1, "new": 1, "suggested": 1}


def test_a_feed_that_only_announces_books_nothing(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    BankAccount.objects.create(number="ES7599990001412024111800", currency="EUR", feed="mt940")

    assert counts(settle.import_statement(path, actor=officer, now=NOW)) == {"entries": 1, "ignored": 1}


def mt940_file(folder: Path, reference: str, cents: int = 100_000) -> Path:
    amount = f"{cents // 100},{cents % 100:02d}"
    path = folder / "statement.sta"
    path.write_text(
        f":20:S\n:25:ES7599990001412024111800\n:28C:1/1\n:60F:C241017EUR0,\n"
        f":61:2410181018C{amount}NTRFNONREF//BANK-1\n:86:{reference}\n:62F:C241018EUR{amount}\n-\n"
    )
    return path


def test_a_statement_in_mt940_pays_a_bill_and_makes_the_place_sure(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())

    taken = settle.import_statement(mt940_file(tmp_path, invoice.creditor_reference), actor=officer, now=NOW)

    assert counts(taken) == {"entries": 1, "new": 1, "booked": 1}
    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED


def test_a_damaged_statement_that_does_not_add_up_books_nothing_by_itself(officer: Actor, tmp_path: Path) -> None:
    """Found by the fuzz: a tag was broken, and a transfer took the reference of the one after it."""
    _, invoice = billed_place(make_edition())
    path = mt940_file(tmp_path, invoice.creditor_reference)
    lost = f":86:nobody\n:C1:2410181018C7,00NTRFNONREF//BANK-2\n:86:{invoice.creditor_reference}"
    whole = path.read_text().replace(f":86:{invoice.creditor_reference}", lost.replace(":86:nobody", ":C6:nobody"))
    path.write_text(whole.replace("C241018EUR1000,00", "C241018EUR1007,00"))

    taken = settle.import_statement(path, actor=officer, now=NOW)

    assert counts(taken) == {"entries": 1, "new": 1, "suggested": 1}


def test_the_first_complete_statement_says_which_kind_books_an_account(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody", cents=100), actor=officer, now=NOW)

    again = settle.import_statement(
        statement_file(tmp_path, transfer(100_000, invoice.creditor_reference)), actor=officer, now=NOW
    )

    assert BankAccount.objects.get().feed == "mt940"
    assert counts(again) == {"entries": 1, "ignored": 1}


def test_a_notification_is_seen_and_books_nothing(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    told = path.read_bytes().replace(b"camt.053", b"camt.054").replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
    path.write_bytes(told.replace(b"Stmt>", b"Ntfctn>"))

    assert counts(settle.import_statement(path, actor=officer, now=NOW)) == {"entries": 1, "ignored": 1}
    assert BankAccount.objects.get().feed == ""


def change_feed(officer: Actor, feed: str, from_on: date | None) -> BankAccount:
    return settle.name_bank_account(number=ACCOUNT, currency="EUR", feed=feed, from_on=from_on, actor=officer, now=NOW)


@pytest.mark.parametrize(("from_on", "reason"), [(None, "feed_from_missing"), (date(2024, 10, 18), "feed_from_booked")])
def test_another_kind_books_from_a_day_after_the_last_money(
    officer: Actor, tmp_path: Path, from_on: date | None, reason: str
) -> None:
    billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody"), actor=officer, now=NOW)

    with pytest.raises(settle.FeedNotPossible, match=reason):
        change_feed(officer, "camt.053", from_on)

    assert BankAccount.objects.get().feed == "mt940"


def test_each_kind_books_its_own_days_and_the_other_is_seen(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody"), actor=officer, now=NOW)
    change_feed(officer, "camt.053", date(2024, 10, 19))
    days = [date(2024, 10, day) for day in (18, 19)]
    both = [transfer(100_000, text="nobody", number=day.day, booking_date=day) for day in days]

    new = settle.import_statement(statement_file(tmp_path, *both), actor=officer, now=NOW)
    old = mt940_file(tmp_path, "somebody", cents=300)
    old.write_text(old.read_text().replace("241018", "241019").replace("1018C", "1019C"))
    late = settle.import_statement(old, actor=officer, now=NOW)

    assert counts(new) == {"entries": 2, "new": 1, "ignored": 1, "suggested": 1}
    assert counts(late) == {"entries": 1, "ignored": 1}
    assert [file.report["announced"] for file in StatementFile.objects.order_by("pk")] == [0, 1, 1]
    assert BankEntry.objects.filter(status="booked").count() == 2
    assert AuditEvent.objects.filter(name="billing.account.feed_changed").count() == 1


def test_an_old_statement_of_the_old_kind_still_books_after_the_change(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody"), actor=officer, now=NOW)
    change_feed(officer, "camt.053", date(2024, 10, 21))
    change_feed(officer, "csv", date(2024, 10, 25))
    old = mt940_file(tmp_path, "somebody", cents=300)
    old.write_text(old.read_text().replace("241018", "241020").replace("1018C", "1020C"))

    assert counts(settle.import_statement(old, actor=officer, now=NOW))["new"] == 1


def test_a_file_that_was_read_before_another_kind_took_the_account_over_is_refused_and_read_anew(
    officer: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody"), actor=officer, now=NOW)
    late, accept = mt940_file(tmp_path, "somebody", cents=300), importing.accept_file
    late.write_text(late.read_text().replace("241018", "241020").replace("1018C", "1020C"))

    def accepted_late(**words: Any) -> StatementFile:
        change_feed(officer, "camt.053", date(2024, 10, 19))
        monkeypatch.undo()
        return accept(**words)

    monkeypatch.setattr(importing, "accept_file", accepted_late)
    with pytest.raises(StatementRefused, match="another kind of file books account"):
        settle.import_statement(late, actor=officer, now=NOW)
    assert BankEntry.objects.count() == 1

    assert counts(settle.import_statement(late, actor=officer, now=NOW)) == {"entries": 1, "ignored": 1}


@pytest.mark.parametrize(
    "changes",
    [[("camt.053", 25), ("mt940", 21)], [("camt.053", 19), ("mt940", 19)], [("camt.053", 25), ("csv", 21)]],
    ids=["back from an earlier day", "back on the same day", "on from an earlier day"],
)
def test_a_change_that_is_changed_again_books_no_money_twice(
    officer: Actor, tmp_path: Path, changes: list[tuple[str, int]]
) -> None:
    billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody"), actor=officer, now=NOW)
    for feed, day in changes:
        change_feed(officer, feed, date(2024, 10, day))

    again = transfer(100_000, text="nobody", number=18, booking_date=date(2024, 10, 18))
    told = settle.import_statement(statement_file(tmp_path, again), actor=officer, now=NOW)
    old = mt940_file(tmp_path, "somebody", cents=300)
    old.write_text(old.read_text().replace("241018", "241016").replace("1018C", "1016C").replace("241017", "241015"))
    late = settle.import_statement(old, actor=officer, now=NOW)

    assert counts(told) == {"entries": 1, "ignored": 1}
    assert counts(late)["new"] == 1


def test_money_of_days_that_no_kind_of_file_books_is_a_gap(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    settle.import_statement(mt940_file(tmp_path, "nobody"), actor=officer, now=NOW)
    change_feed(officer, "camt.053", date(2024, 10, 21))
    told = [transfer(sum_, number=day, booking_date=date(2024, 10, day)) for sum_, day in [(50_000, 19), (30_000, 21)]]
    path = tmp_path / "after.xml"
    path.write_bytes(camt_file(CamtStatement(ACCOUNT, tuple(told), statement_id="after", opening_cents=100_000)))

    settle.import_statement(path, actor=officer, now=NOW)

    assert [gap.gap_minor for gap in account_gaps().values()] == [50_000]


def test_another_import_has_to_wait_its_turn(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    one = statement_file(tmp_path, transfer(1), name="one.xml")
    settle.import_statement(one, actor=officer, now=NOW)
    StatementFile.objects.update(
        state=FileState.READING, lease_token=new_token(), leased_until=machine_now() + timedelta(minutes=1)
    )
    two = statement_file(tmp_path, transfer(2, number=2), name="two.xml")

    with pytest.raises(settle.ImportRunning):
        settle.import_statement(two, actor=officer, now=NOW, patience=timedelta(0))
    assert copies_kept() == (1, 1)


def copies_kept() -> tuple[int, int]:
    """How many statements are kept, as rows and as bytes."""
    kept = StoredFile.objects.filter(purpose=Purpose.STATEMENT)
    return kept.count(), sum(path_of(file).exists() for file in kept)


def test_a_file_that_is_refused_again_is_kept_once(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100), account="GB33BUKB20201555555555")

    for _ in range(2):
        with pytest.raises(StatementRefused):
            settle.import_statement(path, actor=officer, now=NOW)

    assert copies_kept() == (1, 1)
    assert not FileRemoval.objects.exists()


def test_an_import_that_died_is_dropped_by_the_next_one(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    entries = [transfer(100_000, invoice.creditor_reference), transfer(5, number=2)]
    path = statement_file(tmp_path, *entries)
    other = transfer(7, number=7, booking_date=date(2024, 10, 16))
    settle.import_statement(statement_file(tmp_path, other, name="o.xml"), actor=officer, now=NOW)

    class Killed(BaseException):
        """As if the machine stopped."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "accept_file", die)
        with pytest.raises(Killed):
            settle.import_statement(path, actor=officer, now=NOW)
    assert BankEntry.objects.count() == 3
    StatementFile.objects.filter(state=FileState.READING).update(leased_until=machine_now())

    assert settle.files_wait()
    report = settle.import_statement(path, actor=officer, now=NOW)

    assert counts(report) == {"entries": 2, "new": 2, "booked": 1, "suspense": 1}
    assert not settle.files_wait()


def test_matching_that_was_interrupted_is_finished_by_the_worker(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settle, "settle_accepted_files", lambda **_: 0)
        settle.import_statement(path, actor=officer, now=NOW)
    assert settle.files_wait()

    assert settle.settle_accepted_files(now=NOW) == 1

    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    assert not settle.files_wait()


def test_a_part_does_not_guarantee_and_the_rest_does(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    entry = suspended(100_000, officer, tmp_path)
    words = {"invoice_id": invoice.pk, "reason": "Accra told us by mail", "actor": officer, "now": NOW}

    book(entry_id=entry.pk, amount_minor=60_000, **words)  # type: ignore[arg-type]
    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED
    assert "EUR 400.00 is missing" in MailContent.objects.get(mail__kind="billing/part_payment").subject

    book(entry_id=entry.pk, amount_minor=40_000, **words)  # type: ignore[arg-type]
    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    assert EntryBalance.objects.get(entry=entry).work_state == WorkState.BOOKED


@pytest.mark.parametrize(
    ("amount", "reason"),
    [(100_001, "more_than_open"), (0, "wrong_direction"), (-1, "wrong_direction"), (200_000, "more_than_left")],
)
def test_money_that_does_not_fit_is_refused(officer: Actor, tmp_path: Path, amount: int, reason: str) -> None:
    _, invoice = billed_place(make_edition())
    entry = suspended(150_000, officer, tmp_path)

    with pytest.raises(reconcile.AllocationNotPossible) as refused:
        book(entry_id=entry.pk, invoice_id=invoice.pk, amount_minor=amount, reason="x", actor=officer, now=NOW)

    assert refused.value.ruling.reasons == (reason,)
    assert left_of(invoice) == 100_000


def test_another_currency_is_never_booked(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    entry = suspended(100_000, officer, tmp_path, reference=invoice.creditor_reference, currency="USD")

    assert EntryBalance.objects.get(entry=entry).work_state == WorkState.SUSPENSE
    with pytest.raises(reconcile.AllocationNotPossible):
        book(entry_id=entry.pk, invoice_id=invoice.pk, amount_minor=100_000, reason="x", actor=officer, now=NOW)


def test_taking_an_allocation_back_makes_the_place_unsure(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    settle.import_statement(path, actor=officer, now=NOW)
    allocation = Allocation.objects.get()

    reconcile.take_back(allocation_id=allocation.pk, reason="wrong bill", actor=officer, now=NOW)

    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED
    assert left_of(invoice) == 100_000
    assert [row.amount_minor for row in Allocation.objects.order_by("id")] == [100_000, -100_000]
    assert Obligation.objects.get(met_at=None).kind == "payment lost"
    told = MailContent.objects.filter(mail__kind="billing/booking_corrected").order_by("pk")
    assert list(told.values_list("to", flat=True)) == [invoice.party.email, place.person.email]
    assert "do not pay again" in told[0].text
    with pytest.raises(reconcile.AllocationNotPossible):
        reconcile.take_back(allocation_id=allocation.pk, reason="again", actor=officer, now=NOW)


def test_a_payment_that_the_bank_takes_back_exactly_books_itself(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    came = transfer(100_000, invoice.creditor_reference)
    gone = replace(transfer(-100_000, invoice.creditor_reference, number=2), reversal=True)

    report = settle.import_statement(statement_file(tmp_path, came, gone), actor=officer, now=NOW)

    place.refresh_from_db()
    assert counts(report) == {"entries": 2, "new": 2, "booked": 2}
    assert place.state == PlaceState.RESERVED
    assert left_of(invoice) == 100_000
    assert [row.amount_minor for row in Allocation.objects.order_by("id")] == [100_000, -100_000]
    assert Obligation.objects.get(met_at=None).kind == "payment lost"


@pytest.mark.parametrize("cents", [-99_999, -100_001])
def test_a_return_of_another_sum_waits_for_an_officer(officer: Actor, tmp_path: Path, cents: int) -> None:
    place, invoice = billed_place(make_edition())
    came = transfer(100_000, invoice.creditor_reference)
    gone = replace(transfer(cents, invoice.creditor_reference, number=2), reversal=True)
    settle.import_statement(statement_file(tmp_path, came, gone), actor=officer, now=NOW)
    debit = BankEntry.objects.get(amount_minor__lt=0)
    assert EntryBalance.objects.get(entry=debit).reasons == ["reversal"]
    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED

    amount = max(cents, -100_000)
    book(entry_id=debit.pk, invoice_id=invoice.pk, amount_minor=amount, reason="returned", actor=officer, now=NOW)

    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED
    assert left_of(invoice) == -amount


def test_a_booking_that_a_return_rests_on_cannot_be_undone(officer: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    came = transfer(100_000, invoice.creditor_reference)
    settle.import_statement(
        statement_file(tmp_path, came, transfer(-100_000, number=2, reversal=True)), actor=officer, now=NOW
    )
    first, debit = Allocation.objects.get(), BankEntry.objects.get(amount_minor__lt=0)
    book(entry_id=debit.pk, invoice_id=invoice.pk, amount_minor=-100_000, reason="returned", actor=officer, now=NOW)

    with pytest.raises(reconcile.AllocationNotPossible) as refused:
        reconcile.take_back(allocation_id=first.pk, reason="too late", actor=officer, now=NOW)

    assert refused.value.ruling.reasons == ("money_moved_on",)
    assert left_of(invoice) == 100_000


def test_a_return_cannot_be_undone_once_the_bill_is_paid_again(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    came = transfer(100_000, invoice.creditor_reference)
    settle.import_statement(statement_file(tmp_path, came, transfer(-100_000, number=2)), actor=officer, now=NOW)
    debit = BankEntry.objects.get(amount_minor__lt=0)
    gone = book(
        entry_id=debit.pk, invoice_id=invoice.pk, amount_minor=-100_000, reason="returned", actor=officer, now=NOW
    )
    again = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference, number=3), name="later.xml")
    settle.import_statement(again, actor=officer, now=NOW)

    with pytest.raises(reconcile.AllocationNotPossible):
        reconcile.take_back(allocation_id=gone.allocation.pk, reason="mistake", actor=officer, now=NOW)

    place.refresh_from_db()
    assert place.state == PlaceState.GUARANTEED
    assert left_of(invoice) == 0


def test_money_for_a_place_that_lapsed_waits_for_a_person(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    lapse_place(place_id=place.pk, reason="overdue", actor=officer, now=NOW)

    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    report = settle.import_statement(path, actor=officer, now=NOW)

    assert counts(report) == {"entries": 1, "new": 1, "suspense": 1}
    assert "place_ended" in EntryBalance.objects.get().reasons


def test_the_database_refuses_more_than_an_entry_holds(officer: Actor, tmp_path: Path) -> None:
    billed_place(make_edition())
    entry = suspended(100, officer, tmp_path)

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryBalance.objects.filter(entry=entry).update(allocated_minor=101)


def test_who_sent_many_proofs_of_a_bill_keeps_no_colleague_from_sending_one(officer: Actor) -> None:
    _, invoice = billed_place(make_edition())
    upload = CheckedUpload(b"x", content_type="application/pdf", name="p.pdf")
    for _ in range(10):
        settle.keep_proof(invoice=invoice, upload=upload, actor=officer, now=NOW)

    with pytest.raises(settle.TooManyProofs):
        settle.keep_proof(invoice=invoice, upload=upload, actor=officer, now=NOW)
    settle.keep_proof(invoice=invoice, upload=upload, actor=user_actor(make_officer(Role.DELIVERY).pk), now=NOW)

    assert invoice.proofs.count() == 11


def test_a_proof_of_transfer_is_not_payment(officer: Actor, tmp_path: Path) -> None:
    place, invoice = billed_place(make_edition())
    upload = CheckedUpload(b"x", content_type="application/pdf", name="p.pdf")

    settle.keep_proof(invoice=invoice, upload=upload, actor=officer, now=NOW)

    place.refresh_from_db()
    assert place.state == PlaceState.RESERVED
    assert left_of(invoice) == 100_000
    assert InvoiceBalance.objects.get(invoice=invoice).proof_seen_at == NOW


def test_a_bill_for_a_group_makes_all_its_places_sure_or_none(officer: Actor, tmp_path: Path) -> None:
    places, invoice = billed_group(make_edition(), member_council())
    entry = suspended(180_000, officer, tmp_path)
    words = {"invoice_id": invoice.pk, "reason": "one transfer", "actor": officer, "now": NOW}

    book(entry_id=entry.pk, amount_minor=90_000, **words)  # type: ignore[arg-type]
    assert {type(place).objects.get(pk=place.pk).state for place in places} == {PlaceState.RESERVED}
    book(entry_id=entry.pk, amount_minor=90_000, **words)  # type: ignore[arg-type]
    assert {type(place).objects.get(pk=place.pk).state for place in places} == {PlaceState.GUARANTEED}
