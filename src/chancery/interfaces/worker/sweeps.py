"""What the worker sweeps: rows that services wrote. Each sweep may run twice and at any time."""

import io
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.management import call_command

from chancery.domain.admissions.services.applying import expire_drafts
from chancery.foundation import clock
from chancery.foundation.accounts.sign_in import forget_old_keys
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.audit.services import SEAL_CHUNK, seal_events
from chancery.foundation.documents.queries import list_unrendered
from chancery.foundation.documents.services import note_failure, store_rendering
from chancery.foundation.mail.mailbox import MailboxNotReadable, mailbox_from_url
from chancery.foundation.mail.queries import list_due_deliveries
from chancery.foundation.mail.sending import send
from chancery.foundation.mail.services import lease_due_mail, mark_failed, mark_sent
from chancery.foundation.privacy.queries import list_waiting
from chancery.foundation.privacy.retention import period
from chancery.foundation.tasks import heartbeats
from chancery.foundation.tasks.models import FormToken
from chancery.foundation.tasks.rates import forget_old_counts
from chancery.interfaces.worker.documents import render_document
from chancery.journey import choose, correspond, disclose, forget, offer, remind, reschedule, settle

log = structlog.get_logger(__name__)
MAILS_A_SWEEP = 200
DOCUMENTS_A_SWEEP = 50
HOUSEKEEPING_EVERY = timedelta(hours=6)
MAILBOX_EVERY = timedelta(minutes=1)
RETENTION_EVERY = timedelta(hours=24)
KEEP_FORM_TOKENS = timedelta(days=period("form_token").days)
DUE_DAYS_EVERY = timedelta(minutes=10)
LEFT_IS_TRIED_AFTER = timedelta(minutes=10)


def send_due_mail() -> int:
    """Send what is due, each mail leased so that two workers never send the same one at once."""
    for sent in range(MAILS_A_SWEEP):
        mail = lease_due_mail(machine_now=clock.machine_now(), story_now=clock.now())
        if mail is None:
            return sent
        try:
            send(mail, now=clock.now())
        except (OSError, smtplib.SMTPException, ValueError) as error:
            mark_failed(mail, error=f"{type(error).__name__}: {error}", now=clock.now())
        else:
            mark_sent(mail, now=clock.now())
    return MAILS_A_SWEEP


def mail_is_due() -> bool:
    """Say whether a mail waits that can be sent."""
    return list_due_deliveries(machine_now=clock.machine_now(), story_now=clock.now()).exists()


def render_due_documents() -> int:
    """Render documents that were asked for; what cannot be made is noted and tried again later."""
    done = 0
    for document in list_unrendered(now=clock.now())[:DOCUMENTS_A_SWEEP]:
        try:
            content = render_document(document)
        except Exception as error:
            note_failure(document, error=f"{type(error).__name__}: {error}", now=clock.now())
        else:
            store_rendering(document, content=content, now=clock.now())
            done += 1
    return done


def documents_are_due() -> bool:
    """Say whether a document waits."""
    return list_unrendered(now=clock.now()).exists()


def seal_audit_trail() -> int:
    """Chain the events that have no seal yet."""
    total = 0
    while (sealed := seal_events(now=clock.now())) == SEAL_CHUNK:
        total += sealed
    return total + sealed


def events_are_unsealed() -> bool:
    """Say whether an event has no seal."""
    return AuditEvent.objects.filter(seal=None).exists()


def settle_statements() -> int:
    """Finish statement files that were accepted but not matched, and drop imports that died."""
    return settle.settle_accepted_files(now=clock.now())


def weigh_lines() -> int:
    """Weigh waiting bank lines again where a bill was issued since."""
    return settle.weigh_waiting_lines(now=clock.now())


def call_the_silent() -> int:
    """Owe a call to each applicant whose wished day has passed in silence."""
    return correspond.call_silent_applicants(now=clock.now())


def someone_is_silent() -> bool:
    """Say whether a wished day has passed in silence."""
    return correspond.someone_is_silent(now=clock.now())


def keep_due_days() -> int:
    """Remind payers and release unpaid places, where the edition asks for it; remind who has a choice to make."""
    done = remind.remind_of_payments(now=clock.now()) + remind.release_unpaid_places(now=clock.now())
    done += choose.remind_to_choose(now=clock.now())
    heartbeats.note("due days", at=clock.machine_now())
    return done


def due_days_are_due() -> bool:
    """Say whether nobody has looked at due days for a while."""
    return _is_long_ago("due days", DUE_DAYS_EVERY)


