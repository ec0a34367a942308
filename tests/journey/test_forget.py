"""The nightly sweep: what is over goes, what is open holds it back, and a sweep that is killed loses nothing."""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as live
from django.db import connection, transaction
from django.db.models import BinaryField
from tests.factories.accounts import make_person, make_user
from tests.factories.admissions import make_application
from tests.factories.applying import fill, start_draft
from tests.factories.forgetting import (
    APPLIED_AT,
    MARKERS,
    WITHDRAWN_AT,
    make_left,
    make_withdrawn,
    name_person,
    rows_that_name,
)
from tests.factories.money import billed_place
from tests.factories.programme import make_edition
from tests.killing import KillAt, Killed

from chancery.domain.admissions.models import (
    Application,
    ApplicationAnswer,
    DialogueEntry,
    DialogueText,
    GroupRegistration,
)
from chancery.domain.admissions.services.applying import expire_drafts
from chancery.domain.admissions.services.talking import leave_unanswered
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.enrollment.models import CancellationNotice
from chancery.foundation.accounts.models import Person, User
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent, AuditPersonalPart
from chancery.foundation.audit.queries import verify_chain
from chancery.foundation.audit.services import seal_events
from chancery.foundation.files.models import FileRemoval, StoredFile
from chancery.foundation.mail.models import IncomingMail, MailboxMessage, MailContent, OutgoingMail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import meet_obligation, open_obligation
from chancery.foundation.privacy.policies import BILL_OPEN, PROMISE_OPEN, UNDER_WAY
from chancery.foundation.privacy.retention import months_after
from chancery.journey import correspond
from chancery.journey.forget import forget, sweep_kept
from chancery.journey.retain import Kept, list_over

pytestmark = pytest.mark.django_db
A_YEAR_ON = months_after(WITHDRAWN_AT, 12)
COURSE_OVER_AT = datetime(2024, 11, 22, 23, 0, tzinfo=UTC)  # midnight in Barcelona
SECOND = timedelta(seconds=1)
LONG_AFTER = datetime(2041, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def over(now: datetime) -> list[tuple[Kept, str, tuple[str, ...]]]:
    return [(due.what, due.rule, due.ruling.reasons) for due in list_over(now=now)]


def bytes_on_disk() -> list[Path]:
    return sorted(path for path in Path(live.FILES_ROOT).rglob("*") if path.is_file())


def test_the_words_of_a_withdrawn_application_are_whole_until_its_year_is_over() -> None:
    application = make_withdrawn()
    answers = ApplicationAnswer.objects.filter(file=None).count()

    gone = sweep_kept(now=A_YEAR_ON - SECOND)

    assert gone == Counter({Kept.PAPERS: 1})
    assert Application.objects.get(pk=application.pk).erased_at is None
    assert ApplicationAnswer.objects.count() == answers


def test_a_withdrawn_application_is_words_no_more_after_a_year() -> None:
    application = make_withdrawn()
    assert bytes_on_disk()

    gone = sweep_kept(now=A_YEAR_ON)

    application.refresh_from_db()
    assert gone[Kept.APPLICATION] == 1
    assert (application.state, application.search_text, application.erased_at) == ("withdrawn", "", A_YEAR_ON)
    assert set(rows_that_name(*MARKERS)) == {"accounts.User", "accounts.Person", "audit.AuditPersonalPart"}
    assert {part.event.name for part in AuditPersonalPart.objects.all()} == {Event.PERSON_NAMED}
    assert bytes_on_disk() == []
    assert not StoredFile.objects.exists()
    assert not FileRemoval.objects.exists()


def test_the_trail_says_that_it_went_and_stays_whole() -> None:
    application = make_withdrawn()
    seal_events(now=WITHDRAWN_AT)

    sweep_kept(now=A_YEAR_ON)

    seal_events(now=A_YEAR_ON)
    event = AuditEvent.objects.get(name=Event.APPLICATION_ERASED)
    assert (event.subject_id, event.actor) == (str(application.pk), "system")
    assert event.facts == {
        "rule": "ended_application",
        "files": 0,
        "answers": 20,
        "assessments": 0,
        "messages": 2,
    }
    assert verify_chain().intact
    assert DialogueEntry.objects.filter(application=application).count() == 2


def test_an_account_goes_a_year_after_its_last_use_when_nothing_is_kept_behind_it() -> None:
    application = make_withdrawn()
    User.objects.update(created_at=APPLIED_AT)

    sweep_kept(now=A_YEAR_ON)

    user = User.objects.get(person=application.person_id)
    assert rows_that_name(*MARKERS) == {}
    assert (user.email, user.is_active) == (f"erased-{user.pk}@erased.invalid", False)
    assert Person.objects.get(pk=application.person_id).erased_at == A_YEAR_ON


def test_an_idle_draft_goes_when_its_call_is_over() -> None:
    draft = fill(start_draft())
    closed = draft.edition.closes_at
    expire_drafts(now=max(closed, APPLIED_AT + timedelta(days=60)))

    gone = sweep_kept(now=APPLIED_AT + timedelta(days=60))

    assert gone[Kept.APPLICATION] == 1
    assert not ApplicationAnswer.objects.filter(application=draft).exists()


def test_what_a_person_with_a_place_wrote_is_kept_as_long_as_the_bill() -> None:
    place, _notice = make_left()
    course_over = months_after(COURSE_OVER_AT, 72)

    sweep_kept(now=course_over - SECOND)
    kept = Application.objects.get(pk=place.application_id).erased_at
    sweep_kept(now=course_over)

    assert kept is None
    assert Application.objects.get(pk=place.application_id).erased_at == course_over


def test_letters_of_support_go_half_a_year_after_the_course() -> None:
    application = make_withdrawn()
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.ADMITTED)

    gone = sweep_kept(now=months_after(COURSE_OVER_AT, 6))

    assert gone == Counter({Kept.PAPERS: 1})
    assert list(StoredFile.objects.exclude(purpose="document").values_list("purpose", flat=True)) == ["raw mail"]
    assert AuditEvent.objects.get(name=Event.PAPERS_ERASED).facts == {"files": 2}
    assert sweep_kept(now=months_after(COURSE_OVER_AT, 6)) == Counter()


