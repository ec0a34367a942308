"""Mail waits as a row, leaves once, and is tried again when it did not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as postbox
from django.db import transaction

from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.refs import Ref
from chancery.foundation.documents.services import request_document, store_rendering
from chancery.foundation.mail.models import MailDelivery, OutgoingMail
from chancery.foundation.mail.queries import list_mail
from chancery.foundation.mail.sending import send
from chancery.foundation.mail.services import (
    BACK_OFF,
    LEASE,
    Mail,
    MailNotResendable,
    MailNotWithholdable,
    date_waiting_mail,
    lease_due_mail,
    mark_failed,
    mark_sent,
    open_thread,
    queue_mail,
    resend_mail,
    withhold_mail,
)
from chancery.foundation.mail.states import DeliveryState

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)
ABOUT = Ref("admissions.application", "7")


def a_mail(**changes):
    facts = {
        "kind": "admissions/receipt",
        "about": ABOUT,
        "to": "asha@mumbai.example",
        "language": "en",
        "subject": "We have your application",
        "text": "Received.\n",
        "html": "<p>Received.</p>",
        "dedupe_key": "receipt:7",
    }
    return Mail(**{**facts, **changes})


def lease(at=NOW):
    return lease_due_mail(machine_now=at, story_now=at)


def test_the_same_mail_queued_twice_leaves_once():
    first, second = queue_mail(a_mail(), now=NOW), queue_mail(a_mail(), now=NOW)

    assert first == second
    assert OutgoingMail.objects.count() == MailDelivery.objects.count() == 1


def test_mail_of_an_act_that_failed_never_existed():
    with pytest.raises(RuntimeError), transaction.atomic():
        queue_mail(a_mail(), now=NOW)
        raise RuntimeError

    assert lease() is None


def test_a_leased_mail_is_not_handed_to_a_second_worker():
    queue_mail(a_mail(), now=NOW)

    assert lease() is not None
    assert lease() is None


def test_a_mail_whose_worker_died_is_tried_again_under_the_same_message_id():
    queue_mail(a_mail(), now=NOW)
    first = lease()

    again = lease(NOW + LEASE + timedelta(seconds=1))

    assert again.message_id == first.message_id


def test_a_mail_waits_until_each_of_its_documents_is_rendered():
    first, second = (
        request_document(kind, about=ABOUT, language="en", filename="a.pdf", facts={}, now=NOW) for kind in ("a", "b")
    )
    queue_mail(a_mail(document_ids=(first.pk, second.pk)), now=NOW)

    store_rendering(first, content=b"%PDF-1.7", now=NOW)
    assert lease() is None

    store_rendering(second, content=b"%PDF-1.7", now=NOW)
    assert lease() is not None


def test_a_failed_mail_waits_longer_each_time_and_then_for_a_person():
    row = queue_mail(a_mail(), now=NOW)
    at = NOW
    for pause in BACK_OFF:
        assert lease(at) == row
        mark_failed(row, error="OSError: refused", now=at)
        assert MailDelivery.objects.get().next_at == at + pause
        at += pause

    assert lease(at) == row
    mark_failed(row, error="OSError: refused", now=at)

    assert MailDelivery.objects.get().state == DeliveryState.FAILED
    assert lease(at + timedelta(days=9)) is None


def test_a_mail_that_has_left_can_be_sent_again_and_that_is_on_record():
    row = queue_mail(a_mail(), now=NOW)
    lease()
    mark_sent(row, now=NOW)

    resend_mail(mail_id=row.pk, actor=SYSTEM, now=NOW)

    assert lease() == row
    assert AuditEvent.objects.get().name == "mail.mail.resent"


def test_a_mail_on_its_way_cannot_be_sent_again():
    row = queue_mail(a_mail(), now=NOW)

    with pytest.raises(MailNotResendable):
        resend_mail(mail_id=row.pk, actor=SYSTEM, now=NOW)


def test_a_mail_that_is_held_back_leaves_only_when_somebody_sends_it():
    row = queue_mail(a_mail(), now=NOW)

    withhold_mail(mail_id=row.pk, actor=SYSTEM, now=NOW)
    assert lease(NOW + timedelta(days=1)) is None

    resend_mail(mail_id=row.pk, actor=SYSTEM, now=NOW)
    assert lease() == row
    assert list(AuditEvent.objects.order_by("id").values_list("name", flat=True)) == [
        "mail.mail.withheld",
        "mail.mail.resent",
    ]


def test_a_mail_being_sent_cannot_be_held_back():
    row = queue_mail(a_mail(), now=NOW)
    lease()

    with pytest.raises(MailNotWithholdable):
        withhold_mail(mail_id=row.pk, actor=SYSTEM, now=NOW)


def test_a_mail_leaves_with_its_thread_in_the_reply_address_and_its_documents_attached():
    thread = open_thread(about=ABOUT, purpose="reservation")
    document = request_document("a", about=ABOUT, language="en", filename="place.pdf", facts={}, now=NOW)
    store_rendering(document, content=b"%PDF-1.7", now=NOW)
    row = queue_mail(a_mail(thread=thread, document_ids=(document.pk,)), now=NOW)

    send(row, now=NOW)

    (sent,) = postbox.outbox
    assert sent.reply_to == [f"diploma+{thread.token}@chancery.example"]
    assert sent.extra_headers["Message-ID"] == row.message_id
    assert [(a[0], a[1], a[2]) for a in sent.attachments] == [("place.pdf", b"%PDF-1.7", "application/pdf")]


def test_the_newest_mail_stands_first_by_the_day_on_which_it_was_asked_for():
    queue_mail(a_mail(subject="later"), now=NOW)
    queue_mail(a_mail(subject="earlier", dedupe_key="receipt:8"), now=NOW - timedelta(days=3))

    assert [mail.content.subject for mail in list_mail()] == ["later", "earlier"]


def test_mail_is_found_by_words_of_its_address_and_its_subject():
    queue_mail(a_mail(), now=NOW)
    queue_mail(a_mail(to="jun@quezon.example", dedupe_key="receipt:8"), now=NOW)

    assert [mail.content.to for mail in list_mail(words="JUN application")] == ["jun@quezon.example"]
    assert not list_mail(words="jun decision").exists()


def test_the_mail_of_a_story_left_when_it_was_asked_for_and_sent_again_it_keeps_when_it_left_first():
    mail = queue_mail(a_mail(), now=NOW - timedelta(days=3))
    date_waiting_mail()
    lease()
    mark_sent(mail, now=NOW)
    first = MailDelivery.objects.get().sent_at

    resend_mail(mail_id=mail.pk, actor=SYSTEM, now=NOW)
    lease()
    mark_sent(mail, now=NOW)

    assert (first, MailDelivery.objects.get().sent_at) == (NOW - timedelta(days=3), NOW - timedelta(days=3))
