"""Money of nobody that the bank takes back: the two lines use each other up, and nobody is paid a second time."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.entering import enter
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.programme import make_edition
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryBalance, EntryCost, EntryReturn, Refund
from chancery.domain.billing.queries.bank import list_lines
from chancery.domain.billing.queries.journal import journal
from chancery.domain.billing.queries.refunds import list_owed
from chancery.domain.billing.queries.returned_lines import find_return, list_counterparts
from chancery.domain.billing.states import RefundState, WorkState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.obligations.models import Obligation
from chancery.journey import reconcile, repay, settle

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 17, 12, 0, tzinfo=UTC)
THEIRS, OTHER = "FR1420041010050500013M02606", "DE89370400440532013000"
SUM = 50_000


@world
def lines(finance: Actor, folder: Path) -> tuple[BankEntry, BankEntry]:
    """A credit of nobody, and the debit with which the bank took it back."""
    billed_place(make_edition())
    return take_in(folder, finance, SUM), take_in(folder, finance, -SUM, reversal=True)


def take_in(folder: Path, actor: Actor, minor: int, **more: Any) -> BankEntry:
    number = BankEntry.objects.count() + 1
    told = {"payer_iban": THEIRS, "payer_name": "NOBODY", "value_date": date(2024, 10, 10 + number), **more}
    path = statement_file(folder, transfer(minor, text="gift", number=number, **told), name=f"{number}.xml")
    settle.import_statement(path, actor=actor, now=NOW)
    return BankEntry.objects.select_related("balance").latest("pk")


def standing(*entries: BankEntry) -> list[tuple[int, str]]:
    rows = EntryBalance.objects.in_bulk([each.pk for each in entries], field_name="entry_id")
    return [(rows[each.pk].left_minor, rows[each.pk].work_state) for each in entries]


def join(lines: tuple[BankEntry, BankEntry], actor: Actor) -> EntryReturn:
    credit, debit = lines
    return reconcile.join_return(debit_id=debit.pk, credit_id=credit.pk, actor=actor, now=NOW)


def test_both_lines_are_used_up_and_nothing_is_a_cost(lines: tuple[BankEntry, BankEntry], finance: Actor) -> None:
    join(lines, finance)

    assert standing(*lines) == [(0, WorkState.BOOKED), (0, WorkState.BOOKED)]
    assert not EntryCost.objects.exists()
    assert not list_lines().exists()
    assert {(row.debit, row.credit) for row in journal() if row.number.startswith("line")} == {
        ("bank", "money that waits"),
        ("money that waits", "bank"),
    }
    assert AuditEvent.objects.filter(name="billing.entry.returned").count() == 1


def test_what_was_taken_back_is_not_given_back_again(lines: tuple[BankEntry, BankEntry], finance: Actor) -> None:
    join(lines, finance)

    with pytest.raises(reconcile.SettingAsideNotPossible) as refused:
        reconcile.keep_to_return(entry_id=lines[0].pk, reason="unknown", actor=finance, now=NOW)

    assert refused.value.ruling.reasons == ("nothing_left",)


def test_no_refund_is_proposed_while_the_debit_waits(lines: tuple[BankEntry, BankEntry], finance: Actor) -> None:
    credit, debit = lines
    reconcile.keep_to_return(entry_id=credit.pk, reason="unknown", actor=finance, now=NOW)
    words = {"entry_id": credit.pk, "name": "Nobody", "iban": THEIRS, "evidence": "", "actor": finance, "now": NOW}

    with pytest.raises(repay.RefundNotPossible) as refused:
        repay.propose_refund(**words)
    assert refused.value.ruling.reasons == ("return_waits",)
    assert not Refund.objects.exists()

    reconcile.book_cost(entry_id=debit.pk, reason="another thing", actor=finance, now=NOW)
    assert repay.propose_refund(**words).amount_minor == SUM


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, 1),
        ({"payer_iban": OTHER}, 0),
        ({"payer_iban": "", "end_to_end_id": "ORDER-7"}, 1),
        ({"minor": -SUM + 1}, 0),
        ({"currency": "USD"}, 0),
    ],
    ids=["the same account", "another account", "the same reference", "another sum", "another currency"],
)
def test_the_line_is_suggested_by_sum_and_hand(
    finance: Actor, tmp_path: Path, more: dict[str, Any], expected: int
) -> None:
    billed_place(make_edition())
    credit = take_in(tmp_path, finance, SUM, end_to_end_id="ORDER-7")
    debit = take_in(tmp_path, finance, **{"minor": -SUM, "end_to_end_id": "ORDER-8", **more})

    assert list_counterparts(debit) == [credit][:expected]
    assert list_counterparts(credit) == [debit][:expected]


@pytest.mark.parametrize(
    ("before", "why"),
    [("twice", "line_is_used"), ("cost", "line_is_used"), ("round", "not_its_return"), ("sum", "not_its_return")],
)
def test_what_is_no_return_is_refused(
    lines: tuple[BankEntry, BankEntry], finance: Actor, tmp_path: Path, before: str, why: str
) -> None:
    credit, debit = lines
    if before == "twice":
        join(lines, finance)
    if before == "cost":
        reconcile.book_cost(entry_id=debit.pk, reason="fee", actor=finance, now=NOW)
    if before == "round":
        credit, debit = debit, credit
    if before == "sum":
        debit = take_in(tmp_path, finance, -SUM - 1)
    was = standing(credit, debit)

    with pytest.raises(reconcile.SettingAsideNotPossible) as refused:
        join((credit, debit), finance)

    assert refused.value.ruling.reasons == (why,)
    assert standing(credit, debit) == was


def test_the_database_joins_no_line_with_itself(lines: tuple[BankEntry, BankEntry]) -> None:
    with pytest.raises(IntegrityError, match="entry_return_is_another_line"), transaction.atomic():
        EntryReturn.objects.create(credit=lines[0], debit=lines[0], amount_minor=1, actor="user:1", at=NOW)


def test_the_page_of_the_debit_offers_it_and_that_of_the_credit_shows_it(
    lines: tuple[BankEntry, BankEntry], settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client, (credit, debit) = enter(Role.FINANCE), lines

    of_debit = client.get(reverse("show-line", args=[debit.pk])).content.decode()
    of_credit = client.get(reverse("show-line", args=[credit.pk])).content.decode()
    answers = [client.post(reverse("join-return", args=[debit.pk, credit.pk])).status_code for _ in range(2)]

    assert "This takes that line back" in of_debit
    assert "the same account of the payer" in of_debit
    assert "may take this back" in of_credit
    assert "This takes that line back" not in of_credit
    assert answers == [302, 409]
    assert "It took another line back." in client.get(reverse("show-line", args=[debit.pk])).content.decode()
    assert "It was taken back by another line." in client.get(reverse("show-line", args=[credit.pk])).content.decode()


def part(joined: EntryReturn, actor: Actor, reason: str = "another gift") -> EntryReturn:
    return reconcile.part_return(return_id=joined.pk, reason=reason, actor=actor, now=NOW)


def test_lines_that_were_joined_wrongly_wait_again_and_may_be_joined_anew(
    lines: tuple[BankEntry, BankEntry], finance: Actor
) -> None:
    joined = join(lines, finance)

    parted = part(joined, finance)

    assert (parted.reverses, find_return(lines[0])) == (joined, None)
    assert standing(*lines) == [(SUM, WorkState.SUSPENSE), (-SUM, WorkState.OUTGOING)]
    assert AuditEvent.objects.filter(name="billing.return.parted").count() == 1
    again = join(lines, finance)
    assert find_return(lines[1]) == again


def test_what_was_joined_is_parted_once_and_with_a_reason(lines: tuple[BankEntry, BankEntry], finance: Actor) -> None:
    joined = join(lines, finance)

    with pytest.raises(reconcile.SettingAsideNotPossible, match="reason_missing"):
        part(joined, finance, " ")
    part(joined, finance)
    with pytest.raises(reconcile.SettingAsideNotPossible, match="already_taken_back"):
        part(joined, finance)


def test_the_page_of_a_joined_line_takes_it_back(
    lines: tuple[BankEntry, BankEntry], finance: Actor, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    join(lines, finance)
    client, act = enter(Role.FINANCE), reverse("part-return", args=[lines[0].pk])

    assert "That was named wrongly" in client.get(reverse("show-line", args=[lines[0].pk])).content.decode()
    assert client.post(act, {"reason": ""}).status_code == 422
    assert "Both lines wait again." in client.post(act, {"reason": "wrong one"}, follow=True).content.decode()
    assert client.post(act, {"reason": "wrong one"}).status_code == 404


@pytest.fixture
def proposed(finance: Actor, tmp_path: Path) -> Refund:
    """A refund that is proposed before its line is taken back."""
    billed_place(make_edition())
    credit = take_in(tmp_path, finance, SUM)
    reconcile.keep_to_return(entry_id=credit.pk, reason="unknown", actor=finance, now=NOW)
    words = {"name": "Nobody", "iban": THEIRS, "evidence": "", "actor": finance, "now": NOW}
    return repay.propose_refund(entry_id=credit.pk, **words)


def approve(refund: Refund) -> Refund:
    second = user_actor(make_officer(Role.SECOND_PERSON).pk)
    return repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=NOW)


def test_a_debit_that_is_read_after_the_proposal_stops_its_approval(
    proposed: Refund, finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -SUM, reversal=True)

    with pytest.raises(repay.RefundNotPossible, match="return_waits"):
        approve(proposed)

    reconcile.book_cost(entry_id=debit.pk, reason="another thing", actor=finance, now=NOW)
    assert approve(proposed).state == RefundState.APPROVED


def test_a_debit_that_is_read_after_the_approval_keeps_it_out_of_the_file(
    proposed: Refund, finance: Actor, tmp_path: Path, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    approve(proposed)
    debit = take_in(tmp_path, finance, -SUM, reversal=True)

    with pytest.raises(repay.NothingToPay):
        repay.make_refund_file(actor=finance, now=NOW)
    page = enter(Role.FINANCE).get(reverse("list-refunds")).content.decode()
    assert "A debit of the same money waits" in page
    assert reverse("show-line", args=[debit.pk]) in page
    assert "Make the file" not in page

    reconcile.book_cost(entry_id=debit.pk, reason="another thing", actor=finance, now=NOW)
    assert repay.make_refund_file(actor=finance, now=NOW).refunds.get() == proposed


@pytest.mark.parametrize(
    "more",
    [{"payer_iban": OTHER}, {"minor": -SUM + 1}, {"currency": "USD"}],
    ids=["another account", "another sum", "another currency"],
)
def test_another_debit_stops_no_refund(proposed: Refund, finance: Actor, tmp_path: Path, more: dict[str, Any]) -> None:
    take_in(tmp_path, finance, **{"minor": -SUM, **more})

    assert approve(proposed).state == RefundState.APPROVED


def test_what_was_promised_of_a_line_that_is_taken_back_is_promised_no_longer(
    proposed: Refund, finance: Actor, tmp_path: Path
) -> None:
    approve(proposed)
    repay.make_refund_file(actor=finance, now=NOW)
    repay.fail_refund(refund_id=proposed.pk, reason="closed", actor=finance, now=NOW)
    debit = take_in(tmp_path, finance, -SUM, reversal=True)

    joined = join((proposed.entry, debit), finance)

    running = Obligation.objects.filter(kind="refund", met_at=None, dropped_at=None)
    assert (list_owed(proposed.entry_id), running.count()) == ([], 0)
    part(joined, finance)
    assert ([each.owed_minor for each in list_owed(proposed.entry_id)], running.count()) == ([SUM], 1)