def test_a_letter_of_leaving_is_kept_five_years_and_what_was_decided_for_good() -> None:
    _place, notice = make_left()
    five_years_on = months_after(notice.received_at, 60)

    sweep_kept(now=five_years_on - SECOND)
    kept = CancellationNotice.objects.get(pk=notice.pk).mail_id
    sweep_kept(now=five_years_on)

    left = CancellationNotice.objects.get(pk=notice.pk)
    assert kept == notice.mail_id
    assert (left.mail, left.found, left.note) == (None, [], "")
    assert (left.state, left.received_at, left.decided_by) == (notice.state, notice.received_at, notice.decided_by)
    assert not IncomingMail.objects.exists()


def test_other_mail_goes_after_a_year_and_is_not_fetched_again() -> None:
    make_withdrawn()
    mail = IncomingMail.objects.get()
    MailboxMessage.objects.create(mailbox="INBOX", validity=1, number=7, mail=mail)
    Application.objects.update(erased_at=WITHDRAWN_AT)

    gone = sweep_kept(now=A_YEAR_ON)

    assert gone[Kept.INCOMING] == 1
    assert not IncomingMail.objects.exists()
    assert MailboxMessage.objects.get().mail is None


def test_the_words_of_mail_about_an_application_under_way_are_kept() -> None:
    application = make_withdrawn()
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.IN_DIALOGUE)

    sweep_kept(now=A_YEAR_ON)

    assert MailContent.objects.count() == OutgoingMail.objects.count()
    assert {reasons for what, _rule, reasons in over(A_YEAR_ON) if what is Kept.OUTGOING} == {(UNDER_WAY,)}


def test_an_open_promise_holds_an_application_back_until_it_is_met() -> None:
    application = make_withdrawn()
    open_obligation(
        ObligationKind.ANSWER, subject=application, due_at=A_YEAR_ON, basis="the applicant wrote", now=WITHDRAWN_AT
    )

    sweep_kept(now=A_YEAR_ON)
    held = [entry for entry in over(A_YEAR_ON) if entry[0] is Kept.APPLICATION]
    meet_obligation(ObligationKind.ANSWER, subject=application, now=A_YEAR_ON)
    gone = sweep_kept(now=A_YEAR_ON)

    assert held == [(Kept.APPLICATION, "ended_application", (PROMISE_OPEN,))]
    assert gone[Kept.APPLICATION] == 1


def test_an_unsettled_bill_holds_everything_about_its_place_back() -> None:
    place, _invoice = billed_place(make_edition())
    name_person(place)
    before = rows_that_name(*MARKERS)

    gone = sweep_kept(now=LONG_AFTER)

    assert gone == Counter()
    assert rows_that_name(*MARKERS) == before
    assert {reason for _what, _rule, reasons in over(LONG_AFTER) for reason in reasons} >= {BILL_OPEN}


