"""Money that goes back: two people, one file, and the line with which it left."""

import hashlib
import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from lxml import etree
from tests.factories.accounts import NOW, make_officer
from tests.factories.money import ACCOUNT, billed_place, statement_file, transfer
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.documents.refund_file import Payment, payment_file
from chancery.domain.billing.models import BankEntry, EntryBalance, Invoice, Refund, RefundBatch
from chancery.domain.billing.queries.issuing import edition_paid_to
from chancery.domain.billing.services import refunding
from chancery.domain.billing.states import RefundState, WorkState
from chancery.domain.programme.models import Edition, EditionRevision
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.obligations.models import Obligation
from chancery.interfaces.cli.program import run
from chancery.interfaces.demo.camt import CamtEntry
from chancery.journey import reconcile, repay, settle

pytestmark = pytest.mark.django_db
IBAN = "FR1420041010050500013M02606"
OTHER = "DE89370400440532013000"
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@world
def entry(finance: Actor, folder: Path) -> BankEntry:
    """Money of nobody we know, set aside to be given back."""
    billed_place(make_edition())
    path = statement_file(folder, transfer(25_000, text="gracias", payer_name="SOCIEDAD EJEMPLO", payer_iban=IBAN))
    settle.import_statement(path, actor=finance, now=NOW)
    entry = BankEntry.objects.get()
    reconcile.keep_to_return(entry_id=entry.pk, reason="nobody we know", actor=finance, now=NOW)
    return entry


def proposed(entry: BankEntry, actor: Actor, *, iban: str = IBAN, evidence: str = "") -> Refund:
    return repay.propose_refund(
        entry_id=entry.pk, name="Sociedad Ejemplo", iban=iban, evidence=evidence, actor=actor, now=NOW
    )


def approved(entry: BankEntry, finance: Actor, second: Actor) -> Refund:
    refund = proposed(entry, finance)
    return repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)


def balance_of(entry: BankEntry) -> tuple[int, int, str]:
    balance = EntryBalance.objects.get(entry=entry)
    return balance.returned_minor, balance.left_minor, balance.work_state


def test_a_proposal_takes_the_money_from_the_line_and_promises_a_day(entry: BankEntry, finance: Actor) -> None:
    refund = proposed(entry, finance)

    assert balance_of(entry) == (25_000, 0, WorkState.BOOKED)
    assert (refund.amount_minor, refund.state) == (25_000, RefundState.PROPOSED)
    assert Obligation.objects.get(kind="refund").due_at.date() == refund.due_on


def test_a_second_proposal_finds_nothing(entry: BankEntry, finance: Actor) -> None:
    proposed(entry, finance)

    with pytest.raises(repay.RefundNotPossible) as refused:
        proposed(entry, finance)

    assert refused.value.ruling.reasons == ("nothing_left",)


@pytest.mark.parametrize(
    ("iban", "evidence", "reason"),
    [
        ("", "", "account_missing"),
        ("ES00", "", "account_missing"),
        (OTHER, " ", "evidence_missing"),
        ("BR1800360305000010009795493C1", "letter", "not_sepa"),
    ],
)
def test_the_account_is_the_one_it_came_from_or_shown_to_be_right(
    entry: BankEntry, finance: Actor, iban: str, evidence: str, reason: str
) -> None:
    with pytest.raises(repay.RefundNotPossible) as refused:
        proposed(entry, finance, iban=iban, evidence=evidence)

    assert refused.value.ruling.reasons == (reason,)
    assert balance_of(entry)[0] == 0


@pytest.mark.parametrize("name", ["😀", "\u202e"])
def test_a_name_that_no_file_can_write_is_not_proposed(entry: BankEntry, finance: Actor, name: str) -> None:
    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.propose_refund(entry_id=entry.pk, name=name, iban=IBAN, evidence="", actor=finance, now=NOW)

    assert refused.value.ruling.reasons == ("name_not_writable",)


def test_a_name_of_the_line_that_no_file_can_write_gives_way_to_the_payers(finance: Actor, tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(25_000, text="gracias", payer_name="😀", payer_iban=IBAN))
    settle.import_statement(path, actor=finance, now=NOW)

    refund = refunding.propose_for_credit(
        entry_id=BankEntry.objects.get().pk,
        amount_minor=25_000,
        credit_note=invoice,
        due_on=NOW.date(),
        actor=finance,
        now=NOW,
    )

    assert (refund.name, refund.iban) == (invoice.party.legal_name, IBAN)


