"""What two files tell of one day: nothing is lost without a word, and nothing comes in twice without a word."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.entering import enter_known
from tests.factories.money import ACCOUNT, billed_place, transfer
from tests.factories.mt940 import message
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryConflict, StatementFile
from chancery.domain.billing.queries.journal import BANK, journal
from chancery.domain.billing.readers import CsvMapping
from chancery.domain.billing.services import importing
from chancery.domain.billing.states import Contest, EntryStatus, FileState, WorkState
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.clock import machine_now
from chancery.interfaces.demo.camt import CamtDetail, CamtEntry, CamtStatement, camt_file
from chancery.journey import reconcile, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 30, 8, 0, tzinfo=UTC)
GIFT = replace(transfer(10_000, text="gift"), bank_reference="")
OTHER = replace(GIFT, amount_cents=5_000)


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@pytest.fixture
def takes(tmp_path: Path, settings: Any, officer: Actor) -> Any:
    """Return what takes a statement in and answers (new, known, contested)."""
    settings.FILES_ROOT, settings.SECOND_FACTOR_REQUIRED = tmp_path / "files", False
    billed_place(make_edition())

    def take(*entries: CamtEntry, content: bytes = b"", **facts: Any) -> tuple[int, int, int]:
        path = tmp_path / "statement"
        path.write_bytes(content or camt_file(CamtStatement(ACCOUNT, entries, **facts)))
        report = settle.import_statement(path, actor=officer, now=NOW)
        return report.new, report.known, report.conflicts

    return take


def booked() -> int:
    """What the journal says is at the bank."""
    told = [row for row in journal() if BANK in (row.debit, row.credit)]
    return sum(row.minor if row.debit == BANK else -row.minor for row in told)


def contested() -> BankEntry:
    return BankEntry.objects.get(status=EntryStatus.CONTESTED)


def test_an_equal_transfer_of_the_next_statement_is_neither_known_nor_new(takes: Any) -> None:
    assert takes(GIFT, statement_id="S1") == (1, 0, 0)
    assert takes(GIFT, statement_id="S2", opening_cents=10_000) == (0, 0, 1)

    assert booked() == 10_000
    assert contested().balance.work_state == WorkState.CONFLICT
    assert EntryConflict.objects.get().why == Contest.ALIKE


def test_a_statement_that_does_not_add_up_is_known_by_its_name_and_balances(takes: Any) -> None:
    facts = {"closing_cents": 77, "statement_id": "S1"}
    takes(GIFT, **facts)

    assert takes(GIFT, **facts, created_at=datetime(2024, 10, 22, tzinfo=UTC)) == (0, 1, 0)
    assert takes(GIFT, **facts | {"closing_cents": 78}) == (0, 0, 1)


def test_a_contested_line_goes_with_an_import_that_died(takes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    takes(GIFT, statement_id="S1")

    def die(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(importing, "accept_file", die)
        takes(GIFT, statement_id="S2", opening_cents=10_000)
    assert contested()
    StatementFile.objects.filter(state=FileState.READING).update(leased_until=machine_now())

    assert takes(GIFT, statement_id="S2", opening_cents=10_000) == (0, 0, 1)

    assert EntryConflict.objects.get().came == contested()


def test_an_equal_transfer_two_statements_later_is_contested_too(takes: Any) -> None:
    takes(GIFT, statement_id="S1")
    takes(OTHER, statement_id="S2", opening_cents=10_000)

    assert takes(GIFT, statement_id="S3", opening_cents=15_000) == (0, 0, 1)


def test_a_contested_line_that_comes_again_is_known(takes: Any) -> None:
    takes(GIFT, statement_id="S1")
    takes(GIFT, statement_id="S2", opening_cents=10_000)

    assert takes(GIFT, statement_id="S2 again", opening_cents=10_000) == (0, 1, 0)


def test_the_whole_day_after_its_pieces_brings_nothing_twice(takes: Any, officer: Actor) -> None:
    takes(GIFT, statement_id="S1")
    takes(GIFT, statement_id="S2", opening_cents=10_000)
    reconcile.count_line(entry_id=contested().pk, reason="two orders", actor=officer, now=NOW)

    assert takes(GIFT, GIFT, statement_id="day") == (0, 1, 1)
    assert booked() == 20_000


def test_mt940_of_the_afternoon_is_told_from_that_of_the_morning(takes: Any) -> None:
    line = (":61:2410211021C100,00NTRFNONREF", ":86:gift")
    morning = message(*line, ":62F:C241021EUR200,00", account=ACCOUNT)
    afternoon = morning.replace(":62F:C241021EUR200,00", ":62F:C241021EUR300,00").replace("EUR100,00", "EUR200,00", 1)

    assert takes(content=morning.encode()) == (1, 0, 0)
    assert takes(content=afternoon.encode()) == (0, 0, 1)


def test_a_csv_without_balances_that_repeats_only_its_likes_is_contested(takes: Any, officer: Actor) -> None:
    bank = CsvMapping(account=ACCOUNT, currency="EUR", booking_date="Day", amount="Sum", remittance=("Text",))
    settle.save_mapping(name="Bank", mapping=bank, actor=officer, now=NOW)
    gift, other = "21/10/2024;100,00;gift", "21/10/2024;50,00;other"
    files = ["\n".join(["Day;Sum;Text", *rows, ""]).encode() for rows in ([gift, other], [other, gift], [gift, ""])]

    assert [takes(content=content) for content in files] == [(2, 0, 0), (0, 2, 0), (0, 0, 1)]


def test_overlapping_files_of_a_bank_that_numbers_its_lines_count_once(takes: Any) -> None:
    first = replace(OTHER, booking_date=date(2024, 10, 16), entry_reference="1")
    second = replace(GIFT, entry_reference="2")
    takes(first, second, statement_id="A")

    assert takes(replace(second, entry_reference="1"), statement_id="B", opening_cents=5_000) == (0, 1, 0)
    again = datetime(2024, 10, 23, 6, tzinfo=UTC)
    assert takes(first, second, statement_id="A", created_at=again) == (0, 2, 0)
    assert booked() == 15_000


@pytest.mark.parametrize("reference", ["BATCH1", ""], ids=["by the bank's reference", "without one"])
@pytest.mark.parametrize("items_first", [False, True], ids=["the sum first", "the items first"])
def test_a_batch_as_a_sum_and_in_parts_counts_once(takes: Any, reference: str, *, items_first: bool) -> None:
    batch = CamtEntry(30_000, date(2024, 10, 17), bank_reference=reference, remittance=("batch",))
    parts = replace(batch, details=tuple(CamtDetail(10_000, remittance=(f"part {n}",)) for n in range(3)))
    files = [parts, batch] if items_first else [batch, parts]

    takes(files[0], statement_id="A")
    new, known, conflicts = takes(files[1], statement_id="A", created_at=datetime(2024, 10, 22, tzinfo=UTC))

    assert (new, known) == (0, 0)
    assert conflicts == (1 if items_first else 3)
    assert booked() == 30_000


def test_what_the_bank_names_apart_is_new_on_any_day(takes: Any) -> None:
    takes(replace(GIFT, bank_reference="B1"), statement_id="A")

    assert takes(replace(GIFT, bank_reference="B2"), statement_id="B", opening_cents=10_000) == (1, 0, 0)
    assert takes(OTHER, statement_id="C", opening_cents=20_000) == (1, 0, 0)


def test_a_line_that_counts_is_matched_as_every_new_one(takes: Any, officer: Actor) -> None:
    place, invoice = billed_place(make_edition())
    fee = replace(transfer(invoice.total_minor, invoice.creditor_reference), bank_reference="")
    takes(replace(fee, reference=""), statement_id="A")
    takes(fee, statement_id="B")
    assert Place.objects.get(pk=place.pk).state == PlaceState.RESERVED

    counted = reconcile.count_line(entry_id=contested().pk, reason="the bank says so", actor=officer, now=NOW)

    assert Place.objects.get(pk=place.pk).state == PlaceState.GUARANTEED
    assert EntryBalance.objects.get(entry=counted).work_state == WorkState.BOOKED
    assert contested().balance.work_state == WorkState.IGNORED
    assert AuditEvent.objects.filter(name="billing.entry.counted").count() == 1


@pytest.mark.parametrize("act", [reconcile.count_line, reconcile.leave_line_out])
def test_a_contested_line_is_decided_once_and_with_a_reason(takes: Any, officer: Actor, act: Any) -> None:
    takes(GIFT, statement_id="S1")
    takes(GIFT, statement_id="S2", opening_cents=10_000)
    line = contested()

    with pytest.raises(reconcile.DecisionNotPossible, match="reason_missing"):
        act(entry_id=line.pk, reason=" ", actor=officer, now=NOW)
    act(entry_id=line.pk, reason="the bank says so", actor=officer, now=NOW)
    stand = booked()
    for again in (reconcile.count_line, reconcile.leave_line_out):
        with pytest.raises(reconcile.DecisionNotPossible, match="decided_before"):
            again(entry_id=line.pk, reason="the bank says so", actor=officer, now=NOW)

    assert booked() == stand == (20_000 if act is reconcile.count_line else 10_000)


def test_the_desk_asks_about_a_contested_line_and_shows_the_one_on_file(takes: Any) -> None:
    takes(GIFT, statement_id="S1")
    takes(GIFT, statement_id="S2", opening_cents=10_000)
    line, first = contested(), BankEntry.objects.get(status=EntryStatus.BOOKED)
    client, _ = enter_known(Role.FINANCE)

    page = client.get(reverse("show-line", args=[line.pk])).content.decode()
    assert "on file already?" in page
    assert reverse("show-line", args=[first.pk]) in page
    assert "Give" not in page
    assert reverse("show-line", args=[line.pk]) in client.get(reverse("list-lines")).content.decode()

    refused = client.post(reverse("leave-line-out", args=[line.pk]), {"reason": ""})
    left = client.post(reverse("leave-line-out", args=[line.pk]), {"reason": "same closing balance"}, follow=True)
    twice = client.post(reverse("count-line", args=[line.pk]), {"reason": "no, it is not"})

    assert (refused.status_code, twice.status_code) == (422, 409)
    assert "Left out" in left.content.decode()
    assert "Somebody has decided about this line already." in twice.content.decode()


def test_the_desk_counts_a_contested_line_and_goes_on_with_what_counts(takes: Any) -> None:
    takes(GIFT, statement_id="S1")
    takes(GIFT, statement_id="S2", opening_cents=10_000)
    client, _ = enter_known(Role.FINANCE)

    shown = client.post(reverse("count-line", args=[contested().pk]), {"reason": "two orders"}, follow=True)

    assert "It counts as money of its own." in shown.content.decode()
    assert "Where does" in shown.content.decode()
    assert booked() == 20_000
