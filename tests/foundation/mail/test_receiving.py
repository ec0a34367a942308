"""A message that comes in is kept raw, once, and found to belong to its thread."""

from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage
from time import process_time

import pytest
from tests.foundation.mail.test_outbox import NOW, a_mail

from chancery.foundation.audit.refs import Ref
from chancery.foundation.files.storage import read_bytes
from chancery.foundation.mail.models import IncomingMail
from chancery.foundation.mail.quoting import split_quoted
from chancery.foundation.mail.reading import read_mail
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
def test_of_several_messages_it_answers_the_first_counts_unless_a_purpose_goes_first():
    threads = [open_thread(about=ABOUT, purpose=purpose) for purpose in ("dialogue", "application", "reservation")]
    sent = [queue_mail(a_mail(thread=thread, dedupe_key=thread.purpose), now=NOW) for thread in threads]
    words = " ".join(sent[at].message_id for at in (1, 0, 2))

    taken = take_in(a_message(References=words), source="file", now=NOW)
    other = take_in(a_message("Else.", References=words), source="file", now=NOW, goes_first="reservation")

    assert (taken.mail.thread, other.mail.thread) == (threads[1], threads[2])


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


MINE, OTHER = "asha@mumbai.example", "mallory@evil.example"


@pytest.mark.parametrize(
    "written",
    [
        MINE,
        f"<{MINE}>",
        f"{MINE} (Asha)",
        f"=?utf-8?q?Jos=C3=A9?= <{MINE}>",
        f'"{MINE}" <{MINE}>',
        f"\"'Asha@Mumbai.example'\" <{MINE}>",
    ],
)
def test_one_address_in_from_is_the_senders(written: str):
    assert read_mail(f"From: {written}\r\n\r\nhi".encode()).sender == MINE


@pytest.mark.parametrize(
    "written",
    [
        f"{MINE}, {OTHER}",
        f"{OTHER}, {MINE}",
        f"{MINE} <{OTHER}>",
        f'"{MINE}" <{OTHER}>',
        f"<{MINE}> <{OTHER}>",
        f"({MINE}) {OTHER}",
        f"{MINE}: {OTHER};",
        f"<@evil.example:{MINE}>",
        f"=?utf-8?q?asha=40mumbai.example_=3C?= <{OTHER}>",
        f"{MINE}\r\nFrom: {OTHER}",
        f"{MINE}, {' ' * 5000}{OTHER}",
    ],
)
def test_a_from_in_which_another_reader_may_find_another_address_names_nobody(written: str):
    assert read_mail(f"From: {written}\r\n\r\nhi".encode()).sender == ""


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
    assert split_quoted(text).own == "I will come."


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


def nested(depth):
    body = b"Content-Type: text/plain\r\n\r\nhello"
    for i in range(depth):
        body = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n%s\r\n--b%d--\r\n' % (i, i, body, i)
    return body


HOSTILE = {
    "parts in parts without end": b"To: diploma+aaaaaaaaaaaaaaaaaaaa@chancery.example\r\n" + nested(1000),
    "comments in comments": b"To: diploma+aaaaaaaaaaaaaaaaaaaa@chancery.example\r\nFrom: "
    + b"(" * 3000
    + b"\r\n\r\nhi",
}


HEAD = b"To: diploma+aaaaaaaaaaaaaaaaaaaa@chancery.example\r\nFrom: a@b.example\r\n"
IN_PARTS = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
ENCODED = b"".join(b"Content-Type: =?utf-8?q?multipart?=/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(900))


def encoded(text: bytes, *, kind: str = "text/plain", times: int = 1) -> bytes:
    head = f"--b\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n".encode()
    return IN_PARTS + (head + b64encode(text) + b"\n") * times


REPORT = HEAD + b"Content-Type: message/delivery-status\r\n\r\n"
SLOW = {
    "containers with many lines": HEAD + nested(40) + b"\n" * 500_000,
    "lines without end": HEAD + b"\r\n" + b"\n" * 500_000,
    "small parts": IN_PARTS + b"--b\nContent-Type: text/html\n\n<p>x\n" * 30_000,
    "smaller parts": IN_PARTS + b"--b\n\n\n" * 60_000,
    "parts that carriage returns divide": IN_PARTS + b"--b\r\r<p>x\r" * 30_000,
    "parts whose lines show when they are decoded": encoded(b"@:\n" * 33_333, times=15),
    "marked-up parts of many lines": encoded(b"@:<br>" * 33_333, kind="text/html", times=8),
    "a report of many sections": REPORT + b"a: b\n\n" * 60_000,
    "headers without end": HEAD + b"X: a\n" * 100_000 + b"\r\nhi",
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW)
def test_a_message_that_would_take_minutes_waits_for_a_person_at_once(raw):
    begun = process_time()

    read = read_mail(raw)

    assert (read.kind, read.tokens) == (MailClass.OTHER, ("a" * 20,))
    assert process_time() - begun < 5


@pytest.mark.parametrize("charset", ["punycode", "idna", "raw_unicode_escape", "undefined"])
def test_what_claims_a_charset_of_no_letter_is_read_as_any_other(charset):
    begun = process_time()

    read = read_mail(encoded(b"ba" * 300_000 + b"-" + b"ba" * 300_000, kind=f"text/plain; charset={charset}"))

    assert read.own_text[:4] == "baba"
    assert process_time() - begun < 5


def test_a_container_whose_kind_is_written_in_code_is_read_as_text():
    begun = process_time()

    read = read_mail(HEAD + ENCODED + b"--x\n" * 150_000)

    assert (read.kind, read.own_text[:4]) == (MailClass.REPLY, "--b0")
    assert process_time() - begun < 5


def test_many_long_headers_take_no_longer_than_they_are_long():
    begun = process_time()

    read = read_mail((b"To: " + b"+aaaaaaaaaaaaaaaaaaaa@," * 180 + b"\r\n") * 400 + b"\r\nhi")

    assert (read.tokens, read.own_text) == (("a" * 20,), "hi")
    assert process_time() - begun < 5


def test_results_and_addresses_are_read_where_their_headers_are_folded():
    raw = b"Authentication-Results: mx.example;\r\n dmarc=pass\r\nTo: A\r\n <d+aaaaaaaaaaaaaaaaaaaa@x>\r\n\r\nhi"

    assert (read_mail(raw).results, read_mail(raw).tokens) == (("mx.example; dmarc=pass",), ("a" * 20,))


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_message_that_no_reader_survives_waits_for_a_person_in_its_thread(raw):
    read = read_mail(raw)

    assert (read.kind, read.tokens) == (MailClass.OTHER, ("a" * 20,))


@pytest.mark.parametrize(
    "raw",
    [
        b"Received: from x; Fri, 31 Dec 9999 23:59:59 -1200\r\n\r\nhi",
        b"Content-Type: text/html\r\n\r\n<!-- nothing -->",
        b"To: " + b"+aaaaaaaaaaaaaaaaaaaa@," * 50_000 + b"\r\n\r\nhi",
    ],
    ids=["a stamp at the end of time", "html without words", "a header without end"],
)
def test_oddities_of_a_message_keep_nothing_from_being_read(raw):
    assert read_mail(raw).own_text in {"hi", ""}


def test_what_no_database_takes_is_left_out():
    read = read_mail(b"From: a@b.example\r\nSubject: =?utf-8?q?a=0d=0ab=00?=\r\n\r\nhi\x00")

    assert (read.subject, read.own_text) == ("a b", "hi")
