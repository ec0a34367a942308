"""Whether a colleague may take a place over, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chancery.domain.enrollment.policies.substituting import SubstitutionFacts, may_substitute, substitution_until
from chancery.domain.programme.policies import TermsRule

BARCELONA = ZoneInfo("Europe/Madrid")
TERMS = TermsRule(currency="EUR", standard_minor=150_000, member_minor=100_000)
NEVER = replace(TERMS, substitution_allowed=False)
FACTS = SubstitutionFacts(holds_seat=True, starts_on=date(2024, 11, 18))
LAST = datetime(2024, 11, 17, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("terms", "until"),
    [
        pytest.param(TERMS, LAST, id="until the day before"),
        pytest.param(replace(TERMS, substitution_days_before=3), LAST - timedelta(days=3), id="three days earlier"),
        pytest.param(NEVER, None, id="never"),
    ],
)
def test_the_terms_say_until_when(terms: TermsRule, until: datetime | None) -> None:
    assert substitution_until(FACTS.starts_on, terms=terms, zone=BARCELONA) == until


@pytest.mark.parametrize(
    ("facts", "now", "terms", "reasons"),
    [
        pytest.param(FACTS, LAST, TERMS, (), id="in the last second"),
        pytest.param(FACTS, LAST + timedelta(seconds=1), TERMS, ("substitution_over",), id="a second later"),
        pytest.param(replace(FACTS, holds_seat=False), LAST, TERMS, ("place_ended",), id="the place has ended"),
        pytest.param(FACTS, LAST, NEVER, ("substitution_not_foreseen",), id="terms without substitutes"),
        pytest.param(
            replace(FACTS, notice_waits=True, fee_open=True, choice_open=True),
            LAST,
            TERMS,
            ("notice_waits", "fee_open", "choice_open"),
            id="all that is open",
        ),
    ],
)
def test_what_stands_in_the_way_is_said(
    facts: SubstitutionFacts, now: datetime, terms: TermsRule, reasons: tuple[str, ...]
) -> None:
    assert may_substitute(facts, now=now, terms=terms, zone=BARCELONA).reasons == reasons
