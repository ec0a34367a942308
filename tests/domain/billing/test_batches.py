"""Which announced payments a booked sum is made of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chancery.domain.billing.matching.batches import Announced, Batch, BookedSum, batches_in, pair_batches

DAY = date(2024, 10, 21)
HEAD = '<a:Ntry xmlns:a="x"><a:AcctSvcrRef> WHOLE </a:AcctSvcrRef><a:NtryDtls/></a:Ntry>'
ITEM = Announced(1, 1, DAY, 1_000, "EUR", f"{HEAD}\n<a:TxDtls/>")
BATCH = Batch((1, 2), 1, DAY, 3_000, "EUR", "WHOLE")
SUM = BookedSum(9, 1, DAY, 3_000, "EUR", "WHOLE", plain=True)


def test_items_of_one_entry_are_a_batch() -> None:
    other = f"{HEAD.replace('WHOLE', 'OTHER')}\n<a:TxDtls/>"
    rows = [ITEM, replace(ITEM, key=2, amount_cents=2_000), replace(ITEM, key=3, raw=other)]

    assert batches_in(rows) == [BATCH]


@pytest.mark.parametrize("raw", ["", HEAD, "<TxDtls/>"])
def test_a_payment_of_its_own_is_no_batch(raw: str) -> None:
    assert batches_in([replace(ITEM, raw=raw), replace(ITEM, key=2, raw=raw)]) == []


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        pytest.param({}, True, id="the same reference"),
        pytest.param({"plain": False}, True, id="the same reference, and words of its own"),
        pytest.param({"reference": ""}, True, id="no reference told"),
        pytest.param({"reference": "", "plain": False}, False, id="no reference, and words of its own"),
        pytest.param({"reference": "ANOTHER"}, False, id="another reference"),
        pytest.param({"amount_cents": 2_999}, False, id="another sum"),
        pytest.param({"currency": "USD"}, False, id="another currency"),
        pytest.param({"account": 2}, False, id="another account"),
        pytest.param({"day": DAY + timedelta(days=1)}, False, id="another day"),
    ],
)
def test_a_batch_explains_the_sum_of_its_account_day_and_reference(change: dict[str, object], fits: bool) -> None:
    assert pair_batches([BATCH], [replace(SUM, **change)]) == ([(9, (1, 2))] if fits else [])


def test_two_sums_that_fit_alike_wait_for_a_person() -> None:
    twins = [replace(SUM, reference=""), replace(SUM, key=10, reference="")]

    assert pair_batches([BATCH], twins) == []
    assert pair_batches([BATCH], [*twins, replace(SUM, key=11)]) == [(11, (1, 2))]


def test_a_sum_is_explained_once() -> None:
    assert pair_batches([BATCH, replace(BATCH, keys=(3, 4))], [SUM]) == [(9, (1, 2))]
