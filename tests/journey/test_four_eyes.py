"""What takes two people: by the edition's file, in the database, and on every page where one person does it alone."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW, make_officer
from tests.factories.billing import make_entry
from tests.factories.money import billed_place, book, reserve, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.models import Allocation, BankEntry, FeeException, Refund, WriteOff
from chancery.domain.billing.services.four_eyes import NeedsAnotherPerson
from chancery.domain.billing.states import ExceptionState, RefundState
from chancery.domain.enrollment.states import PlaceState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import FourEyes, Guarded, takes_two_people
from chancery.domain.programme.readers import find_contradictions, parse_edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.journey import bill, reconcile, repay, settle

pytestmark = pytest.mark.django_db
IBAN = "FR1420041010050500013M02606"
SHORT = 1_000


@pytest.fixture
def one() -> Actor:
    return user_actor(make_officer(Role.FINANCE).pk)


@pytest.fixture
def other() -> Actor:
    return user_actor(make_officer(Role.SECOND_PERSON).pk)


def edition_that_says(value: str) -> Edition:
    return make_edition(says=("payment", f'four_eyes = "{value}"'))


def proposed_refund(actor: Actor) -> Refund:
    entry = make_entry(amount_minor=25_000)
    reconcile.keep_to_return(entry_id=entry.pk, reason="paid twice", actor=actor, now=NOW)
    words = {"name": "City Council", "iban": IBAN, "evidence": "letter"}
    return repay.propose_refund(entry_id=entry.pk, actor=actor, now=NOW, **words)


def proposed_fee(edition: Edition, actor: Actor) -> FeeException:
    place = reserve(edition)
    return bill.propose_fee_exception(place_id=place.pk, fee_minor=50_000, reason="agreed", actor=actor, now=NOW)


def done_alone() -> list[Any]:
    return [event.facts["act"] for event in AuditEvent.objects.filter(name="billing.act.done_alone").order_by("id")]


@pytest.mark.parametrize(
    ("rule", "guarded"),
    [
        (FourEyes.REFUNDS, {Guarded.REFUND, Guarded.FEE, Guarded.ACCOUNT}),
        (FourEyes.ALL, set(Guarded)),
        (FourEyes.NONE, set()),
    ],
    ids=str,
)
def test_the_edition_says_what_takes_two_people(rule: FourEyes, guarded: set[Guarded]) -> None:
    assert {act for act in Guarded if takes_two_people(rule, act)} == guarded


@pytest.mark.parametrize("value", ["refunds", "all"])
def test_nobody_approves_their_own_refund_or_fee(value: str, one: Actor, other: Actor) -> None:
    edition = edition_that_says(value)
    refund, fee = proposed_refund(one), proposed_fee(edition, one)

    with pytest.raises(NeedsAnotherPerson):
        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=one, now=NOW)
    with pytest.raises(NeedsAnotherPerson):
        bill.decide_fee_exception(exception_id=fee.pk, approved=True, actor=one, now=NOW)

    assert (
        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=other, now=NOW).state
        == RefundState.APPROVED
    )
    assert done_alone() == []


def test_without_four_eyes_one_person_does_both_and_it_is_written_down(one: Actor) -> None:
    edition = edition_that_says("none")
    refund, fee = proposed_refund(one), proposed_fee(edition, one)

    refund = repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=one, now=NOW)
    fee = bill.decide_fee_exception(exception_id=fee.pk, approved=True, actor=one, now=NOW)

    assert (refund.state, refund.alone) == (RefundState.APPROVED, True)
    assert (fee.state, fee.alone) == (ExceptionState.APPROVED, True)
    assert done_alone() == ["refund", "fee"]
    assert repay.make_refund_file(actor=one, now=NOW).refunds.get() == refund


def test_without_four_eyes_a_second_person_is_still_no_act_done_alone(one: Actor, other: Actor) -> None:
    edition_that_says("none")
    refund = proposed_refund(one)

    assert not repay.decide_refund(
        refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=other, now=NOW
    ).alone
    assert done_alone() == []


@pytest.mark.parametrize("alone", [True, False])
def test_the_database_refuses_a_row_that_hides_who_decided(one: Actor, other: Actor, *, alone: bool) -> None:
    edition = make_edition()
    refund, fee = proposed_refund(one), proposed_fee(edition, one)
    by = other if alone else one

    for rows, name in ((Refund.objects.filter(pk=refund.pk), "refund"), (FeeException.objects, "fee_exception")):
        with pytest.raises(IntegrityError, match=f"{name}_by_two_people"), transaction.atomic():
            rows.update(decided_by=by.user_id, alone=alone)
    assert fee.alone is False


def test_another_account_takes_the_word_back_that_one_person_gave(one: Actor) -> None:
    edition_that_says("none")
    refund = proposed_refund(one)
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=one, now=NOW)

    words = {"name": "City", "iban": "DE89370400440532013000", "evidence": "call"}
    refund = repay.name_account(refund_id=refund.pk, actor=one, now=NOW, **words)

    assert (refund.state, refund.alone, refund.decided_by) == (RefundState.PROPOSED, False, None)


# Write-offs.


def paid_short(edition: Edition, actor: Actor, folder: Path) -> BankEntry:
    _, invoice = billed_place(edition)
    path = statement_file(folder, transfer(invoice.total_minor - SHORT, invoice.creditor_reference))
    settle.import_statement(path, actor=actor, now=NOW)
    return BankEntry.objects.get()


def write_off_at_once(entry: BankEntry, actor: Actor) -> None:
    invoice_id = entry.suggestions.get().invoice_id
    reconcile.book_line(
        entry_id=entry.pk,
        parts=[reconcile.Part(invoice_id, entry.amount_minor)],
        reason="its reference",
        rest=reconcile.Rest.WRITE_OFF,
        rest_reason="charges",
        actor=actor,
        now=NOW,
    )


@pytest.mark.parametrize(("value", "events"), [("refunds", []), ("none", ["write-off"])])
def test_one_person_writes_off_unless_all_takes_two(value: str, events: list[str], one: Actor, tmp_path: Path) -> None:
    write_off_at_once(paid_short(edition_that_says(value), one, tmp_path), one)

    assert (WriteOff.objects.get().amount_minor, done_alone()) == (SHORT, events)


def test_where_all_takes_two_another_person_writes_the_rest_off(one: Actor, other: Actor, tmp_path: Path) -> None:
    edition = edition_that_says("all")
    entry = paid_short(edition, one, tmp_path)
    with pytest.raises(NeedsAnotherPerson) as refused:
        write_off_at_once(entry, one)
    assert refused.value.ruling.reasons == ("another_person_writes_off",)

    book_words = {"reason": "its reference", "actor": one, "now": NOW}
    invoice_id = entry.suggestions.get().invoice_id
    book(entry_id=entry.pk, invoice_id=invoice_id, amount_minor=entry.amount_minor, **book_words)
    allocation = Allocation.objects.get()
    with pytest.raises(NeedsAnotherPerson):
        reconcile.write_off(allocation_id=allocation.pk, reason="charges", actor=one, now=NOW)
    moved = reconcile.write_off(allocation_id=allocation.pk, reason="charges", actor=other, now=NOW)

    assert (moved.settles, WriteOff.objects.get().amount_minor) == (True, SHORT)
    assert edition.places.get().state == PlaceState.GUARANTEED


def test_nothing_is_written_off_beside_a_booking_that_was_taken_back(one: Actor, tmp_path: Path) -> None:
    entry = paid_short(make_edition(), one, tmp_path)
    invoice_id = entry.suggestions.get().invoice_id
    book(entry_id=entry.pk, invoice_id=invoice_id, amount_minor=entry.amount_minor, reason="x", actor=one, now=NOW)
    allocation = Allocation.objects.get()
    reconcile.take_back(allocation_id=allocation.pk, reason="wrong", actor=one, now=NOW)

    with pytest.raises(reconcile.WriteOffNotPossible) as refused:
        reconcile.write_off(allocation_id=allocation.pk, reason="charges", actor=one, now=NOW)

    assert refused.value.ruling.reasons == ("already_taken_back",)


# Pages and the edition's file.


@pytest.mark.parametrize(("value", "told"), [("refunds", False), ("none", True)])
def test_every_page_of_the_office_says_that_one_person_may_do_all(value: str, settings: Any, *, told: bool) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    cache.clear()  # pages ask once in half a minute
    edition = edition_that_says(value)
    client = Client()
    client.force_login(make_officer(Role.EDITION_LEAD))

    for name in ("see-today", "list-refunds", "list-statements", "list-mail"):
        page = client.get(reverse(name)).content.decode()
        assert (f"send money out here: {edition.slug}" in page) == told, name


def test_the_one_person_finds_the_buttons_to_approve(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    edition_that_says("none")
    officer = make_officer(Role.FINANCE, Role.SECOND_PERSON)
    client = Client()
    client.force_login(officer)
    refund = proposed_refund(user_actor(officer.pk))

    assert reverse("decide-refund", args=[refund.pk]) in client.get(reverse("list-refunds")).content.decode()
    client.post(reverse("decide-refund", args=[refund.pk]), {"decision": "approve", "seen": refund.fingerprint})

    refund.refresh_from_db()
    assert refund.state == RefundState.APPROVED


def test_the_rest_is_written_off_at_the_line(one: Actor, tmp_path: Path, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    entry = paid_short(edition_that_says("all"), one, tmp_path)
    invoice_id = entry.suggestions.get().invoice_id
    book(entry_id=entry.pk, invoice_id=invoice_id, amount_minor=entry.amount_minor, reason="x", actor=one, now=NOW)
    client = Client()
    client.force_login(make_officer(Role.FINANCE))
    url = reverse("write-off", args=[entry.pk, Allocation.objects.get().pk])

    assert url in client.get(reverse("show-line", args=[entry.pk])).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "charges"}).status_code == 302
    assert client.post(url, {"reason": "charges"}).status_code == 409
    assert WriteOff.objects.get().amount_minor == SHORT


def test_the_check_warns_where_one_person_may_do_all() -> None:
    shipped = Path("editions/metropolis-2024.toml").read_bytes()
    says = shipped.replace(b"[payment]\n", b'[payment]\nfour_eyes = "none"\n')

    assert "one person alone" not in str(find_contradictions(parse_edition(shipped, "x.toml")))
    assert "one person alone" in str(find_contradictions(parse_edition(says, "x.toml")))
