"""A city that is not in the list: what was typed is taken apart, and one tick takes it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.applying import GOOD_ANSWERS, start_draft
from tests.factories.network import make_country

from chancery.domain.admissions.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_call():
    with time_machine.travel(datetime(2024, 10, 7, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def draft() -> Application:
    make_country("ITA", "Italy")
    return start_draft()


def say(draft: Application, **typed: str):
    client = Client()
    client.force_login(draft.person.user)
    told = {**GOOD_ANSWERS["work"], **{key.replace("__", "."): value for key, value in typed.items()}}
    return client.post(reverse("edit-part", args=[draft.reference, "work"]), told)


@pytest.mark.parametrize(
    ("typed", "city", "country"),
    [
        pytest.param("Genova, Italy", "Genova", "ITA", id="city and country"),
        pytest.param("Genova", "Genova", "", id="a city"),
        pytest.param("Genova, Liguria", "Genova, Liguria", "", id="no country that we know"),
        pytest.param("Genova, Liguria, ITALY", "Genova, Liguria", "ITA", id="a region between"),
    ],
)
def test_what_was_typed_stands_below_as_city_and_country(
    draft: Application, typed: str, city: str, country: str
) -> None:
    refused = say(draft, authority=typed)

    form = refused.context["form"]
    assert refused.status_code == 422
    assert (form["authority.city"].value(), form["authority.country"].value()) == (city, country)
    assert "look at city and country below" in " ".join(refused.content.decode().split())


def test_one_tick_takes_it(draft: Application) -> None:
    form = say(draft, authority="Genova, Italy").context["form"]
    below = {f"authority__{name}": form[f"authority.{name}"].value() for name in ("city", "country")}

    taken = say(draft, authority="Genova, Italy", authority__unlisted="on", **below)

    draft.refresh_from_db()
    assert taken.status_code == 302
    assert draft.authority is not None
    assert (draft.authority.city.name, draft.authority.city.country.iso3) == ("Genova", "ITA")


def test_what_was_typed_below_is_left_alone(draft: Application) -> None:
    form = say(draft, authority="Genova, Italy", authority__city="Savona").context["form"]

    assert form["authority.city"].value() == "Savona"
