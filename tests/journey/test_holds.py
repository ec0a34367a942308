"""Money that leads to a country of the list: never booked by itself, never in a file, until somebody released it."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import NOW, make_officer
from tests.factories.billing import make_entry
from tests.factories.money import billed_place, member_council, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, HoldRelease, Invoice, Refund, RefundBatch
from chancery.domain.billing.policies.holding import HeldBy, Hold, holds_of
from chancery.domain.billing.states import WorkState
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.models import Edition
from chancery.domain.programme.readers import find_contradictions, parse_edition
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.journey import reconcile, repay, settle

pytestmark = pytest.mark.django_db
LISTED = ("PRK", "SYR", "AFG", "SDN")
SUDAN = "SD8811123456789012"
FRANCE = "FR1420041010050500013M02606"


@pytest.fixture
def lead() -> Actor:
    return user_actor(make_officer(Role.EDITION_LEAD).pk)


@pytest.mark.parametrize(
    ("accounts", "payers", "authorities", "held"),
    [
        ([SUDAN], [], [], [Hold("SDN", HeldBy.ACCOUNT)]),
        (["sd88 1112 3456 7890 12"], [], [], [Hold("SDN", HeldBy.ACCOUNT)]),
        ([FRANCE, ""], ["FRA"], ["GHA"], []),
        (["SDONE"], [], [], []),
        ([], ["SYR"], [], [Hold("SYR", HeldBy.PAYER)]),
        ([FRANCE], [], ["AFG", "AFG"], [Hold("AFG", HeldBy.AUTHORITY)]),
        ([SUDAN], ["SDN"], [], [Hold("SDN", HeldBy.ACCOUNT), Hold("SDN", HeldBy.PAYER)]),
    ],
    ids=["account", "account with blanks", "nothing", "no IBAN", "payer", "authority", "both"],
)
def test_an_account_a_payer_or_an_authority_leads_to_a_country(
    accounts: list[str], payers: list[str], authorities: list[str], held: list[Hold]
) -> None:
    assert list(holds_of(LISTED, accounts=accounts, payers=payers, authorities=authorities)) == held
    assert holds_of((), accounts=accounts, payers=payers, authorities=authorities) == ()


# Payments.


def paid(
    edition: Edition, actor: Actor, folder: Path, *, authority: LocalAuthority | None = None, iban: str
) -> Invoice:
    _, invoice = billed_place(edition, authority=authority)
    line = transfer(invoice.total_minor, invoice.creditor_reference, payer_iban=iban)
    settle.import_statement(statement_file(folder, line), actor=actor, now=NOW)
    return invoice


def book_it(invoice: Invoice, actor: Actor) -> None:
    parts = [reconcile.Part(invoice.pk, invoice.total_minor)]
    reconcile.book_line(entry_id=BankEntry.objects.get().pk, parts=parts, reason="checked", actor=actor, now=NOW)


@pytest.mark.parametrize("by", ["account", "authority"])
def test_an_exact_payment_is_suggested_and_booked_only_after_a_release(
    by: str, finance: Actor, lead: Actor, tmp_path: Path
) -> None:
    edition = make_edition()
    authority = member_council("Khartoum", "SDN", "Sudan", "LM") if by == "authority" else None
    invoice = paid(edition, finance, tmp_path, authority=authority, iban=SUDAN if by == "account" else FRANCE)

    entry = BankEntry.objects.select_related("balance").get()
    assert (entry.balance.work_state, entry.balance.reasons[-1]) == (WorkState.SUGGESTED, "country_held")
    assert entry.suggestions.get().score == 100
    with pytest.raises(reconcile.HeldForACheck):
        book_it(invoice, finance)

    reconcile.release_line(entry_id=entry.pk, reason="the embassy confirmed", actor=lead, now=NOW)
    book_it(invoice, finance)

    invoice.balance.refresh_from_db()
    assert invoice.balance.allocated_minor == invoice.total_minor
    assert AuditEvent.objects.get(name="billing.hold.released").facts == {"countries": ["SDN"]}


def test_an_edition_without_a_list_holds_nothing(finance: Actor, tmp_path: Path) -> None:
    paid(make_edition(says=("payment", "hold_countries = []")), finance, tmp_path, iban=SUDAN)

    assert BankEntry.objects.get().balance.work_state == WorkState.BOOKED


def test_a_line_is_released_once_and_with_a_reason(finance: Actor, lead: Actor, tmp_path: Path) -> None:
    paid(make_edition(), finance, tmp_path, iban=SUDAN)
    words = {"entry_id": BankEntry.objects.get().pk, "actor": lead, "now": NOW}
    with pytest.raises(reconcile.ReleaseNotPossible) as no_reason:
        reconcile.release_line(reason=" ", **words)
    reconcile.release_line(reason="checked", **words)

    with pytest.raises(reconcile.ReleaseNotPossible) as twice:
        reconcile.release_line(reason="checked", **words)

    assert (no_reason.value.ruling.reasons, twice.value.ruling.reasons) == (("reason_missing",), ("nothing_held",))


# Refunds.


def approved_refund(finance: Actor, came_from: str = SUDAN) -> Refund:
    entry = make_entry(amount_minor=25_000, payer_iban=came_from)
    reconcile.keep_to_return(entry_id=entry.pk, reason="paid twice", actor=finance, now=NOW)
    words = {"name": "City Council", "iban": FRANCE, "evidence": "letter"}
    refund = repay.propose_refund(entry_id=entry.pk, actor=finance, now=NOW, **words)
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    return repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)


def test_a_held_refund_is_in_no_file_until_it_is_released(finance: Actor, lead: Actor) -> None:
    make_edition()
    refund = approved_refund(finance)
    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=NOW)

    repay.release_refund(
        refund_id=refund.pk, reason="checked with the bank", seen=refund.fingerprint, actor=lead, now=NOW
    )

    assert repay.make_refund_file(actor=finance, now=NOW).refunds.get() == refund


def test_another_account_holds_a_released_refund_again(finance: Actor, lead: Actor) -> None:
    make_edition()
    refund = approved_refund(finance)
    repay.release_refund(refund_id=refund.pk, reason="checked", seen=refund.fingerprint, actor=lead, now=NOW)

    words = {"name": "Somebody", "iban": "DE89370400440532013000", "evidence": "call"}
    refund = repay.name_account(refund_id=refund.pk, actor=finance, now=NOW, **words)
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)

    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=NOW)


def test_what_is_not_held_goes_into_the_file_without_the_rest(finance: Actor) -> None:
    make_edition()
    held = approved_refund(finance)
    entry = make_entry(amount_minor=5_000)
    reconcile.keep_to_return(entry_id=entry.pk, reason="paid twice", actor=finance, now=NOW)
    words = {"name": "City", "iban": FRANCE, "evidence": "letter"}
    free = repay.propose_refund(entry_id=entry.pk, actor=finance, now=NOW, **words)
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    repay.decide_refund(refund_id=free.pk, approved=True, seen=free.fingerprint, actor=second, now=NOW)

    assert list(repay.make_refund_file(actor=finance, now=NOW).refunds.all()) == [free]
    held.refresh_from_db()
    assert held.batch is None


def test_nothing_is_released_that_nothing_holds(finance: Actor, lead: Actor) -> None:
    make_edition()
    refund = approved_refund(finance, came_from="")

    with pytest.raises(repay.ReleaseNotPossible) as refused:
        repay.release_refund(refund_id=refund.pk, reason="checked", seen=refund.fingerprint, actor=lead, now=NOW)

    assert refused.value.ruling.reasons == ("nothing_held",)


# The database, the pages and the edition's file.


@pytest.mark.parametrize("of", ["neither", "both", "twice"])
def test_the_database_keeps_releases_apart(of: str, finance: Actor, lead: Actor) -> None:
    make_edition()
    refund = approved_refund(finance)
    facts: dict[str, Any] = {"reason": "x", "released_by_id": lead.user_id, "released_at": NOW}
    if of == "both":
        facts |= {"entry": refund.entry, "refund": refund}
    elif of == "twice":
        facts |= {"refund": refund, "account": refund.iban}
        HoldRelease.objects.create(**facts)

    with pytest.raises(IntegrityError), transaction.atomic():
        HoldRelease.objects.create(**facts)


def test_a_release_is_written_once(finance: Actor, lead: Actor) -> None:
    make_edition()
    refund = approved_refund(finance)
    repay.release_refund(refund_id=refund.pk, reason="checked", seen=refund.fingerprint, actor=lead, now=NOW)

    with pytest.raises(Exception, match="written once"), transaction.atomic():
        HoldRelease.objects.update(reason="other")


def test_the_pages_show_the_hold_and_only_the_lead_releases(finance: Actor, settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    invoice = paid(make_edition(), finance, tmp_path, iban=SUDAN)
    entry = BankEntry.objects.get()
    officer, lead = Client(), Client()
    officer.force_login(make_officer(Role.FINANCE))
    lead.force_login(make_officer(Role.EDITION_LEAD))
    line, release = (reverse(name, args=[entry.pk]) for name in ("show-line", "release-line"))

    page = officer.get(line).content.decode()
    assert "the account is in Sudan" in page
    assert release not in page
    assert officer.post(release, {"reason": "x"}).status_code == 404
    booking = {
        "invoice": invoice.pk,
        "amount": "1000",
        "reason": "x",
        "left": invoice.total_minor,
        f"open-{invoice.pk}": invoice.total_minor,
    }
    assert officer.post(reverse("book-line", args=[entry.pk]), booking).status_code == 409
    assert release in lead.get(line).content.decode()
    assert lead.post(release, {"reason": ""}).status_code == 422
    assert lead.post(release, {"reason": "checked"}).status_code == 302
    assert lead.post(release, {"reason": "checked"}).status_code == 409
    assert "Released" in officer.get(line).content.decode()
    assert officer.post(reverse("book-line", args=[entry.pk]), booking).status_code == 302


def test_the_list_of_refunds_shows_the_hold_and_releases_it(finance: Actor, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    make_edition()
    refund = approved_refund(finance)
    lead = Client()
    lead.force_login(make_officer(Role.EDITION_LEAD))
    release = reverse("release-refund", args=[refund.pk])

    page = lead.get(reverse("list-refunds")).content.decode()
    assert "the account is in Sudan" in page
    assert "Make the file" not in page
    assert lead.post(release, {"reason": "", "seen": refund.fingerprint}).status_code == 409
    assert lead.post(release, {"reason": "checked"}).status_code == 409
    assert lead.post(release, {"reason": "checked", "seen": refund.fingerprint}).status_code == 302
    assert "Make the file of 1 approved refund" in lead.get(reverse("list-refunds")).content.decode()
    assert not RefundBatch.objects.exists()


def test_a_list_with_an_unknown_country_is_an_error() -> None:
    shipped = Path("editions/metropolis-2024.toml").read_bytes()
    says = shipped.replace(b"[payment]\n", b'[payment]\nhold_countries = ["SUDAN"]\n')

    findings = find_contradictions(parse_edition(says, "x.toml"))
    assert [each.is_error for each in findings if "SUDAN" in str(each)] == [True]
