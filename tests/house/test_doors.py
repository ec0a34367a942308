"""Every route is closed to those who have no business there; a new route fails here until it says who has."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.factories.accounts import make_officer, make_user
from tests.house.routes import BY_SECRET, DEMO, OPEN, Route, all_routes
from tests.house.world import World, make_world

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import GRANTS, Permission, Role

ROUTES = all_routes()
OFFICE = [route for route in ROUTES if route.permission]
OWN = [route for route in ROUTES if route.is_own]
SECRET = [route for route in ROUTES if route.name in BY_SECRET]
IN_DEMO = [route for route in ROUTES if route.name in DEMO]
# 405: there is no GET; 409: the page says which fact stands in the way.
SERVED = {200, 302, 405, 409}


def pattern(route: Route) -> str:
    return route.pattern


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


# The session of each account of the world, by id: opened once, since the pages are asked thousands of times.
SESSIONS: dict[int, str] = {}


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, folder: Path) -> Iterator[World]:
    """Make the world once for this module; what a test does to it is undone after the test, all of it at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(FILES_ROOT=folder):
            world = make_world()
        SESSIONS.update({user.pk: session_of(user) for user in (world.owner, world.stranger, *world.officers.values())})
        yield world
        SESSIONS.clear()
        transaction.set_rollback(True)


@pytest.fixture
def world(rows: World, db: None, settings: Any, folder: Path) -> World:
    settings.FILES_ROOT = folder
    return rows


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def fetch(address: str, user: User | None, method: str) -> HttpResponse:
    client = Client()
    if user:
        client.cookies[settings.SESSION_COOKIE_NAME] = SESSIONS.get(user.pk) or session_of(user)
    response: HttpResponse = getattr(client, method)(address)
    if response.streaming:
        response.getvalue()  # read to its end, a file closes itself
    return response


def answers(address: str, user: User | None) -> set[int | str]:
    """Return what GET and POST answer: a status, or where they lead; a page may know only one of the two.

    The way from the address of an act to its page, which lies above, says nothing of what is there.
    """
    found: set[int | str] = set()
    for method in ("get", "post"):
        response = fetch(address, user, method)
        led_to = response.headers.get("Location", "")
        if response.status_code != 405 and not (led_to.strip("/") and address.startswith(led_to)):
            found.add(led_to or response.status_code)
    return found


@pytest.mark.parametrize("route", ROUTES, ids=pattern)
def test_a_route_says_who_has_business_there(route: Route) -> None:
    said = [bool(route.permission), route.is_own, *(route.name in table for table in (OPEN, BY_SECRET, DEMO))]

    assert sum(said) == 1, f"{route.pattern} ({route.name}): see tests/house/routes.py"


def test_the_tables_hold_no_route_that_is_gone() -> None:
    assert {*OPEN, *BY_SECRET, *DEMO} <= {route.name for route in ROUTES}


def test_each_route_has_a_name_of_its_own() -> None:
    twice = [name for name, count in Counter(route.name for route in ROUTES).items() if count > 1 or not name]

    assert not twice


@pytest.mark.parametrize("route", ROUTES, ids=pattern)
def test_a_page_stands_behind_the_door_that_its_lock_belongs_to(route: Route) -> None:
    assert route.pattern.startswith("office/") == bool(route.permission)
    assert route.pattern.startswith("my/") == route.is_own


@pytest.mark.parametrize("route", [*OFFICE, *OWN], ids=pattern)
def test_a_visitor_is_led_to_sign_in_and_back(route: Route, world: World) -> None:
    address = route.address(world.values_for(route.name))

    assert answers(address, None) == {f"/sign-in/?next={address}"}


@pytest.mark.parametrize("route", OFFICE, ids=pattern)
def test_an_office_page_is_not_there_for_an_applicant(route: Route, world: World) -> None:
    assert answers(route.address(world.values_for(route.name)), world.owner) == {404}


@pytest.mark.parametrize("route", OFFICE, ids=pattern)
def test_an_office_page_is_not_there_for_all_roles_without_the_right_together(route: Route, world: World) -> None:
    officer = make_officer(*(role for role in Role if route.permission not in GRANTS[role]))

    assert answers(route.address(world.values_for(route.name)), officer) == {404}


@pytest.mark.parametrize("route", OFFICE, ids=pattern)
def test_an_office_page_opens_to_a_role_with_the_right(route: Route, world: World) -> None:
    for role, officer in world.officers.items():
        if route.permission in GRANTS[role]:
            response = fetch(route.address(world.values_for(route.name)), officer, "get")
            assert response.status_code in SERVED, f"closed to {role}"
            assert "/sign-in/" not in response.headers.get("Location", "")


@pytest.mark.parametrize("route", [each for each in OFFICE if each.permission is Permission.ASSESS], ids=pattern)
def test_a_file_to_read_is_not_there_for_a_reader_who_was_not_asked(route: Route, world: World) -> None:
    if route.names_a_row_of_somebody:
        assert answers(route.address(world.values_for(route.name)), make_officer(Role.ASSESSOR)) == {404}


@pytest.mark.parametrize("route", OFFICE, ids=pattern)
def test_an_office_page_asks_for_the_second_factor_where_it_is_required(
    route: Route, world: World, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    officer = next(user for role, user in world.officers.items() if route.permission in GRANTS[role])
    address = route.address(world.values_for(route.name))

    assert answers(address, officer) == {f"/sign-in/office/?next={address}"}


@pytest.mark.parametrize("route", [each for each in OWN if each.names_a_row_of_somebody], ids=pattern)
def test_a_page_of_ones_own_is_not_there_for_others(route: Route, world: World) -> None:
    address = route.address(world.values_for(route.name))

    for other in (world.stranger, make_user(), make_officer(*Role)):
        assert answers(address, other) == {404}


@pytest.mark.parametrize("route", [each for each in OWN if not each.names_a_row_of_somebody], ids=pattern)
def test_a_page_of_ones_own_shows_nothing_of_others(route: Route, world: World) -> None:
    response = fetch(route.address(world.values_for(route.name)), world.stranger, "get")

    assert response.status_code in SERVED
    assert world.values["ref"].encode() not in response.content
    assert world.owner_name.encode() not in response.content


@pytest.mark.parametrize("route", OWN, ids=pattern)
def test_a_page_of_ones_own_opens_to_its_owner(route: Route, world: World) -> None:
    response = fetch(route.address(world.values_for(route.name)), world.owner, "get")

    assert response.status_code in SERVED


@pytest.mark.parametrize("route", SECRET, ids=pattern)
def test_a_page_behind_a_secret_is_closed_without_it(route: Route, world: World) -> None:
    for user in (None, world.stranger, world.officers[Role.EDITION_LEAD]):
        assert answers(route.address(world.values_for(route.name)), user) <= {401, 403, 404, 410}


def test_the_pages_of_the_demo_are_not_there_outside_it(world: World) -> None:
    for route in IN_DEMO:
        assert answers(route.address(world.values_for(route.name)), None) == {404}, route.pattern


@pytest.mark.parametrize("route", [each for each in ROUTES if each.name in OPEN], ids=pattern)
def test_an_open_page_answers_a_visitor(route: Route, world: World) -> None:
    response = fetch(route.address(world.values_for(route.name)), None, "get")

    # No worker runs beside the tests, and readyz says so.
    assert response.status_code in (SERVED if route.name != "readyz" else {200, 503})
