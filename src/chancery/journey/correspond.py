"""The step of talking: what the office and an applicant say to each other, with the clocks that run on it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from chancery.domain.admissions.mails.question import question_mail
from chancery.domain.admissions.models import Application, DialogueEntry
from chancery.domain.admissions.queries.dialogue import list_silent
from chancery.domain.admissions.services import talking
from chancery.domain.admissions.states import CallOutcome, Channel
from chancery.domain.enrollment.services.places import RESERVATION
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_content
from chancery.foundation.audit.actors import SYSTEM, Actor
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import (
    last_second_in_working_days,
    local_day,
    working_day_after,
)
from chancery.foundation.mail.mailbox import MailboxAddress, Message, opened
from chancery.foundation.mail.models import IncomingHandling, IncomingMail, MailThread
from chancery.foundation.mail.reading import ReadMail, read_mail
from chancery.foundation.mail.receiving import TakenIn, fetched_numbers, note_fetched, take_in
from chancery.foundation.mail.services import open_thread, queue_mail
from chancery.foundation.mail.states import MailClass
from chancery.journey.notice import take_in_notice

log = structlog.get_logger(__name__)

DIALOGUE = "dialogue"
CHUNK = 200
FETCHED_BACK = timedelta(days=14)


def dialogue_of(application: Application) -> MailThread:
    """Return the thread in which the office and an applicant talk; a participant goes on in that of the application."""
    return open_thread(about=ref(application), purpose=DIALOGUE)


@transaction.atomic
def write_to_applicant(
    *, application_id: int, text: str, actor: Actor, now: datetime, wished_by: date | None = None
) -> DialogueEntry:
    """Write to the applicant on the page and by mail; without a wished day it is the edition's time to answer."""
    application = _with_edition(application_id)
    entry = talking.send_message(
        application_id=application_id,
        text=text,
        wished_by=wished_by or default_wish(application.edition, now=now),
        actor=actor,
        now=now,
    )
    queue_mail(question_mail(entry, dialogue_of(application)), now=now)
    return entry


@transaction.atomic
def hear_from_applicant(*, application_id: int, text: str, actor: Actor, now: datetime) -> DialogueEntry:
    """Take in what the applicant wrote on the page; we owe an answer."""
    application = _with_edition(application_id)
    return talking.receive_message(
        application_id=application_id,
        text=text,
        channel=Channel.PAGE,
        answer_due_at=our_answer_due(application.edition, now=now),
        actor=actor,
        now=now,
    )


def receive_mail(*, raw: bytes, source: str, now: datetime, received_at: datetime | None = None) -> TakenIn:
    """Keep a raw message and do in the same transaction what it asks for by its thread.

    An answer in a dialogue is brought into the dialogue, a reply to a place-reservation mail is judged and answered.
    What goes to both is a reply to the place-reservation mail: it may cancel, and its time counts.
    It is read before the transaction begins: a letter that takes long to read holds up nobody who writes.
    """
    return _act_on(raw, read_mail(raw), source=source, now=now, received_at=received_at)


@transaction.atomic
def _act_on(raw: bytes, read: ReadMail, *, source: str, now: datetime, received_at: datetime | None) -> TakenIn:
    taken = take_in(raw, source=source, now=now, received_at=received_at, read=read, goes_first=RESERVATION)
    if taken.new:
        take_in_reply(mail=taken.mail, now=now)
        take_in_notice(mail=taken.mail, read=read, now=now)
    return taken


def fetch_mail(address: MailboxAddress, *, now: datetime) -> int:
    """Take in what came into a mailbox in the last days and is not ours yet; return how many messages were new.

    Each message is committed before it is marked as read: killed in between, the next round finds that it is ours and
    only marks it. What somebody marked as read is found all the same. A message that we fail to take in is logged and
    left for the next round: it does not keep the others.

    :raises chancery.foundation.mail.mailbox.MailboxNotReadable: when the mailbox cannot be read.
    """
    new = 0
    with opened(address) as mailbox:
        numbers = mailbox.numbers(now.date() - FETCHED_BACK)
        ours = fetched_numbers(mailbox=address.name, validity=mailbox.validity, among=numbers)
        for number in (each for each in numbers if each not in ours):
            message = mailbox.message(number)
            if message is None:
                continue
            try:
                new += _keep_fetched(address.name, mailbox.validity, number, message, now)
            except Exception:
                log.exception("mail not taken in", mailbox=address.name, number=number)
                continue
            mailbox.mark_read(number)
    return new


def _keep_fetched(mailbox: str, validity: int, number: int, message: Message, now: datetime) -> bool:
    read = read_mail(message.raw)
    with transaction.atomic():
        taken = _act_on(message.raw, read, source="imap", now=now, received_at=message.received_at)
        note_fetched(mailbox=mailbox, validity=validity, number=number, mail=taken.mail)
    return taken.new


@transaction.atomic
def take_in_reply(*, mail: IncomingMail, now: datetime) -> DialogueEntry | None:
    """Bring a mail of a dialogue thread into the dialogue, once; None for any other mail.

    Automatic answers and bounces never speak for a person (promise C2), so they stay in the inbox; so does what comes
    to an application that was never sent, which has no dialogue: such as an answer to the word that it has ended.
    """
    thread, handling = mail.thread, IncomingHandling.objects.filter(mail=mail).first()
    if thread is None or thread.purpose != DIALOGUE or handling is None or handling.kind != MailClass.REPLY:
        return None
    if thread.subject_kind != "admissions.application" or not handling.own_text.strip():
        return None

    application = _with_edition(int(thread.subject_id))
    if application.submitted_at is None:
        return None
    entry = talking.receive_message(
        application_id=application.pk,
        text=handling.own_text,
        channel=Channel.MAIL,
        answer_due_at=our_answer_due(application.edition, now=now),
        incoming_mail_id=mail.pk,
        actor=SYSTEM,
        now=mail.received_at,
    )
    IncomingHandling.objects.filter(mail=mail, handled_at=None).update(handled_at=now)
    return entry


@transaction.atomic
def log_call(*, application_id: int, outcome: CallOutcome, text: str, actor: Actor, now: datetime) -> DialogueEntry:
    """Log a call with its outcome; whoever was not reached is tried again."""
    application = _with_edition(application_id)
    return talking.log_call(
        application_id=application_id,
        outcome=outcome,
        text=text,
        next_due_at=our_answer_due(application.edition, now=now),
        actor=actor,
        now=now,
    )


def call_silent_applicants(*, now: datetime) -> int:
    """Open the promise to call each applicant whose wished day has passed in silence; return how many are new."""
    new = 0
    for application in list_silent(now=now)[:CHUNK]:
        due_at = our_answer_due(application.edition, now=now)
        new += talking.owe_a_call(application_id=application.pk, due_at=due_at, now=now)
    return new


def someone_is_silent(*, now: datetime) -> bool:
    """Tell whether a wished day has passed in silence."""
    return list_silent(now=now).exists()


def default_wish(edition: Edition, *, now: datetime) -> date:
    """Return the day by which an answer is wished when nobody says otherwise: a setting of the edition."""
    zone = ZoneInfo(edition.time_zone)
    return working_day_after(local_day(now, zone), get_content(edition).dialogue.answer_within_days)


def our_answer_due(edition: Edition, *, now: datetime) -> datetime:
    """Return the last second in which our answer or call is in time: a setting of the edition, in working days."""
    zone = ZoneInfo(edition.time_zone)
    return last_second_in_working_days(now, get_content(edition).dialogue.reminder_days, zone)


def _with_edition(application_id: int) -> Application:
    return Application.objects.select_related("edition").get(pk=application_id)
