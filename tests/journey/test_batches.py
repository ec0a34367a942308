"""One booked sum of several payments: the notification says whose they are, whichever file comes first."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW, make_officer
from tests.factories.money import ACCOUNT, billed_place
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import Allocation, BankEntry, BatchItem, Invoice
from chancery.domain.billing.services.allocating import AllocationNotPossible
from chancery.domain.billing.states import EntryStatus, WorkState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.interfaces.demo.camt import CamtDetail, CamtEntry, CamtStatement, camt_file
from chancery.journey import reconcile, settle

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def officer() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@world
def bills() -> list[Invoice]:
    edition = make_edition()
    return [billed_place(edition)[1] for _ in range(2)]


def booked_sum(folder: Path, bills: list[Invoice], reference: str = "BATCH-1") -> Path:
    """A statement with one sum and no word of whose it is."""
    return written(folder, CamtEntry(sum(bill.total_minor for bill in bills), DAY, bank_reference=reference), "booked")


def notification(folder: Path, bills: list[Invoice], reference: str = "BATCH-1", name: str = "told") -> Path:
    """The same sum with its items."""
    items = [
        CamtDetail(bill.total_minor, payer_name=f"CITY {place}", reference=bill.creditor_reference)
        for place, bill in enumerate(bills)
    ]
    total = sum(bill.total_minor for bill in bills)
    path = written(folder, CamtEntry(total, DAY, bank_reference=reference, details=tuple(items)), name)
    told = path.read_bytes().replace(b"camt.053", b"camt.054").replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
    path.write_bytes(told.replace(b"Stmt>", b"Ntfctn>"))
    return path


def written(folder: Path, entry: CamtEntry, name: str) -> Path:
    path = folder / f"{name}.xml"
    path.write_bytes(camt_file(CamtStatement(ACCOUNT, [entry], statement_id=name)))
    return path


def take_in(actor: Actor, *paths: Path) -> None:
    for path in paths:
        settle.import_statement(path, actor=actor, now=NOW)


def the_sum() -> BankEntry:
    return BankEntry.objects.select_related("balance").get(status=EntryStatus.BOOKED)


@pytest.mark.parametrize("announced_first", [True, False], ids=["announced first", "booked first"])
def test_the_items_are_joined_with_the_sum_in_either_order(
    announced_first: bool, officer: Actor, bills: list[Invoice], tmp_path: Path
) -> None:
    paths = [notification(tmp_path, bills), booked_sum(tmp_path, bills)]

    take_in(officer, *(paths if announced_first else reversed(paths)))

    assert [item.announced.creditor_references for item in the_sum().items.order_by("pk")] == [
        [bill.creditor_reference] for bill in bills
    ]
    assert (the_sum().balance.work_state, Allocation.objects.count()) == (WorkState.SUSPENSE, 0)


def test_the_same_notification_twice_changes_nothing(officer: Actor, bills: list[Invoice], tmp_path: Path) -> None:
    take_in(officer, booked_sum(tmp_path, bills), notification(tmp_path, bills))
    before = list(BatchItem.objects.values_list("entry", "announced"))

    take_in(officer, notification(tmp_path, bills, name="again"), booked_sum(tmp_path, bills))

    assert list(BatchItem.objects.values_list("entry", "announced")) == before


def test_another_batch_of_the_day_explains_nothing(officer: Actor, bills: list[Invoice], tmp_path: Path) -> None:
    take_in(officer, booked_sum(tmp_path, bills), notification(tmp_path, bills, reference="BATCH-2"))

    assert not BatchItem.objects.exists()


def test_each_item_is_booked_from_the_one_line(
    officer: Actor, bills: list[Invoice], tmp_path: Path, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    take_in(officer, booked_sum(tmp_path, bills), notification(tmp_path, bills))
    client, line = Client(), the_sum()
    client.force_login(make_officer(Role.FINANCE))
    page = client.get(reverse("show-line", args=[line.pk])).content.decode()
    assert ("CITY 0" in page, "CITY 1" in page, "2 items, as announced" in page) == (True, True, True)

    for bill in bills:
        line = the_sum()
        told = {
            "left": line.balance.left_minor,
            "invoice": bill.pk,
            f"open-{bill.pk}": bill.total_minor,
            "amount": str(bill.total_minor // 100),
            "reason": "announced item",
        }
        assert client.post(reverse("book-line", args=[line.pk]), told).status_code == 302

    assert the_sum().balance.work_state == WorkState.BOOKED
    for bill in bills:
        bill.balance.refresh_from_db()
        assert bill.balance.allocated_minor == bill.total_minor
    assert client.get(reverse("show-line", args=[line.pk])).content.decode().count("booked</") >= 2


def test_items_never_come_to_more_than_the_sum(officer: Actor, bills: list[Invoice], tmp_path: Path) -> None:
    take_in(officer, booked_sum(tmp_path, bills[:1] * 1), notification(tmp_path, bills))
    parts = [reconcile.Part(bill.pk, bill.total_minor) for bill in bills]

    with pytest.raises(AllocationNotPossible) as refused:
        reconcile.book_line(entry_id=the_sum().pk, parts=parts, reason="items", actor=officer, now=NOW)

    assert refused.value.ruling.reasons == ("more_than_left",)


def test_an_announced_item_belongs_to_one_sum(officer: Actor, bills: list[Invoice], tmp_path: Path) -> None:
    take_in(officer, booked_sum(tmp_path, bills), notification(tmp_path, bills))
    item = BatchItem.objects.earliest("pk")

    with pytest.raises(IntegrityError), transaction.atomic():
        BatchItem.objects.create(entry=item.entry, announced=item.announced)
    with pytest.raises(IntegrityError, match="batch_item_is_another_line"), transaction.atomic():
        BatchItem.objects.create(entry=item.entry, announced=item.entry)
    with pytest.raises(Exception, match="written once"), transaction.atomic():
        BatchItem.objects.update(entry=item.announced)
