"""Reminders before the due day and the release of unpaid places are settings, off by default."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.accounts import make_officer
from tests.factories.money import billed_group, billed_place, book, member_council, statement_file, transfer
from tests.factories.programme import make_edition
from tests.journey.test_choose import next_of
from tests.journey.test_shares import FIVE_HUNDRED

from chancery.domain.billing.models import (
    BankEntry,
    EntryBalance,
    Invoice,
    InvoiceBalance,
    ProofOfTransfer,
    StatementFile,
)
from chancery.domain.billing.states import WorkState
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.enrollment.services.places import lapse_place
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import SYSTEM, user_actor
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.mail.models import MailContent, OutgoingMail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.obligations.queries import earliest_due
from chancery.journey import choose, reconcile, remind, settle, shares

pytestmark = pytest.mark.django_db
DUE = datetime(2024, 11, 4, 9, 0, tzinfo=UTC)  # admitted on 11 October, due 24 days later


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def a_bill(setting: str = "") -> tuple[Place, Invoice]:
    """Return a reserved place and its open bill, in an edition with this line in its invoice settings."""
    place, invoice = billed_place(make_edition())
    set_of_invoices(place.edition, setting)
    return place, invoice


def set_of_invoices(edition: Edition, setting: str) -> None:
    newest = EditionRevision.objects.filter(edition=edition).latest("id")
    content = bytes(newest.content).replace(b"[invoice]\n", f"[invoice]\n{setting}\n".encode())
    EditionRevision.objects.create(edition=edition, content=content, sha256=str(edition.pk), loaded_at=DUE)


def moved(place: Place, target: Edition, *, at: datetime) -> Place:
    """Return the place in a later edition that the holder of this one chose."""
    lead = user_actor(make_officer(Role.EDITION_LEAD).pk)
    answer_by = at.date() + timedelta(days=7)
    choose.ask_everybody(
        edition_id=place.edition_id, target_id=target.pk, answer_by=answer_by, note="No hall.", actor=lead, now=at
    )
    return choose.take_next_edition(place_id=place.pk, actor=lead, now=at)


def subjects() -> list[str]:
    return list(MailContent.objects.order_by("id").values_list("subject", flat=True))


def state_of(place: Place) -> str:
    return Place.objects.get(pk=place.pk).state


def test_nothing_is_reminded_or_released_unless_the_edition_says_so() -> None:
    place, _ = a_bill()

    assert remind.remind_of_payments(now=DUE - timedelta(days=3)) == 0
    assert remind.release_unpaid_places(now=DUE + timedelta(days=15)) == 0
    assert state_of(place) == PlaceState.RESERVED


def test_a_payer_is_reminded_once_before_the_due_day() -> None:
    _, invoice = a_bill("remind_days_before = 7")

    assert remind.remind_of_payments(now=DUE - timedelta(days=8)) == 0
    assert remind.remind_of_payments(now=DUE - timedelta(days=7)) == 1
    assert remind.remind_of_payments(now=DUE - timedelta(days=6)) == 0
    assert subjects()[-1] == f"Payment due Monday 4 November 2024: {invoice.number}"


def test_a_paid_bill_is_not_reminded(tmp_path: Path) -> None:
    _, invoice = a_bill("remind_days_before = 7")
    settle.import_statement(
        statement_file(tmp_path, transfer(100_000, invoice.creditor_reference)), actor=SYSTEM, now=DUE
    )

    assert remind.remind_of_payments(now=DUE - timedelta(days=3)) == 0


def test_an_unpaid_place_is_released_after_the_days_of_the_setting_and_its_seat_is_free() -> None:
    place, _ = a_bill("release_days_after = 7")

    assert remind.release_unpaid_places(now=DUE + timedelta(days=7)) == 0
    assert remind.release_unpaid_places(now=DUE + timedelta(days=8)) == 1
    assert remind.release_unpaid_places(now=DUE + timedelta(days=9)) == 0
    assert state_of(place) == PlaceState.LAPSED
    assert SeatCounter.objects.get().taken == 0
    assert subjects()[-1] == "Your place was released"


def test_a_released_place_owes_nothing_and_money_that_comes_later_is_kept_to_go_back(tmp_path: Path) -> None:
    _, invoice = a_bill("release_days_after = 7")
    remind.release_unpaid_places(now=DUE + timedelta(days=8))

    late = transfer(invoice.total_minor, invoice.creditor_reference)
    settle.import_statement(statement_file(tmp_path, late), actor=SYSTEM, now=DUE + timedelta(days=9))

    balance = InvoiceBalance.objects.get(invoice=invoice)
    assert (balance.credited_minor, balance.open_minor) == (invoice.total_minor, 0)
    assert [mail.kind for mail in OutgoingMail.objects.filter(kind="billing/credit_note")][:1] == [
        "billing/credit_note"
    ]
    line = EntryBalance.objects.get()
    assert (line.left_minor, line.work_state) == (invoice.total_minor, WorkState.GIVE_BACK)


def test_late_money_that_somebody_parked_waits_although_its_file_is_settled_again(tmp_path: Path) -> None:
    _, invoice = a_bill("release_days_after = 7")
    remind.release_unpaid_places(now=DUE + timedelta(days=8))
    late = transfer(invoice.total_minor, invoice.creditor_reference)
    settle.import_statement(statement_file(tmp_path, late), actor=SYSTEM, now=DUE + timedelta(days=9))
    reconcile.park_line(entry_id=BankEntry.objects.get().pk, note="they call us", actor=SYSTEM, now=DUE)
    StatementFile.objects.update(settled_at=None)  # as when one of its lines is told to count

    settle.settle_accepted_files(now=DUE + timedelta(days=10))

    assert EntryBalance.objects.get().work_state == WorkState.SUSPENSE


def test_money_that_names_no_released_bill_waits_for_a_person(tmp_path: Path) -> None:
    a_bill("release_days_after = 7")
    remind.release_unpaid_places(now=DUE + timedelta(days=8))

    settle.import_statement(
        statement_file(tmp_path, transfer(100_000, text="diploma")), actor=SYSTEM, now=DUE + timedelta(days=9)
    )

    assert EntryBalance.objects.get().work_state == WorkState.SUSPENSE


def test_of_a_bill_for_two_only_the_released_place_is_credited() -> None:
    edition = make_edition()
    (_, second), invoice = billed_group(edition, member_council())
    set_of_invoices(edition, "release_days_after = 7")
    moved(second, next_of(edition), at=DUE - timedelta(days=10))

    remind.release_unpaid_places(now=DUE + timedelta(days=8))

    balance = InvoiceBalance.objects.get(invoice=invoice)
    assert (balance.credited_minor, balance.open_minor) == (invoice.total_minor // 2, invoice.total_minor // 2)


def test_a_place_that_moved_goes_by_the_settings_of_the_edition_it_moved_to() -> None:
    place, _ = a_bill("remind_days_before = 7\nrelease_days_after = 7")
    target = next_of(place.edition)
    successor = moved(place, target, at=DUE - timedelta(days=10))

    assert remind.remind_of_payments(now=DUE - timedelta(days=3)) == 0
    assert remind.release_unpaid_places(now=DUE + timedelta(days=30)) == 0

    set_of_invoices(target, "remind_days_before = 7\nrelease_days_after = 7")
    assert remind.remind_of_payments(now=DUE - timedelta(days=3)) == 1
    assert remind.release_unpaid_places(now=DUE + timedelta(days=8)) == 1
    assert (state_of(place), state_of(successor)) == (PlaceState.MOVED, PlaceState.LAPSED)
    assert list(SeatCounter.objects.order_by("edition").values_list("taken", flat=True)) == [0, 0]


def test_a_place_that_comes_with_a_late_bill_has_the_days_of_the_setting_too() -> None:
    place, _ = a_bill()
    target = next_of(place.edition)
    set_of_invoices(target, "release_days_after = 7")
    moved_at = DUE + timedelta(days=20)
    successor = moved(place, target, at=moved_at)

    assert remind.release_unpaid_places(now=moved_at + timedelta(days=7)) == 0
    assert remind.release_unpaid_places(now=moved_at + timedelta(days=8)) == 1
    assert state_of(successor) == PlaceState.LAPSED


def test_on_a_bill_for_two_the_one_who_moved_keeps_the_place() -> None:
    edition = make_edition()
    (first, second), _ = billed_group(edition, member_council())
    set_of_invoices(edition, "release_days_after = 7")
    successor = moved(second, next_of(edition), at=DUE - timedelta(days=10))

    assert remind.release_unpaid_places(now=DUE + timedelta(days=8)) == 1
    assert (state_of(first), state_of(successor)) == (PlaceState.LAPSED, PlaceState.RESERVED)


def test_what_was_promised_about_a_bill_ends_with_the_place() -> None:
    place, _ = a_bill("release_days_after = 7")
    shares.ask_to_share(application_id=place.application_id, second=FIVE_HUNDRED, actor=SYSTEM, now=DUE)

    remind.release_unpaid_places(now=DUE + timedelta(days=8))

    assert earliest_due(place, [ObligationKind.INVOICE]) is None


def test_a_payer_whose_place_has_ended_is_not_reminded() -> None:
    place, _ = a_bill("remind_days_before = 7")
    lapse_place(place_id=place.pk, reason="withdrawn", actor=SYSTEM, now=DUE)

    assert remind.remind_of_payments(now=DUE - timedelta(days=3)) == 0


def test_a_place_whose_money_waits_in_suspense_is_not_released(tmp_path: Path) -> None:
    place, invoice = a_bill("release_days_after = 7")
    settle.import_statement(
        statement_file(tmp_path, transfer(98_750, invoice.creditor_reference)), actor=SYSTEM, now=DUE
    )

    assert remind.release_unpaid_places(now=DUE + timedelta(days=8)) == 0
    assert state_of(place) == PlaceState.RESERVED


def test_a_place_that_is_part_paid_is_not_released_without_a_person(tmp_path: Path) -> None:
    place, invoice = a_bill("release_days_after = 7")
    settle.import_statement(statement_file(tmp_path, transfer(98_750)), actor=SYSTEM, now=DUE)
    book(
        entry_id=BankEntry.objects.get().pk,
        invoice_id=invoice.pk,
        amount_minor=98_750,
        reason="a part",
        actor=SYSTEM,
        now=DUE,
    )

    assert remind.release_unpaid_places(now=DUE + timedelta(days=8)) == 0
    assert state_of(place) == PlaceState.RESERVED


def test_a_released_place_leaves_no_lost_payment_to_look_after(tmp_path: Path) -> None:
    _, invoice = a_bill("release_days_after = 7")
    paid = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference))
    settle.import_statement(paid, actor=SYSTEM, now=DUE)
    debit = statement_file(tmp_path, transfer(-100_000, number=2), name="back.xml")
    settle.import_statement(debit, actor=SYSTEM, now=DUE)
    book(
        entry_id=BankEntry.objects.latest("id").pk,
        invoice_id=invoice.pk,
        amount_minor=-100_000,
        reason="returned",
        actor=SYSTEM,
        now=DUE,
    )
    assert Obligation.objects.get(met_at=None).kind == "payment lost"

    assert remind.release_unpaid_places(now=DUE + timedelta(days=8)) == 1
    assert Obligation.objects.get().dropped_at is not None


def test_a_place_is_not_released_within_five_banking_days_of_a_proof() -> None:
    place, invoice = a_bill("release_days_after = 7")
    file = store_bytes(
        b"%PDF-1.7", purpose=Purpose.PROOF_OF_TRANSFER, name="p.pdf", content_type="application/pdf", now=DUE
    )
    uploaded_at = DUE + timedelta(days=7)  # a Monday
    ProofOfTransfer.objects.create(invoice=invoice, file=file, uploaded_at=uploaded_at)

    assert remind.release_unpaid_places(now=uploaded_at + timedelta(days=7)) == 0
    assert state_of(place) == PlaceState.RESERVED
    assert remind.release_unpaid_places(now=uploaded_at + timedelta(days=8)) == 1
