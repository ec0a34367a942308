"""What the office sees of groups, and how a smaller group is billed anew."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.entering import enter
from tests.factories.money import ADMITTED_AT, billed_place
from tests.factories.programme import make_edition
from tests.journey.test_rerate import FULL, bill_of, group_of, leave
from tests.worlds import world

from chancery.domain.enrollment.models import Place
from chancery.domain.programme.models import Terms
from chancery.foundation.accounts.roles import Role
from chancery.foundation.audit.actors import user_actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


@world
def stays() -> Place:
    edition = make_edition()
    rule = {**Terms.objects.get(edition=edition).rule, "group_on_leaver": "rerate"}
    Terms.objects.create(edition=edition, version=2, rule=rule, frozen_at=ADMITTED_AT)
    leaver, stays = group_of(edition)
    leave(leaver, user_actor(make_officer(Role.FINANCE).pk))
    return stays


def addresses(place: Place) -> tuple[str, str]:
    slug = place.edition.slug
    return reverse("list-groups", args=[slug]), reverse("rerate-bill", args=[slug, bill_of(place).number])


def test_finance_sees_both_sums_and_bills_anew(stays: Place) -> None:
    client, (listed, act) = enter(Role.FINANCE), addresses(stays)

    before = client.get(listed).content.decode()
    client.post(act, {"seen": str(FULL)})
    after = client.get(listed).content.decode()

    assert all(words in before for words in ("Groups that became smaller", "900.00", "1,000.00", "Credit it and bill"))
    assert "Groups that became smaller" not in after
    assert bill_of(stays).total_minor == FULL


@pytest.mark.parametrize("seen", ["90000", "", "x" * 30])
def test_another_sum_than_the_one_shown_is_refused(stays: Place, seen: str) -> None:
    answer = enter(Role.FINANCE).post(addresses(stays)[1], {"seen": seen})

    assert (answer.status_code, "Look at them again" in answer.content.decode()) == (409, True)


def test_pressed_again_it_says_that_nothing_is_to_be_done_any_more(stays: Place) -> None:
    client, (_, act) = enter(Role.FINANCE), addresses(stays)
    client.post(act, {"seen": str(FULL)})

    again = client.post(act, {"seen": str(FULL)})

    assert (again.status_code, "asks for no other price" in again.content.decode()) == (409, True)


def test_what_a_page_of_groups_asks_does_not_grow_with_bills_that_keep_their_price(
    stays: Place, django_assert_max_num_queries
) -> None:
    client, (listed, _) = enter(Role.FINANCE), addresses(stays)
    with CaptureQueriesContext(connection) as before:
        client.get(listed)
    for _number in range(2):
        billed_place(stays.edition)

    with django_assert_max_num_queries(len(before)):
        client.get(listed)


def test_admissions_sees_it_and_leaves_it_to_finance(stays: Place) -> None:
    client, (listed, act) = enter(Role.ADMISSIONS), addresses(stays)

    assert "waits for finance" in client.get(listed).content.decode()
    assert client.post(act, {"seen": str(FULL)}).status_code == 404