def fetch_replies() -> int:
    """Take in what came into the mailbox; one that cannot be read is tried again, and the log says why."""
    tried_at = clock.machine_now()
    try:
        new = correspond.fetch_mail(mailbox_from_url(settings.IMAP_URL), now=clock.now())
    except MailboxNotReadable as error:
        log.warning("mailbox not readable", error=str(error))
        new = 0
    else:
        heartbeats.note("mailbox read", at=tried_at)
    heartbeats.note("mailbox tried", at=tried_at)
    return new


def replies_are_due() -> bool:
    """Say whether there is a mailbox and nobody has looked into it for a minute."""
    return bool(settings.IMAP_URL) and _is_long_ago("mailbox tried", MAILBOX_EVERY)


def pass_offers_on() -> int:
    """Let offers lapse that nobody answered, and offer those seats to the next."""
    return offer.lapse_offers(now=clock.now())


def close_choices() -> int:
    """Give the money back to whoever did not choose the next edition in time; what is left is tried again later."""
    closed = choose.close_choices(now=clock.now())
    _note_if_left("choices", left=choose.choices_are_over(now=clock.now()))
    return closed


def choices_are_over() -> bool:
    """Say whether a choice has ended that nobody made, and was not found impossible to close just now."""
    return choose.choices_are_over(now=clock.now()) and _may_be_tried("choices")


def offers_are_over() -> bool:
    """Say whether an offer has ended that nobody answered."""
    return offer.offers_are_over(now=clock.now())


def tell_of_dates() -> int:
    """Finish telling applicants of settled dates where that was broken off."""
    return reschedule.tell_the_untold(now=clock.now())


def forget_what_is_over() -> int:
    """Delete what is kept no longer; the mark is set when nothing is left to delete for now."""
    gone = forget.sweep_kept(now=clock.now())
    if gone.total() < forget.CHUNK:
        heartbeats.note("retention", at=clock.machine_now())
    return gone.total()


def retention_is_due() -> bool:
    """Say whether the last look at what is over was a night ago."""
    return _is_long_ago("retention", RETENTION_EVERY)


def make_copies() -> int:
    """Make the copies of their data that people asked for; what could not be made is tried again later."""
    made = disclose.make_copies(now=clock.now())
    _note_if_left("copies of data", left=list_waiting().exists())
    return made


def copies_are_due() -> bool:
    """Say whether somebody waits for a copy of their data, and it was not found impossible to make just now."""
    return list_waiting().exists() and _may_be_tried("copies of data")


def keep_house() -> int:
    """Expire idle drafts; forget old codes, links, counts of tries, sessions, form tokens and task rows."""
    now = clock.now()
    expired = expire_drafts(now=now)
    forget_old_keys(now=clock.machine_now())
    forget_old_counts(now=clock.machine_now())
    call_command("clearsessions")
    FormToken.objects.filter(used_at__lt=clock.machine_now() - KEEP_FORM_TOKENS).delete()
    call_command("ox_prune", stdout=io.StringIO())
    heartbeats.note("housekeeping", at=clock.machine_now())
    return expired


def housekeeping_is_due() -> bool:
    """Say whether the last housekeeping is long ago."""
    return _is_long_ago("housekeeping", HOUSEKEEPING_EVERY)


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep and the cheap question whether it has anything to do."""

    name: str
    is_due: Callable[[], bool]
    run: Callable[[], int]


SWEEPS = (
    Sweep("replies", replies_are_due, fetch_replies),
    Sweep("documents", documents_are_due, render_due_documents),
    Sweep("mail", mail_is_due, send_due_mail),
    Sweep("statements", settle.files_wait, settle_statements),
    Sweep("suggestions", settle.lines_are_stale, weigh_lines),
    Sweep("silence", someone_is_silent, call_the_silent),
    Sweep("due days", due_days_are_due, keep_due_days),
    Sweep("offers", offers_are_over, pass_offers_on),
    Sweep("choices", choices_are_over, close_choices),
    Sweep("dates", reschedule.someone_is_untold, tell_of_dates),
    Sweep("audit", events_are_unsealed, seal_audit_trail),
    Sweep("copies of data", copies_are_due, make_copies),
    Sweep("retention", retention_is_due, forget_what_is_over),
    Sweep("housekeeping", housekeeping_is_due, keep_house),
)


def sweep_everything() -> None:
    """Run every sweep until none has anything to do."""
    while due := [sweep for sweep in SWEEPS if sweep.is_due()]:
        if not sum(sweep.run() for sweep in due):
            return


def _note_if_left(name: str, *, left: bool) -> None:
    """Note that something could not be done, so that it is not tried again at each beat."""
    if left:
        heartbeats.note(f"{name} left", at=clock.machine_now())


def _may_be_tried(name: str) -> bool:
    return _is_long_ago(f"{name} left", LEFT_IS_TRIED_AFTER)


def _is_long_ago(name: str, span: timedelta) -> bool:
    return not heartbeats.is_noted(name, since=clock.machine_now() - span)
