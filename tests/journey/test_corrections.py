"""The bank tells another sum of a line on file: the difference becomes a line of its own, and everything adds up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.factories.entering import enter_known
from tests.factories.money import ACCOUNT, billed_place, book, statement_file, transfer
from tests.factories.programme import make_edition
from tests.journey.test_contested_lines import NOW, booked
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryConflict, Invoice
from chancery.domain.billing.policies.correcting import set_against
from chancery.domain.billing.queries.bank import list_lines
from chancery.domain.billing.states import Contest, EntryStatus, WorkState
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.models import AuditEvent
from chancery.interfaces.demo.camt import CamtStatement, camt_file
from chancery.journey import reconcile, settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT, settings.SECOND_FACTOR_REQUIRED = tmp_path / "files", False


@world
def place() -> Place:
    return billed_place(make_edition())[0]


def told(folder: Path, *sums: int, reference: str = "") -> list[BankEntry]:
    """Take in a statement each for what the bank says of one transfer; return the line on file and those that came."""
    for number, minor in enumerate(sums):
        entry = replace(transfer(minor, reference, text="gift"), bank_reference="B1")
        settle.import_statement(statement_file(folder, entry, name=f"{number}.xml"), actor=SYSTEM, now=NOW)
    return list(BankEntry.objects.order_by("pk"))


def correct(line: BankEntry) -> BankEntry:
    return reconcile.correct_line(entry_id=line.pk, reason="the bank says so", actor=SYSTEM, now=NOW).line


def undo(line: BankEntry) -> BankEntry:
    return reconcile.undo_correction(entry_id=line.pk, reason="it was another one", actor=SYSTEM, now=NOW).line


def stand(line: BankEntry) -> tuple[int, str]:
    balance = EntryBalance.objects.get(entry=line)
    return balance.left_minor, balance.work_state


def paid(folder: Path, place: Place) -> tuple[Invoice, list[BankEntry]]:
    """Return a bill that is paid by a line which the bank then says was 100 less."""
    bill = Invoice.objects.get()
    lines = told(folder, bill.total_minor, bill.total_minor - 10_000, reference=bill.creditor_reference)
    assert Place.objects.get(pk=place.pk).state == PlaceState.GUARANTEED
    return bill, lines


@pytest.mark.parametrize(
    ("difference", "left", "borne"),
    [(-100, 300, -100), (-100, 60, -60), (-100, 0, 0), (100, 300, 0), (100, -60, 60), (-100, -60, -100)],
)
def test_a_line_bears_what_is_left_of_it_the_other_way_round_and_a_debit_what_more_left(
    difference: int, left: int, borne: int
) -> None:
    assert set_against(difference, left) == borne


def test_money_that_waits_bears_the_difference_itself(place: Place, tmp_path: Path) -> None:
    first, came = told(tmp_path, 100_000, 90_000)
    assert booked() == 100_000

    line = correct(came)

    assert (line.amount_minor, stand(line)) == (-10_000, (0, WorkState.BOOKED))
    assert stand(first)[0] == 90_000
    assert booked() == 90_000
    assert EntryBalance.objects.get(entry=came).work_state == WorkState.IGNORED
    assert AuditEvent.objects.filter(name="billing.entry.corrected").count() == 1


def test_money_that_is_booked_leaves_the_difference_to_a_person(place: Place, tmp_path: Path) -> None:
    bill, (first, came) = paid(tmp_path, place)

    line = correct(came)

    assert stand(first) == (0, WorkState.BOOKED)
    assert stand(line) == (-10_000, WorkState.OUTGOING)
    assert line in list_lines()
    book(entry_id=line.pk, invoice_id=bill.pk, amount_minor=-10_000, reason="corrected", actor=SYSTEM, now=NOW)
    assert Place.objects.get(pk=place.pk).state == PlaceState.RESERVED
    assert booked() == bill.total_minor - 10_000


def test_a_larger_sum_adds_money_that_waits(place: Place, tmp_path: Path) -> None:
    _, came = told(tmp_path, 90_000, 100_000)

    line = correct(came)

    assert stand(line) == (10_000, WorkState.SUGGESTED)
    assert booked() == 100_000


def test_the_next_sum_is_told_from_what_counts_by_then(place: Place, tmp_path: Path) -> None:
    first, came = told(tmp_path, 100_000, 90_000)
    correct(came)
    again = told(tmp_path, 100_000, 90_000, 85_000)[-1]
    assert (again.status, EntryConflict.objects.get(came=again).entry) == (EntryStatus.CONTESTED, first)

    assert correct(again).amount_minor == -5_000
    assert booked() == 85_000


def test_a_correction_is_taken_back_by_an_opposite_line(place: Place, tmp_path: Path) -> None:
    first, came = told(tmp_path, 100_000, 90_000)
    line = correct(came)

    opposite = undo(line)

    assert (opposite.amount_minor, stand(opposite)) == (10_000, (0, WorkState.BOOKED))
    assert (stand(first)[0], stand(line)) == (100_000, (0, WorkState.BOOKED))
    assert booked() == 100_000
    assert EntryBalance.objects.get(entry=came).work_state == WorkState.CONFLICT
    with pytest.raises(reconcile.DecisionNotPossible, match="already_taken_back"):
        undo(line)
    assert correct(came).amount_minor == -10_000


def test_a_correction_that_was_booked_is_not_taken_back(place: Place, tmp_path: Path) -> None:
    bill, (_, came) = paid(tmp_path, place)
    line = correct(came)
    book(entry_id=line.pk, invoice_id=bill.pk, amount_minor=-10_000, reason="corrected", actor=SYSTEM, now=NOW)

    with pytest.raises(reconcile.DecisionNotPossible, match="correction_used"):
        undo(line)


def test_a_line_of_the_same_sum_is_no_correction(place: Place, tmp_path: Path) -> None:
    came = told(tmp_path, 100_000, 90_000)[1]
    EntryConflict.objects.update(why=Contest.ALIKE)

    with pytest.raises(reconcile.DecisionNotPossible, match="no_correction"):
        correct(came)


def test_a_line_that_nobody_contests_corrects_nothing(tmp_path: Path) -> None:
    billed_place(make_edition())
    (line,) = told(tmp_path, 100_000)

    with pytest.raises(reconcile.DecisionNotPossible, match="no_correction"):
        correct(line)


def test_what_the_day_tells_later_is_not_compared_with_a_difference(place: Place, tmp_path: Path) -> None:
    came = told(tmp_path, 100_000, 90_000)[1]
    correct(came)
    other = replace(transfer(-10_000, text="gift"), bank_reference="")
    path = tmp_path / "other.xml"
    path.write_bytes(camt_file(CamtStatement(ACCOUNT, [other], opening_cents=90_000)))

    report = settle.import_statement(path, actor=SYSTEM, now=NOW)

    assert (report.new, report.conflicts) == (1, 0)


def test_the_desk_corrects_a_line_and_takes_it_back(place: Place, tmp_path: Path) -> None:
    first, came = told(tmp_path, 100_000, 90_000)
    client, _ = enter_known(Role.FINANCE)
    assert "take the difference off" in client.get(reverse("show-line", args=[came.pk])).content.decode()

    asked = client.post(reverse("correct-line", args=[came.pk]), {"reason": ""})
    shown = client.post(reverse("correct-line", args=[came.pk]), {"reason": "a letter of the bank"}, follow=True)
    line = BankEntry.objects.latest("pk")
    of_first = client.get(reverse("show-line", args=[first.pk])).content.decode()
    back = client.post(reverse("undo-correction", args=[line.pk]), {"reason": "wrong line"}, follow=True)
    nothing = client.post(reverse("undo-correction", args=[first.pk]), {"reason": "wrong line"})

    assert asked.status_code == 422
    assert "The difference is a line of its own now." in shown.content.decode()
    assert "Corrected by the bank" in of_first
    assert "The correction is taken back." in back.content.decode()
    assert nothing.status_code == 404


def test_a_correction_is_taken_back_only_after_those_that_came_later(place: Place, tmp_path: Path) -> None:
    _, came, again = told(tmp_path, 100_000, 90_000, 80_000)
    first, later = correct(came), correct(again)

    with pytest.raises(reconcile.DecisionNotPossible, match="later_correction"):
        undo(first)
    undo(later)
    undo(first)

    assert booked() == 100_000
