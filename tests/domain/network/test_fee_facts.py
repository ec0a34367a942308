"""What the network knows about an authority; an open fact stays open (promises B3, B4)."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.accounts import make_officer
from tests.factories.network import classify, make_city_council, make_country, make_member

from chancery.domain.network.models import Contribution, LocalAuthority
from chancery.domain.network.queries import NetworkFacts, fee_facts, list_undecided
from chancery.domain.network.services.standing import StandingNotDecidable, decide_standing
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 11, 9, 0, tzinfo=UTC)


def facts(authority: LocalAuthority, on: date = date(2024, 10, 11)) -> NetworkFacts:
    return fee_facts(authority=authority, on=on, reference_year=2023, fiscal_year="FY23")


def test_a_member_that_paid_is_known_with_day_and_class() -> None:
    ghana = make_country("GHA", "Ghana")
    classify(ghana, "LM")
    council = make_city_council("Accra", country=ghana)
    make_member(council.city)

    known = facts(council)

    assert (known.is_member, known.contributions_paid, known.paid_on) == (True, True, date(2023, 3, 14))
    assert (known.income_class, known.member_city) == ("LM", "Accra")


def test_a_city_that_is_no_member_is_none() -> None:
    assert facts(make_city_council("Nowhere")).is_member is False


@pytest.mark.parametrize(
    ("joined_on", "on", "member"),
    [
        pytest.param(date(2024, 10, 11), date(2024, 10, 11), True, id="on the day it joins"),
        pytest.param(date(2024, 10, 12), date(2024, 10, 11), False, id="the day before"),
    ],
)
def test_membership_counts_from_its_first_day(joined_on: date, on: date, member: bool) -> None:
    council = make_city_council("Accra")
    make_member(council.city, joined_on=joined_on)

    assert facts(council, on).is_member is member


def test_membership_ends_on_the_day_it_is_left() -> None:
    council = make_city_council("Accra")
    membership = make_member(council.city)
    membership.left_on = date(2024, 10, 11)
    membership.save()

    assert facts(council, date(2024, 10, 10)).is_member is True
    assert facts(council, date(2024, 10, 11)).is_member is False


@pytest.mark.parametrize(
    ("due", "paid", "answer"),
    [
        pytest.param(500_000, date(2023, 3, 14), (True, False), id="paid"),
        pytest.param(500_000, None, (False, False), id="due and not paid"),
        pytest.param(500_000, date(2025, 1, 1), (False, False), id="paid later than the day asked about"),
        pytest.param(None, None, (False, True), id="nothing was due"),
    ],
)
def test_contributions_are_read_as_of_the_day(due: int | None, paid: date | None, answer: tuple[bool, bool]) -> None:
    council = make_city_council("Accra")
    membership = make_member(council.city, paid_years=())
    Contribution.objects.create(membership=membership, year=2023, due_minor=due, paid_on=paid)

    known = facts(council)

    assert (known.contributions_paid, known.nothing_due) == answer


def test_contributions_that_are_not_on_file_stay_unknown() -> None:
    council = make_city_council("Accra")
    make_member(council.city, paid_years=())

    assert facts(council).contributions_paid is None


def test_a_city_that_joined_after_the_reference_year_owed_nothing() -> None:
    council = make_city_council("Accra")
    make_member(council.city, paid_years=(), joined_on=date(2024, 1, 1))

    assert facts(council).nothing_due is True


def test_an_economy_without_a_class_has_none() -> None:
    assert facts(make_city_council("Caracas")).income_class is None


def test_a_body_waits_until_an_officer_decides_and_then_keeps_the_reason() -> None:
    council = make_city_council("Bangkok")
    council.kind = LocalAuthority.Kind.COMPANY
    council.save()
    make_member(council.city)
    actor = user_actor(make_officer(Role.FINANCE).pk)
    assert facts(council).is_member is None
    assert list(list_undecided()) == [council]

    with pytest.raises(StandingNotDecidable):
        decide_standing(authority_id=council.pk, counts_as_member=True, reason=" ", actor=actor, now=NOW)
    decide_standing(authority_id=council.pk, counts_as_member=True, reason="wholly owned", actor=actor, now=NOW)

    known = facts(council)
    assert (known.is_member, known.decided_because) == (True, "wholly owned")
    assert not list_undecided().exists()
    assert AuditEvent.objects.filter(name="network.standing.decided").count() == 1
