"""What the office sees of the balance of the shortlist."""

import pytest
from django.urls import reverse
from tests.factories.admissions import make_application, make_authority
from tests.factories.entering import enter_known
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Decision, DecisionStanding
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


def applied(edition: Edition, number: int, state: ApplicationState, *place: str) -> None:
    for _ in range(number):
        make_application(edition=edition, state=state, authority=make_authority(*place))


def lines(shown, title: str) -> list[tuple[str, str, str]]:
    picture = next(each for each in shown.context["pictures"] if each["title"] == title)
    return [(line.label, line.first, line.second) for line in picture["lines"]]


def test_the_shortlist_stands_beside_all_who_applied_and_small_groups_are_few() -> None:
    client, officer = enter_known(Role.ADMISSIONS)
    edition = make_edition()
    applied(edition, 6, ApplicationState.ADMITTED, "Nairobi", "Kenya", "KEN", "Africa")
    applied(edition, 6, ApplicationState.DECLINED)
    drafted = make_application(edition=edition, state=ApplicationState.DECIDED)
    decision = Decision.objects.create(
        application=drafted, outcome=Outcome.ADMIT, drafted_by=officer, drafted_at=clock.now()
    )
    DecisionStanding.objects.create(decision=decision, application=drafted)

    shortlist = client.get(reverse("see-balance", args=[edition.slug]))
    admitted = client.get(reverse("see-balance", args=[edition.slug]) + "?of=admitted")

    assert lines(shortlist, "Region") == [("Africa", "kept back", "6"), ("Asia", "few", "7")]
    assert lines(admitted, "Region") == [("Africa", "6", "6"), ("Asia", "0", "7")]
    assert (shortlist.context["total"], admitted.context["total"]) == ("7", "6")
    assert "Gender" not in shortlist.content.decode()


def test_nobody_has_applied_yet() -> None:
    client, _ = enter_known(Role.EDITION_LEAD)

    shown = client.get(reverse("see-balance", args=[make_edition().slug]))

    assert "Nobody has applied yet" in shown.content.decode()


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FINANCE, Role.EXPERT])
def test_who_reads_or_books_does_not_see_it(role: Role) -> None:
    client, _ = enter_known(role)

    assert client.get(reverse("see-balance", args=[make_edition().slug])).status_code == 404