def test_a_refund_of_a_name_that_no_file_can_write_stops_no_other(
    entry: BankEntry, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approved(entry, finance, second)
    Refund.objects.filter(pk=refund.pk).update(name="😀")
    refund.refresh_from_db()
    Refund.objects.filter(pk=refund.pk).update(approved_for=refund.fingerprint)
    paid_twice = transfer(10_000, number=2, payer_name="SOCIEDAD EJEMPLO", payer_iban=IBAN)
    settle.import_statement(statement_file(tmp_path, paid_twice, name="second.xml"), actor=finance, now=NOW)
    other = BankEntry.objects.exclude(pk=entry.pk).get()
    reconcile.keep_to_return(entry_id=other.pk, reason="paid twice", actor=finance, now=NOW)
    approved(other, finance, second)

    batch = repay.make_refund_file(actor=finance, now=NOW)

    assert [each.entry for each in batch.refunds.all()] == [other]


def test_whoever_proposed_does_not_approve(entry: BankEntry, finance: Actor) -> None:
    refund = proposed(entry, finance)

    with pytest.raises(repay.NeedsAnotherPerson):
        repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=finance, now=NOW)


def test_the_database_knows_two_people_too(entry: BankEntry, finance: Actor) -> None:
    refund = proposed(entry, finance)

    with pytest.raises(IntegrityError, match="refund_by_two_people"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(decided_by=finance.user_id)


def test_a_rejected_refund_puts_the_money_back(entry: BankEntry, finance: Actor, second: Actor) -> None:
    refund = proposed(entry, finance)

    repay.decide_refund(refund_id=refund.pk, approved=False, seen=refund.fingerprint, actor=second, now=NOW)

    assert balance_of(entry) == (0, 25_000, WorkState.GIVE_BACK)
    assert Obligation.objects.get(kind="refund").dropped_at == NOW


def test_an_approval_is_taken_back_while_no_file_holds_it(entry: BankEntry, finance: Actor, second: Actor) -> None:
    refund = approved(entry, finance, second)

    repay.decide_refund(refund_id=refund.pk, approved=False, seen=refund.fingerprint, actor=second, now=NOW)

    assert balance_of(entry) == (0, 25_000, WorkState.GIVE_BACK)
    assert proposed(entry, finance).amount_minor == 25_000


def test_what_went_to_the_bank_is_not_taken_back(entry: BankEntry, finance: Actor, second: Actor) -> None:
    refund = approved(entry, finance, second)
    repay.make_refund_file(actor=finance, now=NOW)

    assert (
        repay.decide_refund(refund_id=refund.pk, approved=False, seen=refund.fingerprint, actor=second, now=NOW).state
        == "exported"
    )


def test_the_file_pays_once_and_is_the_same_when_asked_again(
    entry: BankEntry, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approved(entry, finance, second)
    first, again, third = (tmp_path / f"{name}.xml" for name in ("first", "again", "third"))

    assert run(["refund", "file", "-o", str(first)]) == 0
    batch = RefundBatch.objects.get()
    assert run(["refund", "file", "--batch", str(batch.pk), "-o", str(again)]) == 0
    assert run(["refund", "file", "-o", str(third)]) == 1

    paid = etree.fromstring(first.read_bytes())
    assert again.read_bytes() == first.read_bytes()
    assert not third.exists()
    assert paid.xpath("string(//p:CdtTrfTxInf//p:InstdAmt)", namespaces=NS) == "250.00"
    assert paid.xpath("string(//p:EndToEndId)", namespaces=NS) == refund.end_to_end_id
    assert paid.xpath("string(//p:CdtrAcct//p:IBAN)", namespaces=NS) == IBAN
    assert hashlib.sha256(first.read_bytes()).hexdigest() == batch.sha256
    refund.refresh_from_db()
    assert (refund.state, refund.batch) == (RefundState.EXPORTED, batch)


def test_the_bank_is_asked_to_book_each_refund_on_its_own() -> None:
    """One sum for the whole file would show no refund leaving, and no promise would ever be met."""
    two = [Payment("Sociedad Ejemplo", IBAN, 25_000, "REFUND1"), Payment("Stadt Beispiel", OTHER, 100, "REFUND2")]

    made = payment_file(two, payer="Network of Cities", iban=ACCOUNT, bic="", pay_on=NOW.date())

    paid = etree.fromstring(made.content)
    assert paid.xpath("//p:BtchBookg/text()", namespaces=NS) == ["false", "false"]
    assert paid.xpath("//p:EndToEndId/text()", namespaces=NS) == ["REFUND1", "REFUND2"]


def paid_to(edition: Edition, *, name: str, iban: str, bic: str) -> None:
    """Let an edition be paid to another account from now on."""
    content = bytes(EditionRevision.objects.filter(edition=edition).latest("id").content).decode()
    for key, value in {"beneficiary": name, "iban": iban, "bic": bic}.items():
        content = re.sub(rf"(?m)^{key} *=.*$", f'{key} = "{value}"', content)
    EditionRevision.objects.create(edition=edition, content=content.encode(), sha256="new", loaded_at=NOW)


@pytest.mark.parametrize("asked", ["any", "edition"])
def test_the_file_names_the_account_that_the_money_leaves_from_whatever_the_edition_says_by_now(
    entry: BankEntry, finance: Actor, second: Actor, asked: str
) -> None:
    approved(entry, finance, second)
    edition, issuer = Edition.objects.get(), Invoice.objects.get().issuer
    paid_to(edition, name="New Owner", iban=OTHER, bic="COBADEFFXXX")

    made = repay.make_refund_file(actor=finance, now=NOW, edition=edition if asked == "edition" else None)

    paid = etree.fromstring(bytes(made.content))
    assert paid.xpath("string(//p:DbtrAcct//p:IBAN)", namespaces=NS) == ACCOUNT
    assert paid.xpath("string(//p:Dbtr/p:Nm)", namespaces=NS) == issuer["beneficiary"]
    assert paid.xpath("string(//p:DbtrAgt//p:BICFI)", namespaces=NS) == issuer["bic"]


def pay_from(refund: Refund, number: str, actor: Actor) -> Refund:
    refund.refresh_from_db()
    seen = refund.fingerprint
    return repay.choose_paying_account(refund_id=refund.pk, number=number, seen=seen, actor=actor, now=NOW)


def test_a_refund_leaves_from_another_account_of_its_issuer_once_somebody_else_approves_it(
    entry: BankEntry, finance: Actor, second: Actor
) -> None:
    refund = approved(entry, finance, second)
    paid_to(Edition.objects.get(), name="New Owner", iban=OTHER, bic="COBADEFFXXX")

    chosen = pay_from(refund, OTHER, finance)

    assert (chosen.state, chosen.approved_for, chosen.paying_account.number) == (RefundState.PROPOSED, "", OTHER)
    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=NOW)
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=chosen.fingerprint, actor=second, now=NOW)
    made = repay.make_refund_file(actor=finance, now=NOW)
    paid = etree.fromstring(bytes(made.content))
    assert paid.xpath("string(//p:DbtrAcct//p:IBAN)", namespaces=NS) == made.account.number == OTHER
    assert paid.xpath("string(//p:Dbtr/p:Nm)", namespaces=NS) == "New Owner"
    with pytest.raises(repay.RefundNotPossible, match="on_its_way"):
        pay_from(refund, ACCOUNT, finance)


