"""What a cancellation notice is worth, from an edition file alone: no database, no settings."""

import argparse
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chancery.domain.enrollment.policies.notices import Judgement, NoticeFacts, judge_notice
from chancery.domain.enrollment.readers import Found, LookedFor, missing_in, read_letter
from chancery.domain.enrollment.states import FoundIn, NoticeChannel, NoticeItem
from chancery.domain.programme.readers import EditionFile
from chancery.foundation.mail.reading import ReadMail, read_mail
from chancery.foundation.mail.states import NOT_A_PERSON
from chancery.foundation.money import Money
from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli.console import answer, say, sum_text
from chancery.interfaces.cli.edition import read_terms
from chancery.interfaces.cli.nouns import Nouns

WORDS = {
    "automatic": "nobody wrote it: an automatic answer, a bounce or a list",
    "wrong_channel": "it is not a reply to the place-reservation mail",
    "after_deadline": "it came after the last refundable instant",
    "incomplete": "facts are missing",
}
ITEMS = {
    NoticeItem.COURSE_NAME: "name of the course",
    NoticeItem.STUDENT_NAME: "name and surname",
    NoticeItem.REGISTRATION_DATE: "date of registration",
    NoticeItem.CONTACT: "contact information",
}
LARGEST_MAIL = 30 * 1024 * 1024


def register(nouns: Nouns) -> None:
    """Add ``cancellation judge``."""
    parser = nouns.add_parser("cancellation", help="what a cancellation notice is worth")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    judging = acts.add_parser("judge", help="accepted or not, why, and what it brings back")
    judging.add_argument("--edition", type=Path, required=True, metavar="FILE")
    judging.add_argument("--received", type=_instant, required=True, metavar="INSTANT", help="with its offset")
    judging.add_argument(
        "--paid-cents", type=_amount, required=True, metavar="N", help="received for the place by then"
    )
    judging.add_argument("--refunded-cents", type=_amount, default=0, metavar="N", help="given back of it before")
    judging.add_argument("--channel", type=NoticeChannel, choices=list(NoticeChannel), required=True)
    judging.add_argument("--mail", type=Path, metavar="FILE.eml", help="the message; needs the two options below")
    judging.add_argument("--student", metavar="NAME", help="name and surname on the application")
    judging.add_argument("--registered-on", type=_day, metavar="DAY", help="day on which the place was reserved")
    judging.add_argument("--json", action="store_true", help="answer with one JSON document")
    judging.set_defaults(run=judge, fail=judging.error)


def judge(arguments: argparse.Namespace) -> int:
    """Answer with the judgement; a notice that is not accepted is an answer too."""
    if arguments.mail and not (arguments.student and arguments.registered_on):
        arguments.fail("--mail needs --student NAME and --registered-on DAY: what the mail must name")
    edition, terms = read_terms(arguments.edition)
    mail = read_mail(_read_message(arguments.mail)) if arguments.mail else None
    items = _items(mail, edition, arguments) if mail else ()
    judged = judge_notice(
        _facts(arguments, mail, items),
        terms=terms,
        starts_on=edition.edition.starts_on,
        zone=ZoneInfo(edition.edition.time_zone),
    )
    if arguments.json:
        answer(_as_json(judged, mail, items, edition))
    else:
        left = Money(arguments.paid_cents - arguments.refunded_cents, edition.tariff.currency)
        for line in _in_words(judged, items, left, ZoneInfo(edition.edition.time_zone)):
            say(line)
    return 0


def _items(mail: ReadMail, edition: EditionFile, arguments: argparse.Namespace) -> tuple[Found, ...]:
    looked_for = LookedFor((edition.programme.name,), (arguments.student,), (arguments.registered_on,))
    return read_letter(looked_for, mail)


def _facts(arguments: argparse.Namespace, mail: ReadMail | None, items: tuple[Found, ...]) -> NoticeFacts:
    try:
        return NoticeFacts(
            received_at=arguments.received,
            channel=arguments.channel,
            paid_minor=arguments.paid_cents,
            refunded_minor=arguments.refunded_cents,
            missing=missing_in(items),
            automatic=mail is not None and mail.kind in NOT_A_PERSON,
        )
    except ValueError as error:
        raise Refused(
            refusal("refunded_more_than_paid"), f"--refunded-cents {arguments.refunded_cents}: {error}"
        ) from error


def _read_message(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_MAIL:
            raise Refused(refusal("mail_too_large"), f"{path}: larger than {LARGEST_MAIL // 2**20} MB is no letter")
        return path.read_bytes()
    except OSError as error:
        raise Refused(refusal("mail_not_readable"), f"{path}: {error.strerror}") from error


def _as_json(
    judged: Judgement, mail: ReadMail | None, items: tuple[Found, ...], edition: EditionFile
) -> dict[str, object]:
    return {
        "accepted": judged.accepted,
        "refund_cents": judged.refund_minor,
        "refund_due_on": judged.refund_due_on.isoformat() if judged.refund_due_on else None,
        "deadline": judged.deadline.astimezone(ZoneInfo(edition.edition.time_zone)).isoformat(),
        "reasons": list(judged.reasons),
        "missing": [item.value for item in missing_in(items)],
        "quoted_only": [found.item.value for found in items if found.where is FoundIn.QUOTED],
        "automatic": mail is not None and mail.kind in NOT_A_PERSON,
        "refund_if_completed_cents": judged.refund_if_completed_minor,
        "refund_rate": f"{judged.rate:f}",
        "currency": edition.tariff.currency,
        "found": {
            found.item.value: {"where": found.where, "words": found.words} for found in items if found.where is not None
        },
    }


def _in_words(judged: Judgement, items: tuple[Found, ...], left: Money, zone: ZoneInfo) -> Iterator[str]:
    """Yield the judgement as a person reads it: accepted or why not, until when, how much and why."""
    yield "accepted" if judged.accepted else "not accepted"
    yield from (f"  because {WORDS[reason]}" for reason in judged.reasons)
    yield from (f"  missing: {ITEMS[item]}" for item in missing_in(items))
    yield f"money comes back for what is received until {judged.deadline.astimezone(zone):%d %B %Y, %H:%M:%S %Z}"
    share = f"{judged.rate * 100:f}".rstrip("0").rstrip(".")
    sums = f"{share} % of {_shown(left.minor, left.currency)}"
    if judged.refund_due_on:
        refund = _shown(judged.refund_minor, left.currency)
        yield f"refund: {sums} = {refund}, due by {judged.refund_due_on:%d %B %Y}"
    elif judged.refund_if_completed_minor:
        yield f"refund once nothing is missing: {sums} = {_shown(judged.refund_if_completed_minor, left.currency)}"
    else:
        yield f"refund: {_shown(0, left.currency)}"


def _shown(minor: int, currency: str) -> str:
    return f"{currency} {sum_text(minor, currency)}"


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant; write it as 2024-10-18T23:59:59+02:00") from None
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} lacks its offset; write it as {text}+02:00 or {text}Z")
    return instant


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2024-10-02") from None


def _amount(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount in cents: a whole number, not negative")
    return int(text)
