"""The chain over the trail shows any change, and survives an erasure."""

import json

import pytest
from django.db import connection
from tests.factories.accounts import NOW, make_user

from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent, AuditPersonalPart, AuditSeal
from chancery.foundation.audit.queries import ChainReport, verify_chain
from chancery.foundation.audit.services import record, seal_events
from chancery.foundation.privacy.models import ErasurePermit
from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db


def tell(times: int = 3) -> list[AuditEvent]:
    user = make_user()
    return [
        record(
            Event.ROLE_REVOKED,
            actor=SYSTEM,
            subject=user,
            now=NOW,
            facts={"role": "finance", "n": number},
            personal={"reason": f"reason {number}"},
        )
        for number in range(times)
    ]


def tamper(sql: str) -> None:
    """Change the database as somebody with all its keys could, around the triggers."""
    table = sql.split()[1] if sql.startswith("UPDATE") else sql.split()[2]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute(f"DROP TRIGGER {table}_no_update")
        cursor.execute(sql)


def test_an_empty_trail_is_intact() -> None:
    assert verify_chain() == ChainReport(events=0, intact=True)


def test_sealing_chains_every_event_once() -> None:
    tell()

    assert seal_events(now=NOW) == 3
    assert seal_events(now=NOW) == 0
    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert verify_chain() == ChainReport(events=3, intact=True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE audit_auditevent SET actor = 'user:1' WHERE id = {id}", id="who"),
        pytest.param("UPDATE audit_auditevent SET name = 'x' WHERE id = {id}", id="what"),
        pytest.param("UPDATE audit_auditevent SET facts = '{{}}' WHERE id = {id}", id="figures"),
        pytest.param("UPDATE audit_auditpersonalpart SET payload = '{{}}' WHERE event_id = {id}", id="words"),
        pytest.param("UPDATE audit_auditseal SET chain_hash = 'x' WHERE event_id = {id}", id="seal"),
        pytest.param("UPDATE audit_auditseal SET position = 99 WHERE event_id = {id}", id="order"),
    ],
)
def test_a_changed_event_breaks_the_chain_where_it_stands(change: str) -> None:
    second = tell()[1]
    seal_events(now=NOW)

    tamper(change.format(id=second.pk))

    report = verify_chain()
    assert not report.intact
    assert report.first_broken is not None
    assert report.first_broken >= second.pk


def test_erased_words_leave_the_chain_whole() -> None:
    tell()
    seal_events(now=NOW)
    permit = ErasurePermit.objects.create(reason="asked")

    AuditPersonalPart.objects.all().delete()
    permit.delete()

    assert verify_chain() == ChainReport(events=3, intact=True)


def test_the_words_of_an_event_cannot_be_guessed_from_its_hash() -> None:
    first, second = tell(1) + tell(1)

    assert first.payload_hash != second.payload_hash


def test_the_command_seals_verifies_and_answers_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    tell()

    assert run(["audit", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"events": 3, "intact": True, "first_broken": None}


def test_the_command_ends_with_1_where_the_chain_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    first = tell()[0]
    seal_events(now=NOW)
    tamper(f"UPDATE audit_auditevent SET actor = 'user:1' WHERE id = {first.pk}")

    assert run(["audit", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"events": 3, "intact": False, "first_broken": first.pk}
