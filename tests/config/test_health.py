"""Supervisors learn whether this instance is well, and nobody else learns numbers."""

from datetime import timedelta

import pytest
from tests.factories.money import reserve
from tests.factories.programme import make_edition
from tests.foundation.mail.test_outbox import a_mail

from chancery.domain.enrollment.models import Place
from chancery.foundation.clock import machine_now
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.tasks import heartbeats

pytestmark = pytest.mark.django_db


def test_a_process_that_runs_is_alive(client):
    assert client.get("/healthz").status_code == 200


def test_an_instance_with_an_empty_queue_is_ready(client):
    assert client.get("/readyz").json() == {"ready": True, "problems": []}


def test_mail_that_nobody_sends_makes_the_instance_unready(client):
    queue_mail(a_mail(), now=machine_now() - timedelta(minutes=16))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["problems"] == ["mail waits longer than 15 minutes: does the worker run?"]


def test_numbers_are_shown_to_the_bearer_of_the_token_only(client, monkeypatch):
    queue_mail(a_mail(), now=machine_now())
    monkeypatch.setenv("CHANCERY_METRICS_TOKEN", "s3cret")

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    shown = client.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    assert 'chancery_mails{state="queued"} 1.0' in shown.content.decode()


def test_numbers_are_hidden_where_no_token_is_set(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_mailbox_that_nobody_reads_matters_in_the_week_before_a_deadline(client, settings):
    settings.IMAP_URL = "imaps://diploma:secret@mail.example/INBOX"
    place = reserve(make_edition())
    assert client.get("/readyz").status_code == 200  # the deadline has long passed

    Place.objects.filter(pk=place.pk).update(refundable_until=machine_now() + timedelta(days=3))
    assert client.get("/readyz").json()["problems"] == [
        "nobody has read the mailbox for 15 minutes, and a refund deadline is near"
    ]

    heartbeats.note("mailbox read", at=machine_now())
    assert client.get("/readyz").status_code == 200
