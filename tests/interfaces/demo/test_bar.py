"""Entering as somebody and leaving again: a code that was asked for waits meanwhile."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer
from tests.factories.programme import make_edition

from chancery.foundation.accounts.roles import Role
from chancery.foundation.mail.models import MailContent
from chancery.interfaces.demo.cast import applicants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_demo(settings) -> None:
    settings.DEMO = True


def test_a_code_is_read_as_the_office_and_typed_as_the_visitor_who_asked_for_it() -> None:
    make_officer(Role.ADMISSIONS, email="merce@metropolis.example")
    browser, wanted = Client(), reverse("start-application", args=[make_edition().slug])
    browser.post(f"{reverse('sign-in')}?next={wanted}", {"email": "me@mycity.example"})

    browser.get(reverse("demo-enter", args=["merce"]))
    code = re.search(r"\b(\d{6})\b", MailContent.objects.get().text)
    left = browser.get(reverse("demo-leave"))
    signed_in = browser.post(reverse("sign-in-code"), {"code": code[1] if code else ""})

    assert left["Location"] == reverse("sign-in-code")
    assert signed_in["Location"] == wanted


def test_without_a_code_a_visitor_begins_at_the_first_page() -> None:
    assert Client().get(reverse("demo-leave"))["Location"] == reverse("front-door")


def test_everybody_has_an_address_of_their_own_that_says_their_name() -> None:
    addresses = {each.key: each.email for each in applicants().values()}

    assert addresses["M2-0003"] == "jun.habagat@phl.example"
    assert len(set(addresses.values())) == len(addresses)
