"""What a place costs, and why (promises B3, B4, B5)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.billing.quotes import (
    INCOME_CLASSES,
    InvalidQuoteFacts,
    LineReason,
    LookedAt,
    NotApplied,
    OfficerFee,
    OfficerReason,
    QuoteAnswer,
    QuoteFacts,
    WhatIf,
    quote_fee,
)
from chancery.domain.programme.policies import TermsRule


def terms(**changes: Any) -> TermsRule:
    values: dict[str, Any] = {
        "currency": "EUR",
        "standard_minor": 150_000,
        "member_minor": 100_000,
        "reference_year": 2023,
        "waiver_fiscal_year": "FY23",
    }
    return TermsRule(**values | changes)


def lines(quoted: QuoteAnswer) -> list[tuple[str, int]]:
    return [(line.reason.value, line.amount_minor) for line in quoted.lines]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            QuoteFacts(is_member=False, income_class="L"),
            [("rate.standard", 150_000)],
            id="no member: standard rate, low income or not",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=True, income_class="LM"),
            [("rate.member", 100_000)],
            id="Accra: member with paid dues",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=False, income_class="H"),
            [("rate.standard", 150_000)],
            id="member with unpaid dues",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=True, income_class="UM", group_size=2),
            [("rate.member", 100_000), ("discount.group", -10_000)],
            id="Medellin: two members, ten per cent of their own rate",
        ),
        pytest.param(
            QuoteFacts(is_member=False, income_class="H", group_size=5),
            [("rate.standard", 150_000), ("discount.group", -15_000)],
            id="group of no members",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=True, income_class="L"),
            [("rate.member", 100_000), ("waiver.low-income-member", -100_000)],
            id="Conakry: low income",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=False, income_class="L", group_size=3),
            [("rate.standard", 150_000), ("waiver.low-income-member", -150_000)],
            id="Addis Ababa: the waiver does not ask for dues, and is the best reduction",
        ),
        pytest.param(
            QuoteFacts(is_member=False, income_class=None),
            [("rate.standard", 150_000)],
            id="no member in an economy without a class: the class could change nothing",
        ),
    ],
)
def test_the_price_stands_with_its_reasons(facts: QuoteFacts, expected: list[tuple[str, int]]) -> None:
    quoted = quote_fee(facts, terms())

    assert (lines(quoted), quoted.officer_decides) == (expected, False)
    assert quoted.reasons == tuple(line.reason for line in quoted.lines)


@pytest.mark.parametrize(
    ("facts", "changes", "reasons"),
    [
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=True, income_class=None),
            {},
            (OfficerReason.ECONOMY_UNCLASSIFIED,),
            id="Caracas: a member's economy has no class",
        ),
        pytest.param(
            QuoteFacts(is_member=True, joined_after_reference_year=True, income_class="H"),
            {},
            (OfficerReason.JOINED_AFTER_REFERENCE_YEAR,),
            id="joined later and owed nothing",
        ),
        pytest.param(
            QuoteFacts(is_member=None, contributions_paid=True, income_class="H"),
            {},
            (OfficerReason.MEMBERSHIP_UNDECIDED,),
            id="a municipal company: staff of the member or not",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=None, income_class=None),
            {"waiver_needs_contributions": True},
            (OfficerReason.ECONOMY_UNCLASSIFIED,),
            id="the class matters once the dues turn up",
        ),
    ],
)
def test_an_officer_decides_where_an_open_fact_changes_the_fee(
    facts: QuoteFacts, changes: dict[str, Any], reasons: tuple[OfficerReason, ...]
) -> None:
    quoted = quote_fee(facts, terms(**changes))

    assert (quoted.fee_minor, quoted.lines, quoted.officer_decides, quoted.reasons) == (None, (), True, reasons)


@pytest.mark.parametrize(
    ("facts", "changes"),
    [
        pytest.param(
            QuoteFacts(is_member=True, joined_after_reference_year=True, income_class="L"),
            {},
            id="waived anyway, whatever the dues",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=False, income_class=None),
            {"waiver_needs_contributions": True},
            id="the waiver asks for dues that are unpaid",
        ),
        pytest.param(
            QuoteFacts(is_member=True, contributions_paid=True, income_class=None),
            {"waiver_fiscal_year": None},
            id="no waiver in the terms",
        ),
        pytest.param(
            QuoteFacts(is_member=None, contributions_paid=True, income_class="H"),
            {"member_minor": 150_000},
            id="the member rate is the standard rate",
        ),
    ],
)
def test_nobody_waits_for_an_officer_over_a_fact_that_changes_nothing(
    facts: QuoteFacts, changes: dict[str, Any]
) -> None:
    assert not quote_fee(facts, terms(**changes)).officer_decides


def test_the_officer_sees_what_the_open_fact_is_worth() -> None:
    quoted = quote_fee(QuoteFacts(is_member=True, contributions_paid=True, income_class=None), terms())

    assert quoted.what_if == (WhatIf("lowest", 0), WhatIf("highest", 100_000))


def test_dues_that_are_not_on_file_are_quoted_both_ways() -> None:
    quoted = quote_fee(QuoteFacts(is_member=True, contributions_paid=None, income_class="UM"), terms())

    assert quoted.fee_minor == 150_000
    assert quoted.what_if == (WhatIf("contributions.paid", 100_000), WhatIf("contributions.unpaid", 150_000))
    assert LookedAt(LineReason.MEMBER, NotApplied.CONTRIBUTIONS_UNKNOWN) in quoted.looked_at


def test_what_was_looked_at_and_not_applied_is_said() -> None:
    quoted = quote_fee(QuoteFacts(is_member=False, income_class="L", group_size=1), terms())

    assert quoted.looked_at == (
        LookedAt(LineReason.MEMBER, NotApplied.NOT_A_MEMBER),
        LookedAt(LineReason.LOW_INCOME_WAIVER, NotApplied.NOT_A_MEMBER),
        LookedAt(LineReason.GROUP_DISCOUNT, NotApplied.GROUP_TOO_SMALL),
    )


@pytest.mark.parametrize(
    ("stacks", "expected"),
    [
        pytest.param(False, [("rate.member", 100_000), ("waiver.low-income-member", -50_000)], id="best single"),
        pytest.param(
            True,
            [("rate.member", 100_000), ("waiver.low-income-member", -50_000), ("discount.group", -10_000)],
            id="both, each on the person's own rate",
        ),
    ],
)
def test_two_reductions_stack_only_by_setting(stacks: bool, expected: list[tuple[str, int]]) -> None:
    facts = QuoteFacts(is_member=True, contributions_paid=True, income_class="L", group_size=2)

    assert lines(quote_fee(facts, terms(waiver_share=Decimal("0.5"), group_stacks=stacks))) == expected


@pytest.mark.parametrize(
    ("standard", "rate", "discount"),
    [
        pytest.param(1005, "0.10", -101, id="half a cent is rounded up"),
        pytest.param(1004, "0.10", -100, id="less is rounded down"),
        pytest.param(1, "0.50", -1, id="the smallest amount"),
    ],
)
def test_a_discount_is_rounded_half_up(standard: int, rate: str, discount: int) -> None:
    rule = terms(standard_minor=standard, member_minor=0, group_rate=Decimal(rate))

    quoted = quote_fee(QuoteFacts(is_member=False, income_class="H", group_size=2), rule)

    assert lines(quoted)[-1] == ("discount.group", discount)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"group_size": 0}, id="a group of none"),
        pytest.param({"group_size": -1}, id="a negative group"),
        pytest.param({"income_class": "VH"}, id="a class that does not exist"),
    ],
)
def test_facts_that_describe_nobody_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuoteFacts):
        QuoteFacts(is_member=True, **facts)


def test_an_officers_fee_stands_with_its_own_reason() -> None:
    fee = OfficerFee(fee_minor=100_000, reason="no class for FY23; the member rate is fair")

    quoted = quote_fee(QuoteFacts(is_member=True, officer_fee=fee), terms())

    assert (lines(quoted), quoted.officer_decides) == ([("officer.fee", 100_000)], False)


@pytest.mark.parametrize("fee_minor", [-1, 150_001])
def test_an_officers_fee_stays_between_zero_and_the_standard_rate(fee_minor: int) -> None:
    facts = QuoteFacts(is_member=True, officer_fee=OfficerFee(fee_minor=fee_minor, reason="a slip"))

    with pytest.raises(InvalidQuoteFacts):
        quote_fee(facts, terms())


def test_a_reduction_of_nothing_leaves_no_line() -> None:
    rule = terms(standard_minor=0, member_minor=0)

    quoted = quote_fee(QuoteFacts(is_member=True, contributions_paid=True, income_class="L"), rule)

    assert (lines(quoted), quoted.fee_minor) == ([("rate.member", 0)], 0)


rates = st.decimals(min_value=0, max_value=1, places=3)


@st.composite
def some_terms(draw: st.DrawFn) -> TermsRule:
    standard = draw(st.integers(min_value=0, max_value=500_000))
    return terms(
        standard_minor=standard,
        member_minor=draw(st.integers(min_value=0, max_value=standard)),
        reference_year=draw(st.sampled_from([None, 2023])),
        waiver_fiscal_year=draw(st.sampled_from([None, "FY23"])),
        waiver_income_classes=draw(st.sampled_from([("L",), ("L", "LM"), ()])),
        waiver_share=draw(rates),
        waiver_needs_contributions=draw(st.booleans()),
        group_from=draw(st.integers(min_value=2, max_value=5)),
        group_rate=draw(rates),
        group_stacks=draw(st.booleans()),
    )


def known_facts() -> st.SearchStrategy[QuoteFacts]:
    return st.builds(
        QuoteFacts,
        is_member=st.booleans(),
        contributions_paid=st.booleans(),
        income_class=st.sampled_from(INCOME_CLASSES),
        group_size=st.integers(min_value=1, max_value=7),
    )


def any_facts() -> st.SearchStrategy[QuoteFacts]:
    return st.builds(
        QuoteFacts,
        is_member=st.sampled_from([None, False, True]),
        contributions_paid=st.sampled_from([None, False, True]),
        joined_after_reference_year=st.booleans(),
        income_class=st.sampled_from([None, *INCOME_CLASSES]),
        group_size=st.integers(min_value=1, max_value=7),
    )


@given(any_facts(), some_terms())
def test_the_lines_add_up_to_a_fee_between_zero_and_the_standard_rate(facts: QuoteFacts, rule: TermsRule) -> None:
    quoted = quote_fee(facts, rule)

    if quoted.officer_decides:
        assert (quoted.fee_minor, quoted.lines) == (None, ())
        assert quoted.reasons
        return
    assert quoted.fee_minor == sum(line.amount_minor for line in quoted.lines)
    assert 0 <= quoted.fee_minor <= rule.standard_minor


@given(any_facts(), some_terms())
def test_the_same_facts_give_the_same_quote(facts: QuoteFacts, rule: TermsRule) -> None:
    assert quote_fee(facts, rule) == quote_fee(replace(facts), replace(rule))


@given(known_facts(), some_terms())
def test_known_facts_need_no_officer(facts: QuoteFacts, rule: TermsRule) -> None:
    assert not quote_fee(facts, rule).officer_decides


@given(known_facts(), some_terms(), st.sampled_from(["is_member", "contributions_paid", "income_class", "group_size"]))
def test_a_better_fact_never_raises_the_fee(facts: QuoteFacts, rule: TermsRule, fact: str) -> None:
    better: dict[str, Any] = {
        "is_member": True,
        "contributions_paid": True,
        "income_class": "L",
        "group_size": facts.group_size + 1,
    }
    if rule.waiver_income_classes == ():
        better["income_class"] = facts.income_class

    before = quote_fee(facts, rule).fee_minor
    after = quote_fee(replace(facts, **{fact: better[fact]}), rule).fee_minor

    assert before is not None
    assert after is not None
    assert after <= before


@given(any_facts(), some_terms())
def test_an_officer_is_asked_exactly_when_an_answer_could_change_the_fee(facts: QuoteFacts, rule: TermsRule) -> None:
    quoted = quote_fee(facts, rule)

    if quoted.officer_decides:
        lowest, highest = quoted.what_if
        assert lowest.fee_minor < highest.fee_minor
