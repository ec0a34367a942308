"""A world is built once for the tests that begin with it, and each finds it as it was built."""

import pytest
from tests.factories.accounts import make_person
from tests.worlds import world

from chancery.foundation.accounts.models import Person

pytestmark = pytest.mark.django_db
built = {"town": 0, "mayor": 0}


@world
def town() -> Person:
    built["town"] += 1
    return make_person("Town")


@world
def mayor(town: Person) -> list[Person]:
    built["mayor"] += 1
    return [town, make_person("Mayor")]


def names() -> list[str]:
    return list(Person.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize("time", range(3))
def test_each_finds_it_as_it_was_built(time: int, mayor: list[Person], town: Person) -> None:
    assert (names(), [each.name for each in mayor]) == (["Town", "Mayor"], ["Town", "Mayor"])
    assert town is mayor[0], "one thing is one thing in all the copies of a test"
    assert built == {"town": 1, "mayor": 1}

    mayor[1].name = "Nobody"
    mayor[1].save()
    make_person("Clerk")


@pytest.mark.parametrize("time", range(2))
def test_one_that_stands_below_is_found_alone(time: int, town: Person) -> None:
    assert names() == ["Town"] == [town.name]


def test_nothing_is_there_for_whoever_asks_for_nothing() -> None:
    assert names() == []