def test_who_named_the_payee_does_not_approve_a_refund_for_which_another_chose_the_account(
    entry: BankEntry, finance: Actor, second: Actor
) -> None:
    refund, looked_at = proposed(entry, second), proposed_fingerprint(entry)
    paid_to(Edition.objects.get(), name="New Owner", iban=OTHER, bic="COBADEFFXXX")
    words = {"name": "Mallory", "iban": OTHER, "evidence": "call"}
    repay.name_account(refund_id=refund.pk, actor=finance, now=NOW, **words)

    with pytest.raises(repay.RefundNotPossible, match="changed_meanwhile"):
        repay.choose_paying_account(refund_id=refund.pk, number=OTHER, seen=looked_at, actor=second, now=NOW)
    chosen = pay_from(refund, OTHER, second)

    decision = {"refund_id": refund.pk, "approved": True, "seen": chosen.fingerprint, "now": NOW}
    for author in (finance, second):
        with pytest.raises(repay.NeedsAnotherPerson):
            repay.decide_refund(actor=author, **decision)
    third = user_actor(make_officer(Role.SECOND_PERSON).pk)
    assert repay.decide_refund(actor=third, **decision).state == RefundState.APPROVED
    for author in (finance, second):
        with pytest.raises(IntegrityError, match="refund_by_two_people"), transaction.atomic():
            Refund.objects.update(decided_by=author.user_id)


