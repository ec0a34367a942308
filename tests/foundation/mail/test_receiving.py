"""A message that comes in is kept raw, once, and found to belong to its thread."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from tests.foundation.mail.test_outbox import NOW, a_mail

from chancery.foundation.audit.refs import Ref
from chancery.foundation.files.storage import read_bytes
from chancery.foundation.mail.models import IncomingMail
from chancery.foundation.mail.reading import own_words, read_mail
from chancery.foundation.mail.receiving import take_in
from chancery.foundation.mail.services import open_thread, queue_mail
from chancery.foundation.mail.states import MailClass
from chancery.foundation.mail.threads import reply_address

ABOUT = Ref("admissions.application", "7")


def a_message(text="Yes, I can come.", **headers):
    message = EmailMessage()
    message["From"] = "Asha Elephanta <asha@mumbai.example>"
    message["To"] = "diploma@chancery.example"
    message["Subject"] = "Re: A question"
    message["Message-ID"] = "<reply-1@mumbai.example>"
    for name, value in headers.items():
        key = name.replace("_", "-")
        del message[key]
        message[key] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.mark.django_db
def test_a_reply_to_the_plus_address_belongs_to_its_thread():
    thread = open_thread(about=ABOUT, purpose="application")

    taken = take_in(a_message(To=reply_address(thread.token)), source="file", now=NOW)

    assert taken.mail.thread == thread


@pytest.mark.django_db
def test_a_reply_whose_plus_address_was_lost_is_known_by_the_message_it_answers():
    thread = open_thread(about=ABOUT, purpose="application")
    sent = queue_mail(a_mail(thread=thread), now=NOW)

    taken = take_in(a_message(In_Reply_To=sent.message_id), source="file", now=NOW)

    assert taken.mail.thread == thread


@pytest.mark.django_db
def test_the_raw_bytes_are_kept_and_taken_in_once():
    raw = a_message()

    first, second = (take_in(raw, source="file", now=NOW) for _ in range(2))

    assert (first.new, second.new) == (True, False)
    assert read_bytes(IncomingMail.objects.get().raw) == raw


@pytest.mark.django_db
def test_the_instant_of_reception_is_the_stamp_of_our_server_and_not_the_date_header():
    raw = b"Received: from a by b; Fri, 18 Oct 2024 23:41:07 +0200\r\n" + a_message(
        Date="Mon, 07 Oct 2024 08:00:00 +0000"
    )

    taken = take_in(raw, source="file", now=NOW)

    assert taken.mail.received_at == datetime(2024, 10, 18, 21, 41, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        pytest.param({"In_Reply_To": "<x@chancery.example>"}, MailClass.REPLY, id="a person's reply"),
        pytest.param({"Auto_Submitted": "auto-replied"}, MailClass.AUTOMATIC, id="an out-of-office answer"),
        pytest.param({"Precedence": "bulk"}, MailClass.AUTOMATIC, id="a bulk mailing"),
        pytest.param({"List_Id": "<cities.example>"}, MailClass.AUTOMATIC, id="a mailing list"),
        pytest.param({"Return_Path": "<>"}, MailClass.BOUNCE, id="a bounce"),
        pytest.param({}, MailClass.OTHER, id="a new mail"),
    ],
)
def test_a_message_is_told_by_its_headers(headers, kind):
    assert read_mail(a_message(**headers)).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "I will come.\n\nOn Mon, 21 Oct 2024 at 09:00, Office <o@c.example> wrote:\n> Can you?", id="english"
        ),
        pytest.param(
            "I will come.\n\nEl lun, 21 oct 2024 a las 9:00, Oficina (<o@c.example>) escribió:\n> ¿Puede?", id="spanish"
        ),
        pytest.param(
            "I will come.\n\nLe lun. 21 oct. 2024 à 09:00, Bureau <o@c.example> a écrit :\n> Pouvez-vous ?", id="french"
        ),
        pytest.param("> Can you?\nI will come.", id="answer below the quote"),
    ],
)
def test_own_words_leave_the_quoted_message_out(text):
    assert own_words(text) == "I will come."


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe\x00", id="noise"),
        pytest.param(b"From: <<>>\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xe9", id="unknown charset"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", id="broken multipart"),
        pytest.param(b"Subject: =?utf-8?q?=ff=fe?=\r\nReceived: yesterday\r\n\r\nhi", id="broken headers"),
    ],
)
def test_a_broken_message_is_read_as_far_as_it_goes(raw):
    assert read_mail(raw).kind in MailClass
