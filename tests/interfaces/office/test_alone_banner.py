"""Where one person alone may move money, every page of the office says so."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.programme import make_edition

from chancery.foundation.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("value", "said"), [("none", True), ("refunds", False), ("all", False)])
def test_the_banner_names_the_edition_that_lets_one_person_alone(settings, value: str, said: bool) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    cache.clear()
    edition = make_edition(slug="lonely", says=("payment", f'four_eyes = "{value}"'))
    client = Client()
    client.force_login(make_officer(Role.ADMISSIONS))

    shown = client.get(reverse("list-applications", args=[edition.slug])).content.decode()

    assert ("One person alone may set a fee" in shown) is said
