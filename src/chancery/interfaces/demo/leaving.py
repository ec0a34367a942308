"""Those of the story who leave, or try to: two in time, one too late, one without all facts, one by another way."""

from datetime import datetime
from email.utils import format_datetime

from chancery.domain.billing.models import EntryBalance, Invoice, Refund
from chancery.domain.enrollment.models import CancellationNotice, Place, Substitution
from chancery.domain.enrollment.states import NoticeWay
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.threads import reply_address
from chancery.interfaces.demo import acts
from chancery.interfaces.demo.cast import Applicant
from chancery.journey import cancel, notice, reconcile, repay, substitute
from chancery.journey.correspond import receive_mail


def reply(who: Applicant, at: datetime, *, without: tuple[str, ...] = ()) -> CancellationNotice:
    """Let somebody of the cast reply to the mail that reserved their place."""
    return reply_of(place_of(who), at, without=without)


def reply_of(place: Place, at: datetime, *, without: tuple[str, ...] = ()) -> CancellationNotice:
    """Send a reply to the reservation mail with the four facts, or without some of them, as our server stamps it."""
    facts = {
        "course": f"Course: {place.edition.programme.name}",
        "name": f"Name and surname: {place.person.name}",
        "day": f"Date of registration: {place.reserved_on:%d/%m/%Y}",
        "contact": f"Contact: {place.person.email}",
    }
    lines = [
        "Dear team,",
        "",
        "I am sorry to say that I cannot come in November. Please cancel my place.",
        "",
        *(line for key, line in facts.items() if key not in without),
        "",
        "Kind regards",
    ]
    head = [
        f"Received: from mail.city.example by mail.chancery.example; {format_datetime(at)}",
        f"From: {place.person.email}",
        f"To: {reply_address(place.thread.token)}",
        f"Date: {format_datetime(at)}",
        f"Subject: Re: Your place is reserved: {place.application.reference}",
        f"Message-ID: <{place.pk}.{at:%Y%m%d%H%M%S}@city.example>",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    raw = ("\r\n".join(head) + "\r\n\r\n" + "\r\n".join(lines) + "\r\n").encode()
    taken = receive_mail(raw=raw, source="demo", now=at)
    return CancellationNotice.objects.get(mail=taken.mail)


def name_colleague(who: Applicant, colleague: Applicant, now: datetime) -> Substitution:
    """Let somebody of the cast name a colleague who comes instead."""
    place = place_of(who)
    return substitute.name_substitute(
        place_id=place.pk, email=colleague.email, name=colleague.name, actor=acts.actor(who.email), now=now
    )


def say_yes(wish: Substitution, colleague: Applicant, now: datetime) -> None:
    """Let the colleague confirm."""
    substitute.confirm_substitution(
        substitution_id=wish.pk,
        colleague=substitute.Colleague(name=colleague.name, latin_name="", post=colleague.post),
        actor=acts.actor(colleague.email),
        now=now,
    )


def hand_over(wish: Substitution, by: Actor, now: datetime) -> None:
    """Hand the place over as the office."""
    substitute.hand_over(substitution_id=wish.pk, actor=by, now=now)


def accept(heard: CancellationNotice, by: Actor, now: datetime) -> CancellationNotice:
    """Confirm a notice as the finance officer."""
    return cancel.accept_notice(notice_id=heard.pk, actor=by, now=now)


def tell_otherwise(who: Applicant, words: str, by: Actor, now: datetime) -> None:
    """Keep what somebody wrote on the site instead of replying."""
    notice.note_other_way(place_id=place_of(who).pk, way=NoticeWay.PAGE, note=words, received_at=now, actor=by, now=now)


def book_short(who: Applicant, by: Actor, now: datetime) -> None:
    """Book a transfer that lacks its charges, and write the rest off."""
    invoice = Invoice.objects.get(lines__charge__place=place_of(who), lines__charge__current=True)
    balance = EntryBalance.objects.get(entry__suggestions__invoice=invoice)
    reconcile.book_line(
        entry_id=balance.entry_id,
        parts=[reconcile.Part(invoice.pk, balance.left_minor)],
        reason="its reference; the bank kept charges",
        rest=reconcile.Rest.WRITE_OFF,
        rest_reason="charges of the bank on the way",
        actor=by,
        now=now,
    )


def pay_back(who: Applicant, first: Actor, second: Actor, now: datetime) -> Refund:
    """Approve the refund of a place that ended and make the file for the bank."""
    refund = Refund.objects.get(credit_note__lines__quote__application=place_of(who).application)
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=second, now=now)
    repay.make_refund_file(actor=first, now=now)
    return refund


def place_of(who: Applicant) -> Place:
    """Return the place of somebody of the cast."""
    places = Place.objects.select_related("person", "edition__programme", "application", "thread")
    return places.get(person__user__email=who.email)
