from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.factories.accounts import make_person
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.mails.latin_name import latin_name_mail
from chancery.domain.admissions.mails.not_held import edition_not_held_mail
from chancery.domain.admissions.mails.receipt import receipt_mail
from chancery.domain.admissions.mails.supplement import expired_mail, missing_mail, supplement_mail
from chancery.domain.admissions.mails.withdrawal import withdrawn_mail
from chancery.domain.admissions.models import (
    Application,
    DialogueEntry,
    DialogueText,
    Supplement,
    SupplementRequest,
)
from chancery.domain.admissions.states import Channel, Direction
from chancery.domain.programme.queries import current_terms
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.services import open_thread

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
SENT_AT = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)


def make_sent(language):
    person, edition = make_person("Yasmine Chehili"), make_edition()
    person.language = language
    person.save()
    return Application.objects.create(
        reference="M2-0004",
        edition=edition,
        person=person,
        terms=current_terms(edition),
        state="submitted",
        started_at=SENT_AT,
        saved_at=SENT_AT,
        submitted_at=SENT_AT,
    )


@pytest.mark.parametrize("language", ["en"])
def test_the_receipt_names_reference_instant_and_day_of_the_answer(language):
    application = make_sent(language)

    mail = receipt_mail(
        application,
        answer_due_on=date(2024, 10, 14),
        document_id=7,
        thread=open_thread(about=ref(application), purpose="dialogue"),
    )

    assert mail.document_ids == (7,)
    assert_looks_like(mail, COPIES / f"receipt.{language}.txt")


@pytest.mark.parametrize("language", ["en"])
def test_the_withdrawal_is_confirmed(language):
    application = make_sent(language)

    mail = withdrawn_mail(
        application, withdrawn_at=SENT_AT, thread=open_thread(about=ref(application), purpose="dialogue")
    )

    assert_looks_like(mail, COPIES / f"withdrawn.{language}.txt")


def make_request(application):
    entry = DialogueEntry.objects.create(
        application=application,
        direction=Direction.FROM_OFFICE,
        channel=Channel.PAGE,
        wished_by=date(2024, 10, 21),
        at=SENT_AT,
    )
    DialogueText.objects.create(entry=entry, text="The letter lacks a signature.")
    return SupplementRequest.objects.create(
        application=application, entry=entry, asked=["endorsement"], asked_at=SENT_AT
    )


def thread_of(application):
    return open_thread(about=ref(application), purpose="dialogue")


@pytest.mark.parametrize("language", ["en"])
def test_the_mail_about_what_is_missing_says_what_why_and_by_when(language):
    application = make_sent(language)

    mail = missing_mail(make_request(application), questions=["Letter of endorsement"], thread=thread_of(application))

    assert_looks_like(mail, COPIES / f"missing.{language}.txt")


@pytest.mark.parametrize("language", ["en"])
def test_what_was_sent_again_is_confirmed_with_its_copy(language):
    application = make_sent(language)
    supplement = Supplement.objects.create(
        application=application, request=make_request(application), answers={}, sent_at=SENT_AT
    )

    mail = supplement_mail(supplement, answer_due_on=date(2024, 10, 14), document_id=8, thread=thread_of(application))

    assert mail.document_ids == (8,)
    assert_looks_like(mail, COPIES / f"supplement.{language}.txt")


@pytest.mark.parametrize("language", ["en"])
def test_an_expired_application_is_told_with_the_day_that_passed(language):
    application = make_sent(language)

    mail = expired_mail(application, request=make_request(application), thread=thread_of(application))

    assert_looks_like(mail, COPIES / f"expired.{language}.txt")


@pytest.mark.parametrize("language", ["en"])
def test_the_mail_about_the_latin_name_says_what_it_is_for(language):
    application = make_sent(language)

    mail = latin_name_mail(application, asked_on=date(2024, 10, 14), thread=thread_of(application))

    assert_looks_like(mail, COPIES / f"latin_name.{language}.txt")


@pytest.mark.parametrize("language", ["en"])
def test_the_mail_about_an_edition_that_is_not_held_says_why_and_what_next(language):
    application, target = make_sent(language), make_edition()
    target.starts_on, target.ends_on = date(2025, 5, 12), date(2025, 5, 16)

    mail = edition_not_held_mail(
        application, target=target, note="The hall has burnt down.", thread=thread_of(application)
    )

    assert_looks_like(mail, COPIES / f"edition_not_held.{language}.txt")
