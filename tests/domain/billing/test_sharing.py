"""Two payers of one fee: the shares add up, and what goes back adds up too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.billing.policies import spread
from chancery.domain.billing.policies.sharing import Share, may_share, shares_of
from chancery.foundation.money import share_of

FEES = st.integers(min_value=1, max_value=10_000_000)


@pytest.mark.parametrize(
    ("share", "shares"),
    [
        pytest.param(Share(minor=50_000), (100_000, 50_000), id="the person pays five hundred"),
        pytest.param(Share(percent=Decimal("33.33")), (100_005, 49_995), id="a third"),
        pytest.param(Share(percent=Decimal("0.01")), (149_985, 15), id="the smallest part"),
        pytest.param(Share(minor=149_999), (1, 149_999), id="all but a cent"),
    ],
)
def test_the_first_payer_pays_what_the_second_does_not(share: Share, shares: tuple[int, int]) -> None:
    assert (shares_of(150_000, share), bool(may_share(150_000, share))) == (shares, True)


@pytest.mark.parametrize("share", [Share(minor=150_000), Share(minor=150_001), Share(percent=Decimal(0))])
def test_a_share_leaves_something_to_both(share: Share) -> None:
    assert may_share(150_000, share).reasons == ("share_out_of_range",)


@given(fee=FEES, percent=st.decimals(min_value=0, max_value=100, places=2))
def test_shares_in_percent_add_up_to_the_fee_to_the_cent(fee: int, percent: Decimal) -> None:
    first, second = shares_of(fee, Share(percent=percent))

    assert (first + second, first >= 0, second >= 0) == (fee, True, True)


@given(first=st.integers(0, 5_000_000), second=st.integers(0, 5_000_000), rate=st.decimals(0, 1, places=2))
def test_what_goes_back_is_the_share_of_all_that_was_paid_and_nobody_gets_more_than_they_paid(
    first: int, second: int, rate: Decimal
) -> None:
    refund = share_of(first + second, rate)

    back = spread(refund, {1: first, 2: second})

    assert sum(back.values()) == refund
    assert (back[1] <= first, back[2] <= second) == (True, True)
    exact = [Decimal(refund * paid) / max(first + second, 1) for paid in (first, second)]
    assert all(abs(back[key] - want) < 1 for key, want in zip((1, 2), exact, strict=True))
