"""What a notice brings back, for any sums and instants."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from chancery.domain.enrollment.policies import Judgement, NoticeFacts, judge_notice
from chancery.domain.enrollment.readers import own_subject
from chancery.domain.enrollment.states import NoticeChannel, NoticeItem
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.money import share_of

TERMS = TermsRule(currency="EUR", standard_minor=150_000, member_minor=100_000)
MADRID = ZoneInfo("Europe/Madrid")
START = date(2024, 11, 18)
CUT = datetime(2024, 10, 18, 22, 0, tzinfo=UTC)
SUMS = st.integers(min_value=0, max_value=10**9)


def judged(received_at: datetime = CUT - timedelta(days=1), **facts: object) -> Judgement:
    known = {"channel": NoticeChannel.REPLY, "paid_minor": 100_000, **facts}
    return judge_notice(NoticeFacts(received_at=received_at, **known), terms=TERMS, starts_on=START, zone=MADRID)


@given(paid=SUMS, refunded=SUMS)
def test_a_refund_lies_between_zero_and_what_is_still_here(paid: int, refunded: int) -> None:
    refunded = min(paid, refunded)

    refund = judged(paid_minor=paid, refunded_minor=refunded).refund_minor

    assert 0 <= refund <= paid - refunded
    assert abs(Decimal(refund) - Decimal(paid - refunded) * TERMS.refund_rate) <= Decimal("0.5")


@given(one=SUMS, more=SUMS)
def test_who_paid_more_gets_no_less_back(one: int, more: int) -> None:
    assert share_of(one, TERMS.refund_rate) <= share_of(one + more, TERMS.refund_rate)


@given(microseconds=st.integers(min_value=-(10**12), max_value=10**12))
def test_the_cut_is_exclusive(microseconds: int) -> None:
    told = judged(CUT + timedelta(microseconds=microseconds))

    assert told.accepted is (microseconds < 0)
    assert told.deadline == CUT - timedelta(seconds=1)


@pytest.mark.parametrize("item", NoticeItem)
def test_each_missing_fact_keeps_a_notice_from_being_accepted(item: NoticeItem) -> None:
    told = judged(missing=(item,))

    assert (told.accepted, told.reasons, told.refund_if_completed_minor) == (False, ("incomplete",), 75_000)


def test_all_that_stands_in_the_way_is_named() -> None:
    told = judged(CUT, channel=NoticeChannel.OTHER, automatic=True, missing=(NoticeItem.CONTACT,))

    assert told.reasons == ("automatic", "wrong_channel", "after_deadline", "incomplete")
    assert (told.refund_minor, told.refund_due_on, told.refund_if_completed_minor) == (0, None, 0)


@pytest.mark.parametrize(("paid", "refunded"), [(-1, 0), (5, 6), (5, -1)])
def test_sums_that_cannot_be_are_refused(paid: int, refunded: int) -> None:
    with pytest.raises(ValueError, match="between zero and what was paid"):
        judged(paid_minor=paid, refunded_minor=refunded)


@pytest.mark.parametrize("language", ["en", "es", "fr", "ca"])
def test_the_subject_of_our_mail_is_known_as_ours_in_each_language(language: str) -> None:
    with override(language):
        ours = render_to_string("mails/enrollment/place_reserved/subject.txt", {"reference": "M2-0024"})

    assert own_subject(f"RE: {ours}") == ""
    assert own_subject("Cancellation") == "Cancellation"
