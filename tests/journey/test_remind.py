"""Reminders before the due day and the release of unpaid places are settings, off by default."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.money import billed_place, book, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, Invoice, ProofOfTransfer
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.enrollment.services.places import lapse_place
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import EditionRevision
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.files.models import Purpose
from chancery.foundation.files.storage import store_bytes
from chancery.foundation.mail.models import MailContent
from chancery.foundation.obligations.models import Obligation
from chancery.journey import remind, settle

pytestmark = pytest.mark.django_db
DUE = datetime(2024, 11, 4, 9, 0, tzinfo=UTC)  # admitted on 11 October, due 24 days later


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def a_bill(setting: str = "") -> tuple[Place, Invoice]:
    """Return a reserved place and its open bill, in an edition with this line in its invoice settings."""
    place, invoice = billed_place(make_edition())
    newest = EditionRevision.objects.get(edition=place.edition)
    content = bytes(newest.content).replace(b"[invoice]\n", f"[invoice]\n{setting}\n".encode())
    EditionRevision.objects.create(edition=place.edition, content=content, sha256="x", loaded_at=DUE)
    return place, invoice


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
