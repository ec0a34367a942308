"""Every page still opens when what it showed was erased: the facts stand there, without the words."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from tests.factories.accounts import NOW, make_user
from tests.house.routes import Route, all_routes
from tests.house.world import World, make_world

from chancery.domain.admissions.models import (
    Application,
    Assessment,
    DialogueEntry,
    DialogueText,
    GroupRegistration,
    SecondPayer,
)
from chancery.domain.admissions.services.erasing import unname_groups
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.services.erasing import erase_notice
from chancery.foundation.accounts.erasing import erase_account
from chancery.foundation.accounts.models import Person
from chancery.foundation.accounts.roles import Role, permits
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.erasing import erase_incoming, erase_outgoing_words
from chancery.foundation.mail.models import IncomingMail, OutgoingMail
from chancery.foundation.privacy.declarations import Declaration, Erase
from chancery.foundation.privacy.register import declared_models
from chancery.journey.forget import forget_file

ROUTES = [route for route in all_routes() if route.permission or route.is_own]
# What stood behind these is gone itself.
GONE = 404


@dataclass(frozen=True)
class Erased:
    """The world after all in it was erased, and the models that had rows before."""

    world: World
    had_rows: set[Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def erased(django_db_setup: None, django_db_blocker: Any, folder: Path) -> Iterator["Erased"]:
    """Make the world once for this module and erase all of it; it is undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(FILES_ROOT=folder):
            world = make_world()
            _fill_what_the_world_lacks()
            full = {model for model, _said in _erasable() if model.objects.exists()}
            _erase_all(world)
        yield Erased(world, full)
        transaction.set_rollback(True)


@pytest.fixture
def world(erased: "Erased", db: None, settings: Any, folder: Path) -> World:
    settings.FILES_ROOT = folder
    return erased.world


def _erase_all(world: World) -> None:
    for application in Application.objects.order_by("pk"):
        forget_file(application=application, rule="ended_application", actor=SYSTEM, now=NOW)
    for notice in CancellationNotice.objects.order_by("pk"):
        erase_notice(notice_id=notice.pk, actor=SYSTEM, now=NOW)
    erase_incoming(list(IncomingMail.objects.values_list("pk", flat=True)), now=NOW)
    erase_outgoing_words(list(OutgoingMail.objects.values_list("pk", flat=True)))
    for person in Person.objects.all():
        unname_groups(coordinator_id=person.pk)
    erase_account(user=world.stranger, actor=SYSTEM, now=NOW)


def _erasable() -> list[tuple[Any, Declaration]]:
    """Return the models of an application's words: what is declared to go, or to be blanked, with it."""
    return [
        (model, said)
        for model, said in declared_models()
        if said.erase in {Erase.DELETE, Erase.BLANK} and said.retention in {"application", "place_file"} and said.person
    ]


def _fill_what_the_world_lacks() -> None:
    application, officer = Application.objects.earliest("pk"), make_user()
    entry = DialogueEntry.objects.filter(words=None).earliest("pk")
    DialogueText.objects.create(entry=entry, text="What do you want to learn?")
    GroupRegistration.objects.create(
        code="ERASED", edition=application.edition, coordinator=application.person, name="Two", opened_at=NOW
    )
    Assessment.objects.create(application=application, assessor=officer, assigned_at=NOW, reason="Knows it all.")
    SecondPayer.objects.get_or_create(
        application=application, defaults={"legal_name": "Guild", "share_percent": 50, "named_at": NOW}
    )


@pytest.mark.parametrize(("model", "said"), _erasable(), ids=str)
def test_what_is_declared_to_go_with_an_application_has_gone(
    model: Any, said: Declaration, erased: Erased, db: None
) -> None:
    assert model in erased.had_rows, f"{model._meta.label}: make a row of it in the world that is erased"
    if said.erase is Erase.DELETE:
        assert not model.objects.exists(), f"{model._meta.label} is declared to go and nobody deletes it"
    for name in said.blank:
        assert not model.objects.exclude(**{name: ""}).exists(), f"{model._meta.label}.{name} is not blanked"


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
