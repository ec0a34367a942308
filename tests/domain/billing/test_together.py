"""Which refunds a credit may be together: whole by its sum or by what the bank names, else a part that nobody knows."""

import pytest

from chancery.domain.billing.matching.returns import Paid, ReturnSign, ToldLine
from chancery.domain.billing.matching.together import WentTogether, weigh_together

REFERENCES = ("REFUND0123456789ABCDEF", "REFUND00000000000000FF", "REFUND11111111111111AA")
SUMS = (50_000, 40_000, 30_000)
PAID = tuple(
    Paid(key, reference, "", cents, "EUR") for key, (reference, cents) in enumerate(zip(REFERENCES, SUMS, strict=True))
)
GROUP = WentTogether(PAID, frozenset({"Chancery-2024-77"}))
FILE, REFERENCE, TOGETHER, TOLD = ReturnSign.FILE, ReturnSign.REFERENCE, ReturnSign.TOGETHER, ReturnSign.TOLD


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        pytest.param(ToldLine(120_000, "EUR"), ((TOGETHER,), False, True), id="the sum"),
        pytest.param(ToldLine(120_000, "EUR", reversal=True), ((TOGETHER, TOLD), False, True), id="marked"),
        pytest.param(ToldLine(119_000, "EUR", remittance=f"RET {REFERENCES[1]}"), ((REFERENCE,), True, True), id="one"),
        pytest.param(ToldLine(119_000, "EUR", raw="<MsgId>CHANCERY-2024-77<"), ((FILE,), True, True), id="the file"),
        pytest.param(ToldLine(90_000, "EUR", raw="<MsgId>Chancery-2024-77<"), ((FILE,), True, False), id="its part"),
        pytest.param(ToldLine(119_000, "EUR"), ((), False, False), id="less, and nothing named"),
        pytest.param(ToldLine(30_001, "EUR"), ((), False, False), id="more than the smallest"),
        pytest.param(ToldLine(30_000, "EUR", reversal=True), None, id="one alone"),
        pytest.param(ToldLine(120_001, "EUR", raw="Chancery-2024-77"), None, id="more than went"),
        pytest.param(ToldLine(120_000, "USD"), None, id="another currency"),
        pytest.param(ToldLine(-120_000, "EUR"), None, id="money going out"),
    ],
)
def test_a_credit_is_refunds_that_went_together_by_their_sum_or_by_name(
    credit: ToldLine, found: tuple[tuple[ReturnSign, ...], bool, bool] | None
) -> None:
    weighed = weigh_together(credit, [GROUP])

    assert [(each.signs, each.is_named, each.is_whole) for each in weighed] == ([found] if found else [])


def test_charges_are_less_than_the_smallest_of_them() -> None:
    small = WentTogether(
        (Paid(1, REFERENCES[0], "", 900, "EUR"), Paid(2, REFERENCES[1], "", 5_000, "EUR")), frozenset()
    )

    whole = {
        kept: weigh_together(ToldLine(5_900 - kept, "EUR", end_to_end_id=REFERENCES[0]), [small])[0].is_whole
        for kept in (899, 900)
    }

    assert whole == {899: True, 900: False}


def test_what_is_named_comes_first_then_what_it_is_whole_then_the_newest() -> None:
    groups = [
        WentTogether(tuple(Paid(first + key, f"R{first + key}", "", 60_000, "EUR") for key in range(many)), frozenset())
        for first, many in ((10, 2), (20, 3), (30, 4))
    ]

    keys = [
        each.refunds[0] for each in weigh_together(ToldLine(120_000, "EUR", raw="Chancery-2024-77"), [*groups, GROUP])
    ]

    assert keys == [0, 10, 30, 20]
