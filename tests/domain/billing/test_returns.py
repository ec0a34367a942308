"""Which refund a credit is: surely by our reference and the same sum; else a person is shown what speaks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.billing.matching import Book, Doubt, EntryFacts, weigh
from chancery.domain.billing.matching.returns import Paid, ReturnSign, ToldLine, weigh_returns
from chancery.domain.billing.references import new_refund_reference

OURS = "REFUND0123456789ABCDEF"
THEIR_IBAN = "FR1420041010050500013M02606"
PAID = Paid(1, OURS, THEIR_IBAN, 25_000, "EUR")
R, S, SHORT, A, T, *_ = ReturnSign


@pytest.mark.parametrize(
    ("credit", "signs"),
    [
        pytest.param(ToldLine(25_000, "EUR", end_to_end_id=OURS), (R, S), id="our reference and the sum"),
        pytest.param(ToldLine(25_000, "EUR", remittance=f"RETURN {OURS}."), (R, S, T), id="our reference in the text"),
        pytest.param(ToldLine(24_500, "EUR", end_to_end_id=OURS), (R, SHORT), id="our reference, less money"),
        pytest.param(ToldLine(25_000, "EUR", account=THEIR_IBAN), (S, A), id="the sum from the account"),
        pytest.param(ToldLine(25_000, "EUR", reversal=True), (S, T), id="the sum, marked as taken back"),
        pytest.param(ToldLine(25_000, "EUR", raw="<a:RtrInf><Rsn/></a:RtrInf>"), (S, T), id="the sum, with a reason"),
        pytest.param(
            ToldLine(24_500, "EUR", account=THEIR_IBAN, reversal=True), None, id="less, without our reference"
        ),
        pytest.param(ToldLine(25_001, "EUR", end_to_end_id=OURS), None, id="more than was paid"),
        pytest.param(ToldLine(25_000, "USD", end_to_end_id=OURS), None, id="another currency"),
        pytest.param(ToldLine(25_000, "EUR"), None, id="only the sum"),
        pytest.param(ToldLine(25_000, "EUR", end_to_end_id=f"{OURS}7"), None, id="a reference that runs on"),
        pytest.param(ToldLine(-25_000, "EUR", end_to_end_id=OURS), None, id="money going out"),
    ],
)
def test_a_return_is_known_by_reference_or_by_sum_with_more(credit: ToldLine, signs: tuple[ReturnSign, ...]) -> None:
    assert [each.signs for each in weigh_returns(credit, [PAID])] == ([signs] if signs else [])


@given(amount=st.integers(-30_000, 30_000), reference=st.sampled_from([OURS, "REFUND00000000000000FF", ""]))
def test_only_our_reference_with_the_whole_sum_is_sure(amount: int, reference: str) -> None:
    sure = [each for each in weigh_returns(ToldLine(amount, "EUR", end_to_end_id=reference), [PAID]) if each.is_sure]

    assert bool(sure) == (amount == 25_000 and reference == OURS)


def test_the_surest_comes_first() -> None:
    alike = Paid(0, new_refund_reference(), THEIR_IBAN, 25_000, "EUR")
    credit = ToldLine(25_000, "EUR", end_to_end_id=OURS, account=THEIR_IBAN)

    assert [each.key for each in weigh_returns(credit, [alike, PAID])] == [1, 0]


def test_money_that_names_a_refund_is_never_booked_to_a_bill_by_itself() -> None:
    match = weigh(EntryFacts(25_000, "EUR", end_to_end_id=OURS), Book([]))

    assert (match.is_booked, Doubt.REFUND_NAMED in match.reasons) == (False, True)
