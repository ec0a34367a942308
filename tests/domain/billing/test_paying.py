"""Which refunds may be approved, held by a file or ordered by hand: one rule, and each no with its reason."""

from typing import Any

import pytest

from chancery.domain.billing.policies.paying import (
    PayingFacts,
    may_be_approved,
    may_be_in_a_file,
    may_be_ordered_by_hand,
    why_nothing_is_paid,
)
from chancery.foundation.ruling import ALLOWED, refusal

NOTHING_AGAINST: dict[str, Any] = {
    "is_approved": True,
    "has_account": True,
    "is_by_hand": False,
    "is_name_writable": True,
    "currency": "EUR",
    "is_held": False,
    "is_taken_back": False,
    "may_have_come_back": False,
    "exceeds_received": False,
    "may_have_left": False,
}

BY_HAND = {"may_have_left": "may_be_this_refund"}


def facts(**against: Any) -> PayingFacts:
    return PayingFacts(**{**NOTHING_AGAINST, **against})


@pytest.mark.parametrize(
    ("against", "approval", "file", "by_hand"),
    [
        ({}, (), (), ("no_instruction",)),
        ({"is_by_hand": True}, (), ("paid_by_hand",), ()),
        ({"is_approved": False}, (), ("not_approved",), ("no_instruction",)),
        ({"has_account": False, "is_approved": False}, ("account_missing",), ("not_approved",), ("no_instruction",)),
        ({"currency": "USD", "is_by_hand": True}, (), ("paid_by_hand", "not_sepa"), ()),
        ({"is_name_writable": False}, (), ("name_not_writable",), ("no_instruction",)),
        *(
            ({fact: True, "is_by_hand": True}, approval, ("paid_by_hand", code), (BY_HAND.get(code, code),))
            for fact, code, approval in [
                ("is_held", "country_held", ()),
                ("may_have_left", "may_have_left", ()),
                ("is_taken_back", "return_waits", ("return_waits",)),
                ("may_have_come_back", "may_have_come_back", ("may_have_come_back",)),
                ("exceeds_received", "more_than_received", ("more_than_received",)),
            ]
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)
def test_each_way_to_pay_a_refund_says_what_stands_against_it(
    against: dict[str, Any], approval: tuple[str, ...], file: tuple[str, ...], by_hand: tuple[str, ...]
) -> None:
    of = facts(**against)

    assert may_be_approved(of).reasons == approval
    assert may_be_in_a_file(of).reasons == file
    assert may_be_ordered_by_hand(of).reasons == by_hand


def test_a_sum_above_what_came_is_said_by_the_line_that_waits() -> None:
    assert may_be_approved(facts(is_taken_back=True, exceeds_received=True)).reasons == ("return_waits",)


def test_a_file_of_nothing_names_what_has_to_be_looked_at() -> None:
    held, gone = refusal("country_held"), refusal("may_have_left", "country_held")

    assert why_nothing_is_paid([ALLOWED, held]).reasons == ("nothing_to_pay",)
    assert why_nothing_is_paid([held, gone, gone]).reasons == ("may_have_left",)
