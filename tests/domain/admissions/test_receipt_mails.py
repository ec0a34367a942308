from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.factories.accounts import make_person
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.mails.receipt import receipt_mail
from chancery.domain.admissions.mails.withdrawal import withdrawn_mail
from chancery.domain.admissions.models import Application
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
