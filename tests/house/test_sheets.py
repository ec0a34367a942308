"""Every list of the office leaves as a sheet; a new one fails here until it does, or says why it stays."""

from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from tests.house.routes import Route, all_routes
from tests.house.world import World, make_world

from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.roles import GRANTS
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.sheets import XLSX

STAYS = {
    "list-readings": "readers judge on the page; the files of applicants do not leave with them",
    "list-settings": "the edition leaves as its file",
    "list-mappings": "how the columns of a bank are read, not records",
}
# The small world has no row of them; their pages offer a sheet once they have one.
EMPTY = {"list-decisions", "list-groups", "list-waiting"}
BESIDES = {"show-network", "show-second-person", "show-fees", "see-kept", "export-ages", "export-unbilled"}
# An address of their own, from before a list gave itself out.
ELSEWHERE = {"list-applications": "export-applications", "list-bills": "export-bills"}
# Parts of the page of bills; it offers them itself.
PARTS = {"export-ages", "export-unbilled"}
# How the pages are named on which one reads.
READ = ("list-", "show-", "see-")
# Pages with rows that are no list of the office: those of one record, or of figures.
ROWS = {
    "list-mappings": STAYS["list-mappings"],
    "see-balance": "figures beside pictures; what is few is kept back",
    "see-today": "its rows lead to the lists, which leave",
    "show-bill": "one bill, which leaves as a paper and as data",
    "show-line": "one line and what it may pay",
    "show-statement": "one statement, which leaves as its file",
}
LISTS = {
    route.name: route
    for route in all_routes()
    if route.permission and (route.name.startswith("list-") or route.name in BESIDES) and route.name not in STAYS
}
ROUTES = {route.name: route for route in all_routes()}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    settings.FILES_ROOT = tmp_path
    return make_world()


def test_the_lists_that_stay_are_lists() -> None:
    assert {*STAYS, *BESIDES, *ELSEWHERE, *ELSEWHERE.values()} <= ROUTES.keys()


def test_every_list_leaves_as_a_workbook_and_as_csv_and_leaves_a_trail(world: World) -> None:
    for name, route in LISTS.items():
        officer = _officer(world, route)
        client = Client()
        client.force_login(officer)
        address = ROUTES[ELSEWHERE.get(name, name)].address(world.values_for(name))
        for form, kind in (("xlsx", XLSX), ("csv", "text/csv; charset=utf-8")):
            response = client.get(address, {"as": form})
            content = response.getvalue()

            assert response.headers["Content-Type"] == kind, name
            assert response.headers["Content-Disposition"].endswith(f'.{form}"'), name
            assert form == "csv" or ZipFile(BytesIO(content)).testzip() is None, name
            event = AuditEvent.objects.latest("id")
            trail = event.name, event.facts["form"], event.actor
            assert trail == (Event.LIST_EXPORTED, form, f"user:{officer.pk}"), name


def test_every_list_with_a_row_offers_its_sheet(world: World) -> None:
    silent = set()
    for name, route in LISTS.items():
        if name in PARTS:
            continue
        client = Client()
        client.force_login(_officer(world, route))
        if b"as=xlsx" not in client.get(route.address(world.values_for(name))).content:
            silent.add(name)

    assert silent == EMPTY


def test_every_page_with_rows_leaves_as_a_sheet_or_says_why_not(world: World) -> None:
    without = set()
    for route in all_routes():
        if not route.permission or not route.name.startswith(READ):
            continue
        client = Client()
        client.force_login(_officer(world, route))
        page = client.get(route.address(world.values_for(route.name)))
        if page.status_code != HTTPStatus.OK or not page.headers["Content-Type"].startswith("text/html"):
            continue
        if any(rows in page.content for rows in (b'class="records', b'class="due"')) and b"as=xlsx" not in page.content:
            without.add(route.name)

    assert sorted(without) == sorted(ROWS)


def _officer(world: World, route: Route) -> User:
    return next(user for role, user in world.officers.items() if route.permission in GRANTS[role])