def test_an_application_that_nobody_ended_is_shown_as_held_back() -> None:
    make_application(state=ApplicationState.IN_DIALOGUE)

    assert over(LONG_AFTER) == [(Kept.APPLICATION, "ended_application", (UNDER_WAY,))]


def test_forgetting_twice_is_forgetting_once() -> None:
    application = make_withdrawn()
    first = forget(what=Kept.APPLICATION, key=str(application.pk), actor=SYSTEM, now=A_YEAR_ON)
    events = AuditEvent.objects.count()

    second = forget(what=Kept.APPLICATION, key=str(application.pk), actor=SYSTEM, now=A_YEAR_ON)

    assert (first, second) == (True, False)
    assert AuditEvent.objects.count() == events


def test_a_sweep_does_at_most_what_it_is_told_and_goes_on_later() -> None:
    for _each in range(3):
        make_application(state=ApplicationState.DECLINED, person=make_person(user=make_user()))
    User.objects.update(last_login=LONG_AFTER)

    assert [sweep_kept(now=LONG_AFTER, at_most=2).total() for _ in range(3)] == [2, 1, 0]


def test_a_letter_after_all_was_erased_is_kept_for_its_own_year() -> None:
    application = make_withdrawn()
    sweep_kept(now=A_YEAR_ON)
    later = A_YEAR_ON + timedelta(days=30)

    correspond.hear_from_applicant(application_id=application.pk, text="One more thing", actor=SYSTEM, now=later)
    leave_unanswered(application_id=application.pk, actor=SYSTEM, now=later)
    kept = Application.objects.get(pk=application.pk).erased_at
    before = sweep_kept(now=months_after(later, 12) - SECOND)[Kept.APPLICATION]
    gone = sweep_kept(now=months_after(later, 12))[Kept.APPLICATION]

    assert (kept, before, gone) == (None, 0, 1)
    assert not DialogueText.objects.exists()


def test_a_draft_is_never_deleted_before_it_has_ended() -> None:
    draft = fill(start_draft())

    assert sweep_kept(now=LONG_AFTER)[Kept.APPLICATION] == 0
    assert ApplicationAnswer.objects.filter(application=draft).exists()


def test_the_name_of_a_group_goes_with_the_account_of_who_opened_it() -> None:
    person = make_person("Iva Bura")
    group = GroupRegistration.objects.create(
        code="IVA", edition=make_edition(), coordinator=person, name="Friends of Iva", opened_at=APPLIED_AT
    )

    sweep_kept(now=LONG_AFTER)

    group.refresh_from_db()
    assert (group.code, group.name) == ("IVA", "")


def snapshot() -> dict[str, list[str]]:
    """Return all rows of ours without the numbers of new ones, and the bytes on disk."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("chancery.")]
    state = {}
    for model in ours:
        fields = [field.attname for field in model._meta.concrete_fields if not isinstance(field, BinaryField)]
        fields = [name for name in fields if name not in {"id", "password"}]
        state[model._meta.label] = sorted(str(row) for row in model.objects.values_list(*fields))
    return {**state, "disk": [str(path) for path in bytes_on_disk()]}


def swept(*, killed_at: int | None) -> tuple[dict[str, list[str]], int]:
    """Return what a sweep leaves, killed once on its way where asked, and how many words it took; all is undone."""
    root, copy = Path(live.FILES_ROOT), Path(live.FILES_ROOT).with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    counted = KillAt(10**9)
    with transaction.atomic():
        if killed_at is not None:
            with pytest.raises(Killed), connection.execute_wrapper(KillAt(killed_at)):
                sweep_kept(now=LONG_AFTER)
        with connection.execute_wrapper(counted):
            sweep_kept(now=LONG_AFTER)
        left = snapshot()
        transaction.set_rollback(True)
    shutil.rmtree(root)
    shutil.copytree(copy, root)
    return left, 10**9 - counted.left


def test_a_sweep_killed_at_any_point_and_run_again_ends_in_the_same_state() -> None:
    make_withdrawn()
    User.objects.update(created_at=APPLIED_AT)
    whole, words = swept(killed_at=None)
    assert whole["disk"] == []

    for number in Random(20241127).sample(range(words), 12):  # noqa: S311  # which points, not a secret
        assert swept(killed_at=number)[0] == whole, f"killed at word {number} of {words}"
