"""What left twice and came back once: no cost any more, and no refund of somebody else's payment."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories.entering import enter
from tests.journey.test_refunds_come_back_together import came_back, keys, stand, told, undo
from tests.journey.test_refunds_leave import LATER, NOW, PARIS, SUM, approve, left_of, money_that_waits, take_in
from tests.journey.test_refunds_leave_together import file_of_three, letters, name, propose_anew
from tests.worlds import world

from chancery.domain.billing.models import BankEntry, EntryCost, Refund
from chancery.domain.billing.queries.coming_back import list_possible_returns
from chancery.domain.billing.states import UNDER_WAY, Noted, WorkState
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import Actor
from chancery.journey import reconcile, repay

pytestmark = pytest.mark.django_db


@world
def paid_anew(finance: Actor, second: Actor, folder: Path) -> list[Refund]:
    """Three refunds of one file; the first was called failed, and its money left by a new one."""
    held = file_of_three(finance, second, folder)
    anew = approve(propose_anew(held[0], finance), second)
    repay.make_refund_file(actor=finance, now=NOW)
    take_in(folder, finance, -SUM, end_to_end_id=anew.end_to_end_id)
    return held


@world
def left_twice(paid_anew: list[Refund], finance: Actor, folder: Path) -> BankEntry:
    """The debit with which all three left after all; what left twice is a cost."""
    debit = take_in(folder, finance, -3 * SUM)
    name(paid_anew[1:], debit, finance, "paid twice")
    return debit


@world
def others_left(paid_anew: list[Refund], finance: Actor, folder: Path) -> list[Refund]:
    """The other two left by themselves."""
    for refund in paid_anew[1:]:
        take_in(folder, finance, -SUM, end_to_end_id=refund.end_to_end_id)
    return paid_anew


def costs() -> list[int]:
    rows = EntryCost.objects.filter(reverses=None, reversed_by=None).order_by("pk")
    return list(rows.values_list("amount_minor", flat=True))


def debits(refunds: list[Refund]) -> list[int | None]:
    rows = Refund.objects.filter(pk__in=keys(refunds)).order_by("pk")
    return list(rows.values_list("debit", flat=True))


def waits_on_pages() -> int:
    """What pages show: all that is left of lines and refunds that are under way."""
    left = sum(left_of(entry)[0] for entry in BankEntry.objects.filter(status="booked"))
    return left + sum(Refund.objects.filter(state__in=UNDER_WAY).values_list("amount_minor", flat=True))


def test_what_left_twice_and_comes_back_by_its_reference_is_no_cost_any_more(
    paid_anew: list[Refund], left_twice: BankEntry, finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, SUM, end_to_end_id=paid_anew[0].end_to_end_id)

    assert stand(paid_anew) == [("failed", credit.pk), ("sent", None), ("sent", None)]
    assert debits(paid_anew) == [left_twice.pk] * 3
    assert (costs(), left_of(left_twice), left_of(credit)) == ([], (0, WorkState.BOOKED), (0, WorkState.BOOKED))
    assert (money_that_waits(), waits_on_pages()) == (0, 0)
    assert EntryCost.objects.latest("pk").reason == Noted.CAME_BACK_AFTER_ALL


@pytest.mark.parametrize("kept", [0, 900])
def test_what_comes_back_with_the_others_of_its_file_is_no_cost_any_more(
    paid_anew: list[Refund], left_twice: BankEntry, finance: Actor, tmp_path: Path, kept: int
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM - kept, remittance=(paid_anew[1].end_to_end_id,))
    assert told(credit) == keys(paid_anew)

    came_back(paid_anew, credit, finance)

    assert debits(paid_anew) == [left_twice.pk] * 3
    assert (costs(), left_of(left_twice)[0], left_of(credit)[0]) == ([-kept] if kept else [], 0, 0)
    assert money_that_waits() == waits_on_pages() == 2 * SUM


def test_its_own_debit_that_was_booked_whole_as_a_cost_is_its_leaving(
    paid_anew: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=paid_anew[0].end_to_end_id)
    reconcile.book_cost(entry_id=debit.pk, reason="paid twice", actor=finance, now=LATER)

    take_in(tmp_path, finance, SUM, end_to_end_id=paid_anew[0].end_to_end_id)

    assert (costs(), debits(paid_anew)[0], left_of(debit)) == ([], debit.pk, (0, WorkState.BOOKED))
    assert money_that_waits() == waits_on_pages() == 2 * SUM  # the others are with the bank


def test_a_cost_of_another_sum_stays(paid_anew: list[Refund], finance: Actor, tmp_path: Path) -> None:
    debit = take_in(tmp_path, finance, -3 * SUM - 250, end_to_end_id=paid_anew[1].end_to_end_id)
    name(paid_anew[1:], debit, finance, "paid twice, and charges")

    take_in(tmp_path, finance, SUM, end_to_end_id=paid_anew[0].end_to_end_id)

    assert (costs(), debits(paid_anew)) == ([-SUM - 250], [None, debit.pk, debit.pk])


def test_it_is_a_cost_again_where_it_did_not_come_back(
    paid_anew: list[Refund], left_twice: BankEntry, finance: Actor, tmp_path: Path
) -> None:
    credit = take_in(tmp_path, finance, 3 * SUM)
    for _ in range(2):
        came_back(paid_anew, credit, finance)
        undo(credit, finance)

    assert stand(paid_anew) == [("failed", None), ("sent", None), ("sent", None)]
    assert debits(paid_anew) == [None, left_twice.pk, left_twice.pk]
    assert (costs(), EntryCost.objects.latest("pk").reason) == ([-SUM], "paid twice")
    assert (left_of(left_twice), left_of(credit)) == ((0, WorkState.BOOKED), (3 * SUM, WorkState.SUSPENSE))
    assert money_that_waits() == waits_on_pages() == 3 * SUM
    assert letters("refund_not_back") == 2


# Somebody else's payment of the same sum.


def test_a_wrong_word_is_taken_back_though_one_was_paid_anew_before(
    others_left: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    gift = take_in(tmp_path, finance, 3 * SUM)
    assert told(gift) == ()
    came_back(others_left, gift, finance)

    undo(gift, finance)

    assert stand(others_left) == [("failed", None), ("sent", None), ("sent", None)]
    assert [left_of(refund.entry)[0] for refund in others_left] == [0, 0, 0]
    assert left_of(gift) == (3 * SUM, WorkState.SUSPENSE)
    assert money_that_waits() == waits_on_pages() == 3 * SUM


def test_a_wrong_word_of_the_one_that_was_paid_anew_is_taken_back(
    others_left: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    gift = take_in(tmp_path, finance, SUM, payer_iban=PARIS)
    came_back(others_left[:1], gift, finance)

    undo(gift, finance)

    assert (stand(others_left[:1]), left_of(gift)) == ([("failed", None)], (SUM, WorkState.SUSPENSE))


def test_what_was_paid_anew_after_that_word_stays(others_left: list[Refund], finance: Actor, tmp_path: Path) -> None:
    gift = take_in(tmp_path, finance, 3 * SUM)
    came_back(others_left, gift, finance)
    words = {"name": "Ejemplo", "iban": PARIS, "evidence": "", "actor": finance}
    repay.propose_refund(entry_id=others_left[1].entry_id, now=LATER, **words)

    with pytest.raises(repay.RefundNotPossible, match="taken_over"):
        undo(gift, finance)


def test_a_debit_that_was_read_meanwhile_waits_again_where_the_money_was_paid_anew(
    others_left: list[Refund], finance: Actor, tmp_path: Path
) -> None:
    gift = take_in(tmp_path, finance, SUM, payer_iban=PARIS)
    came_back(others_left[:1], gift, finance)
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=others_left[0].end_to_end_id)
    assert (debits(others_left)[0], left_of(debit)[0]) == (debit.pk, 0)

    undo(gift, finance)

    assert (stand(others_left[:1]), debits(others_left)[0]) == ([("failed", None)], None)
    assert left_of(debit) == (-SUM, WorkState.OUTGOING)
    reconcile.book_cost(entry_id=debit.pk, reason="paid twice", actor=finance, now=LATER)
    assert money_that_waits() == waits_on_pages() == SUM


def test_one_that_was_called_failed_and_left_is_sent_where_it_did_not_come_back(
    finance: Actor, second: Actor, tmp_path: Path
) -> None:
    held = file_of_three(finance, second, tmp_path)
    repay.fail_refund(refund_id=held[0].pk, reason="the bank called", actor=finance, now=NOW)
    gift = take_in(tmp_path, finance, SUM, payer_iban=PARIS)
    came_back(held[:1], gift, finance)
    debit = take_in(tmp_path, finance, -SUM, end_to_end_id=held[0].end_to_end_id)

    undo(gift, finance)

    assert (stand(held[:1]), debits(held)[0]) == ([("sent", None)], debit.pk)
    assert left_of(held[0].entry) == (0, WorkState.BOOKED)


def test_only_what_came_back_was_called_failed_before(paid_anew: list[Refund]) -> None:
    with pytest.raises(IntegrityError, match="refund_called_failed_came_back"), transaction.atomic():
        Refund.objects.filter(pk=paid_anew[0].pk).update(called_failed=True)


@pytest.fixture
def client(others_left: list[Refund], settings) -> Client:
    settings.SECOND_FACTOR_REQUIRED = False
    return enter(Role.FINANCE)


@pytest.mark.parametrize("is_named", [True, False])
def test_one_that_was_paid_anew_is_no_first_choice_unless_the_bank_names_it(
    others_left: list[Refund], client: Client, finance: Actor, tmp_path: Path, *, is_named: bool
) -> None:
    text = (others_left[0].end_to_end_id,) if is_named else ()
    credit = take_in(tmp_path, finance, SUM - (100 if is_named else 0), payer_iban=PARIS, remittance=text)

    page = client.get(reverse("show-line", args=[credit.pk])).content.decode()

    assert others_left[0] in [refund for refund, _ in list_possible_returns(credit)]
    assert page.count("Its money is proposed anew or booked elsewhere") >= 1
    card = page[page.index(f'id="r{others_left[0].pk}"') :]
    assert ("btn-primary" in card[: card.index("</article>")]) is is_named
