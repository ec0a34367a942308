"""Letters of people who cannot come, as replies to the mail that reserved their place."""

from datetime import datetime
from email.utils import format_datetime

from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.foundation.mail.threads import reply_address
from chancery.journey.correspond import receive_mail


def facts_of(place: Place, *, without: str = "") -> str:
    """Return a letter with the four facts, one of them left out where asked."""
    lines = {
        "course": f"Course: {place.edition.programme.name}",
        "name": f"Name: {place.person.name}",
        "day": f"Date of registration: {place.reserved_on:%d/%m/%Y}",
        "contact": "Phone: +233 30 266 5951",
    }
    kept = [line for key, line in lines.items() if key != without]
    return "\r\n".join(["I am sorry, I cannot come.", "", *kept])


def reply(place: Place, body: str, *, at: datetime, automatic: bool = False, sender: str = "") -> bytes:
    """Return the raw message as our own server stamped it."""
    head = [
        f"Received: from city.example by chancery.example; {format_datetime(at)}",
        f"From: {sender or place.person.email}",
        f"To: {reply_address(place.thread.token)}",
        "Subject: Re: Your place is reserved",
        f"Message-ID: <{at.timestamp()}@city.example>",
        *(["Auto-Submitted: auto-replied"] if automatic else []),
        "Content-Type: text/plain; charset=utf-8",
    ]
    return ("\r\n".join(head) + f"\r\n\r\n{body}\r\n").encode()


def hear(place: Place, body: str, *, at: datetime, automatic: bool = False, sender: str = "") -> CancellationNotice:
    """Take a reply in and return the notice that it became."""
    taken = receive_mail(raw=reply(place, body, at=at, automatic=automatic, sender=sender), source="test", now=at)
    return CancellationNotice.objects.get(mail=taken.mail)
