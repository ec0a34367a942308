"""Which refund a debit is: something has to speak for it, and what is called charges has a bound."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.billing.matching.leavings import (
    MOST_CHARGES,
    LeavingSign,
    PaidFile,
    weigh_files,
    weigh_leavings,
)
from chancery.domain.billing.matching.returns import Paid, ToldLine

OURS = "REFUND0123456789ABCDEF"
PARIS, TURIN = "FR1420041010050500013M02606", "IT60X0542811101000000123456"
TO_PARIS = Paid(1, OURS, PARIS, 74_063, "EUR", "METROPOLE DU GRAND PARIS")
BY_HAND = Paid(2, "REFUND00000000000000FF", "", 74_063, "EUR", "Accra Assembly")
R, S, MORE, A, OTHER, N = LeavingSign


@pytest.mark.parametrize(
    ("debit", "signs"),
    [
        pytest.param(ToldLine(-74_063, "EUR"), (S,), id="the sum, and nothing against it"),
        pytest.param(ToldLine(-74_063, "EUR", account=PARIS), (S, A), id="sum and account"),
        pytest.param(ToldLine(-75_563, "EUR", account=PARIS), (MORE, A), id="its account, with charges"),
        pytest.param(ToldLine(-75_563, "EUR", name="Métropole du Grand Paris"), (MORE, N), id="its name, with charges"),
        pytest.param(ToldLine(-100_000, "EUR", end_to_end_id=OURS), (R, MORE), id="it names the refund"),
        pytest.param(ToldLine(-74_063, "EUR", account=TURIN), None, id="the sum went elsewhere"),
        pytest.param(ToldLine(-75_563, "EUR"), None, id="only a sum with charges"),
        pytest.param(ToldLine(-100_000, "EUR", account=PARIS), None, id="too much for charges"),
        pytest.param(ToldLine(-74_062, "EUR", account=PARIS), None, id="less than the refund"),
        pytest.param(ToldLine(-74_063, "USD", account=PARIS), None, id="another currency"),
    ],
)
def test_a_debit_is_a_refund_only_where_something_says_so(
    debit: ToldLine, signs: tuple[LeavingSign, ...] | None
) -> None:
    assert [each.signs for each in weigh_leavings(debit, [TO_PARIS])] == ([signs] if signs else [])


@given(beside=st.integers(1, 2 * MOST_CHARGES))
def test_a_payment_to_an_account_in_words_may_hold_charges_and_is_not_likely(beside: int) -> None:
    found = weigh_leavings(ToldLine(-74_063 - beside, "EUR", account=TURIN), [BY_HAND])

    assert [each.is_likely for each in found] == ([False] if beside <= MOST_CHARGES else [])


MESSAGE = "20241017120000-0a1b2c3d4e5f"
FILE = PaidFile(7, MESSAGE, (TO_PARIS, BY_HAND))
BOTH = 2 * 74_063


@pytest.mark.parametrize(
    ("debit", "raw", "found"),
    [
        pytest.param(ToldLine(-BOTH, "EUR"), "", (False, True, 0), id="the sum"),
        pytest.param(
            ToldLine(-BOTH, "EUR", remittance=f"KREF+{MESSAGE.upper()}"), "", (True, True, 0), id="it names it"
        ),
        pytest.param(ToldLine(-BOTH - 250, "EUR"), f"<MsgId>{MESSAGE}</MsgId>", (True, True, 250), id="with charges"),
        pytest.param(ToldLine(-BOTH - 250, "EUR"), "", None, id="only a sum with charges"),
        pytest.param(ToldLine(-BOTH - 10_001, "EUR"), MESSAGE, (True, False, 10_001), id="too much for charges"),
        pytest.param(ToldLine(-BOTH + 1, "EUR"), MESSAGE, (True, False, -1), id="named, less than the file"),
        pytest.param(ToldLine(-BOTH, "USD"), MESSAGE, (True, False, 0), id="named, in another currency"),
        pytest.param(ToldLine(-BOTH, "USD"), "", None, id="the sum in another currency"),
    ],
)
def test_a_debit_is_a_file_by_its_sum_or_by_what_it_names(
    debit: ToldLine, raw: str, found: tuple[bool, bool, int] | None
) -> None:
    weighed = weigh_files(replace(debit, raw=raw), [FILE])

    assert [(each.is_named, each.is_sum, each.exceeds_cents) for each in weighed] == ([found] if found else [])
    assert {key for each in weighed for key in each.refunds} == ({1, 2} if found else set())


def test_a_file_of_one_refund_is_no_sum() -> None:
    assert weigh_files(ToldLine(-74_063, "EUR"), [PaidFile(7, MESSAGE, (TO_PARIS,))]) == ()


def test_of_two_files_of_one_sum_the_named_one_comes_first() -> None:
    files = [PaidFile(6, "ANOTHER", FILE.refunds), FILE]

    assert [each.key for each in weigh_files(ToldLine(-BOTH, "EUR", remittance=MESSAGE), files)] == [7, 6]