def test_once_the_account_that_was_paid_is_chosen_again_only_who_named_the_payee_does_not_approve(
    entry: BankEntry, finance: Actor, second: Actor
) -> None:
    refund = proposed(entry, finance)
    paid_to(Edition.objects.get(), name="New Owner", iban=OTHER, bic="COBADEFFXXX")
    pay_from(refund, OTHER, second)

    back = pay_from(refund, ACCOUNT, second)

    decision = {"refund_id": refund.pk, "approved": True, "seen": back.fingerprint, "now": NOW}
    with pytest.raises(repay.NeedsAnotherPerson):
        repay.decide_refund(actor=finance, **decision)
    assert repay.decide_refund(actor=second, **decision).state == RefundState.APPROVED


def test_the_account_that_was_paid_can_be_chosen_again(entry: BankEntry, finance: Actor) -> None:
    refund, before = proposed(entry, finance), proposed_fingerprint(entry)
    paid_to(Edition.objects.get(), name="New Owner", iban=OTHER, bic="COBADEFFXXX")

    assert pay_from(refund, OTHER, finance).fingerprint != before
    assert pay_from(refund, ACCOUNT, finance).fingerprint == before


def proposed_fingerprint(entry: BankEntry) -> str:
    return Refund.objects.get(entry=entry).fingerprint


@pytest.mark.parametrize("number", ["", OTHER], ids=["none", "of another issuer"])
def test_no_account_of_others_pays_a_refund(entry: BankEntry, finance: Actor, number: str) -> None:
    refund, later = proposed(entry, finance), make_edition()
    paid_to(later, name="Others", iban=OTHER, bic="COBADEFFXXX")
    newest = EditionRevision.objects.filter(edition=later).latest("id")
    content = re.sub(rb"(?m)^tax_id *=.*$", b'tax_id = "ES-OTHER-0001"', bytes(newest.content))
    EditionRevision.objects.create(edition=later, content=content, sha256="other", loaded_at=NOW)

    with pytest.raises(repay.RefundNotPossible, match="account_not_theirs"):
        pay_from(refund, number, finance)


def test_another_edition_does_not_rule_the_refunds_of_an_account_that_its_own_left(
    entry: BankEntry, finance: Actor
) -> None:
    edition = Edition.objects.get()
    paid_to(edition, name="New Owner", iban=OTHER, bic="COBADEFFXXX")
    later = make_edition()
    Edition.objects.filter(pk=later.pk).update(starts_on=later.ends_on, ends_on=later.ends_on)
    paid_to(later, name="New Owner", iban=OTHER, bic="COBADEFFXXX")

    assert edition_paid_to(entry.account.number) == edition


def test_a_changed_account_voids_the_approval(entry: BankEntry, finance: Actor, second: Actor) -> None:
    refund = approved(entry, finance, second)
    Refund.objects.filter(pk=refund.pk).update(iban=OTHER)

    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=NOW)


def test_a_file_is_written_once(entry: BankEntry, finance: Actor, second: Actor) -> None:
    approved(entry, finance, second)
    batch = repay.make_refund_file(actor=finance, now=NOW)

    with pytest.raises(Exception, match="written once"), transaction.atomic():
        RefundBatch.objects.filter(pk=batch.pk).update(content=b"")


def test_the_line_that_leaves_closes_the_refund(
    entry: BankEntry, finance: Actor, second: Actor, tmp_path: Path
) -> None:
    refund = approved(entry, finance, second)
    repay.make_refund_file(actor=finance, now=NOW)
    leaving = CamtEntry(-25_000, NOW.date(), end_to_end_id=refund.end_to_end_id, bank_reference="OUT-1")

    settle.import_statement(statement_file(tmp_path, leaving, name="out.xml"), actor=finance, now=NOW)

    refund.refresh_from_db()
    assert (refund.state, refund.debit.amount_minor) == (RefundState.SENT, -25_000)
    assert Obligation.objects.get(kind="refund").met_at == NOW
    assert balance_of(refund.debit) == (-25_000, 0, WorkState.BOOKED)


@pytest.mark.parametrize(("amount", "currency"), [(-24_999, "EUR"), (-25_000, "USD")])
def test_other_money_closes_nothing(
    entry: BankEntry, finance: Actor, second: Actor, tmp_path: Path, amount: int, currency: str
) -> None:
    refund = approved(entry, finance, second)
    repay.make_refund_file(actor=finance, now=NOW)
    leaving = CamtEntry(
        amount, NOW.date(), currency=currency, end_to_end_id=refund.end_to_end_id, bank_reference="OUT-1"
    )

    settle.import_statement(statement_file(tmp_path, leaving, name="out.xml"), actor=finance, now=NOW)

    refund.refresh_from_db()
    assert refund.state == RefundState.EXPORTED
