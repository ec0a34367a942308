"""What a copy of somebody's data does not give out: keys of their mailbox, and what is not answered yet."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.factories.accounts import make_officer
from tests.factories.programme import make_edition
from tests.journey.test_admit import drafted

from chancery.domain.admissions.models import Decision
from chancery.domain.admissions.services.talking import write_note
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.callers import Caller
from chancery.foundation.accounts.mails import CARRY_A_KEY
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.sign_in import send_erasure_code
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.journey.admit import release_decisions
from chancery.journey.disclose import copy_of

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)
NOTE = "Ask the network about their dues first."


@pytest.fixture
def lead() -> Actor:
    return user_actor(make_officer(Role.EDITION_LEAD).pk)


@pytest.fixture
def edition() -> Edition:
    return make_edition()


def records(decision: Decision) -> dict[str, Any]:
    user = decision.application.person.user
    assert user is not None
    told: dict[str, Any] = json.loads(json.dumps(copy_of(user, now=NOW).records, default=str))
    return told


def test_an_answer_and_a_note_are_given_only_once_the_answer_is_out(edition: Edition, lead: Actor) -> None:
    decision = drafted(edition, lead)
    write_note(application_id=decision.application_id, text=NOTE, actor=lead, now=NOW)

    before = records(decision)
    assert "admissions.Decision" not in before
    assert NOTE not in json.dumps(before)
    assert "admissions.decision.drafted" not in json.dumps(before)

    release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)

    after = records(decision)
    assert after["admissions.Decision"] == [{"outcome": "admit", "reason": ""}]
    assert NOTE in json.dumps(after)


def test_a_code_that_was_mailed_is_in_no_copy(edition: Edition, lead: Actor) -> None:
    decision = drafted(edition, lead)
    user = decision.application.person.user
    assert user is not None
    send_erasure_code(user=user, caller=Caller("192.0.2.1"), now=NOW, story_now=NOW)

    assert OutgoingMail.objects.filter(kind="accounts/erasure-code").exists()
    kinds = {row["kind"] for row in records(decision).get("mail.OutgoingMail", [])}
    assert kinds & CARRY_A_KEY == set()
    assert "erase" not in json.dumps(records(decision).get("mail.MailContent", []))
