"""Every page still opens when what it showed was erased: the facts stand there, without the words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from tests.factories.accounts import NOW
from tests.house.routes import Route, all_routes
from tests.house.world import World, make_world

from chancery.domain.admissions.models import Application
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.services.erasing import erase_notice
from chancery.foundation.accounts.erasing import erase_account
from chancery.foundation.accounts.roles import Role, permits
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.erasing import erase_incoming, erase_outgoing_words
from chancery.foundation.mail.models import IncomingMail, OutgoingMail
from chancery.journey.forget import forget_file

ROUTES = [route for route in all_routes() if route.permission or route.is_own]
# What stood behind these is gone itself.
GONE = 404


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def erased(django_db_setup: None, django_db_blocker: Any, folder: Path) -> Iterator[World]:
    """Make the world once for this module and erase all of it; it is undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(FILES_ROOT=folder):
            world = make_world()
            _erase_all(world)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(erased: World, db: None, settings: Any, folder: Path) -> World:
    settings.FILES_ROOT = folder
    return erased


def _erase_all(world: World) -> None:
    for application in Application.objects.order_by("pk"):
        forget_file(application=application, rule="ended_application", actor=SYSTEM, now=NOW)
    for notice in CancellationNotice.objects.order_by("pk"):
        erase_notice(notice_id=notice.pk, actor=SYSTEM, now=NOW)
    erase_incoming(list(IncomingMail.objects.values_list("pk", flat=True)), now=NOW)
    erase_outgoing_words(list(OutgoingMail.objects.values_list("pk", flat=True)))
    erase_account(user=world.stranger, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.pattern)
def test_a_page_opens_without_the_words_that_were_erased(route: Route, world: World) -> None:
    reader = world.owner
    if route.permission:
        allowed = (role for role in Role if permits(frozenset({role}), route.permission))
        reader = world.officers[next(allowed)]
    client = Client()
    client.force_login(reader)

    response = client.get(route.address(world.values_for(route.name)))

    if response.streaming:
        response.getvalue()  # read to its end, a file closes itself

    assert response.status_code in {200, 302, GONE, 405, 409, 410}
