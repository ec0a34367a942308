"""The log names no key: whoever reads it opens no account and no bill."""

import io
import logging

import pytest
from django.test import Client
from django.urls import reverse

from chancery.config.logs import KeysLeftOut
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.services import invite_to_office
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.clock import machine_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the handler of the settings writes."""
    written = io.StringIO()
    (console,) = (
        each for each in logging.getLogger().handlers if any(isinstance(one, KeysLeftOut) for one in each.filters)
    )
    monkeypatch.setattr(console, "stream", written)
    return written


def test_the_link_of_an_invitation_is_not_in_the_log(log: io.StringIO) -> None:
    token = invite_to_office(email="nerea@office.example", role=Role.DELIVERY, actor=SYSTEM, now=machine_now()).token

    answer = Client().post(reverse("set-password", args=[token]), {"password": "short"})

    assert answer.status_code == 422
    assert "/sign-in/invitation/.../" in log.getvalue()
    assert token not in log.getvalue()


def test_the_link_of_a_payer_is_not_in_the_log(log: io.StringIO) -> None:
    Client().get("/pay/SECRET:signed/pack/")

    assert "/pay/.../pack/" in log.getvalue()
    assert "SECRET" not in log.getvalue()
