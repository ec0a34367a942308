"""The step of hearing that somebody cannot come: a reply is judged and answered at once, nothing moves (C1 to C3).

Only a person makes a notice take effect: see :mod:`chancery.journey.cancel`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.services import crediting
from chancery.domain.enrollment.mails.notices import NoticeAnswer, notice_mail
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.policies import (
    AFTER_DEADLINE,
    INCOMPLETE,
    Judgement,
    NoticeFacts,
    free_exit_until,
    judge_notice,
)
from chancery.domain.enrollment.queries import billed_lines, first_in_edition, moved_to, open_choice
from chancery.domain.enrollment.readers import Found, LookedFor, missing_in, read_letter
from chancery.domain.enrollment.services import notices
from chancery.domain.enrollment.services.notices import NoticeMoveNotAllowed, Received
from chancery.domain.enrollment.services.places import RESERVATION, lock_place
from chancery.domain.enrollment.states import (
    HOLDS_A_SEAT,
    FoundIn,
    NoticeChannel,
    NoticeItem,
    NoticeState,
    NoticeWay,
)
from chancery.domain.programme.queries import get_content, last_move
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.refs import ref
from chancery.foundation.calendar import last_second_in_working_days, local_day
from chancery.foundation.mail.models import IncomingHandling, IncomingMail
from chancery.foundation.mail.queries import count_since
from chancery.foundation.mail.reading import ReadMail
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.mail.states import NOT_A_PERSON
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import meet_obligation, open_obligation
from chancery.journey.writer import tell_other_writer

__all__ = ["NoticeMoveNotAllowed", "abandon_notice", "free_exit_of", "judge_place", "note_other_way", "take_in_notice"]

MOST_ANSWERS_A_DAY = 5
CONFIRM_DAYS = 2  # working days in which a person reads a notice that is valid


@dataclass(frozen=True, slots=True)
class Judged:
    """What the terms say of a notice, and the money that had been received for the place by then."""

    judgement: Judgement
    paid_minor: int


@transaction.atomic
def take_in_notice(*, mail: IncomingMail, read: ReadMail, now: datetime) -> CancellationNotice | None:
    """Judge and answer a mail, by what was read in it, that answers a place-reservation mail, once; else None.

    Automatic answers are kept and never answered. A letter that follows an incomplete notice completes it; one that
    follows another is put beside it. An answer to the mail of a place that moved is one about the place it became.
    """
    thread, handling = mail.thread, IncomingHandling.objects.filter(mail=mail).first()
    if thread is None or thread.purpose != RESERVATION or handling is None:
        return None
    answered = Place.objects.filter(thread=thread).select_related("edition__programme").first()
    if answered is None or CancellationNotice.objects.filter(mail=mail).exists():
        return None

    place = _lock_last(answered.pk)
    received = Received(channel=NoticeChannel.REPLY, way=NoticeWay.MAIL, received_at=mail.received_at, mail=mail)
    IncomingHandling.objects.filter(mail=mail, handled_at=None).update(handled_at=now)
    if handling.kind in NOT_A_PERSON:
        return notices.keep_notice(place=place, received=received, state=NoticeState.AUTOMATIC, now=now)
    found = _found(place, answered, read)
    earlier = notices.open_notice_of(place)
    if earlier is not None:
        return _follow(earlier, place, received, found, now)
    if place.state not in HOLDS_A_SEAT:
        return notices.keep_notice(place=place, received=received, state=NoticeState.FOLLOWS, found=found, now=now)
    return _first(place, received, found, now)


@transaction.atomic
def note_other_way(
    *, place_id: int, way: NoticeWay, note: str, received_at: datetime, actor: Actor, now: datetime
) -> CancellationNotice:
    """Keep that somebody wanted to cancel by another way: nothing changes, they read how it is done (promise C1)."""
    place = lock_place(place_id)
    received = Received(channel=NoticeChannel.OTHER, way=way, received_at=received_at, note=note)
    notice = notices.keep_notice(
        place=place,
        received=received,
        state=NoticeState.WRONG_CHANNEL,
        judged=judge_place(place, received_at=received_at, channel=NoticeChannel.OTHER).judgement,
        actor=actor,
        now=now,
    )
    queue_mail(notice_mail(notice, NoticeAnswer.WRONG_CHANNEL), now=now)
    return notice


@transaction.atomic
def abandon_notice(*, notice_id: int, because: str, actor: Actor, now: datetime) -> CancellationNotice:
    """Close an incomplete notice that nobody completes; the place stays as it is.

    :raises NoticeMoveNotAllowed: when it is not incomplete.
    """
    lock_place(CancellationNotice.objects.values_list("place_id", flat=True).get(pk=notice_id))
    return notices.decide_notice(notice_id=notice_id, to=NoticeState.ABANDONED, because=because, actor=actor, now=now)


def judge_place(
    place: Place,
    *,
    received_at: datetime,
    channel: NoticeChannel = NoticeChannel.REPLY,
    missing: Sequence[NoticeItem] = (),
) -> Judged:
    """Return what the frozen terms of a place say of a notice that counts from an instant."""
    edition, terms = place.edition, frozen_rule(place.application)
    zone = ZoneInfo(edition.time_zone)
    lines = billed_lines(place)
    paid = sum(max(crediting.received_at(line=line, instant=received_at, zone=zone), 0) for line in lines)
    judgement = judge_notice(
        NoticeFacts(received_at=received_at, channel=channel, paid_minor=paid, missing=tuple(missing)),
        terms=terms,
        starts_on=max(place.starts_on_printed, edition.starts_on),
        zone=zone,
        promised_until=place.refundable_until,
        free_exit_until=free_exit_of(place),
    )
    return Judged(judgement, paid)


def free_exit_of(place: Place) -> datetime | None:
    """Return until when everything goes back because the days moved after the place was reserved; None if they did not.

    A colleague who took it over has the right that was promised to whoever reserved it.

    The frozen terms of the place say for how long, as the mail about the days told it; where the edition is not held,
    it is as long as the holder may choose (promise C5).
    """
    choice = open_choice(place)
    if choice is not None:
        return choice.answer_by
    zone, moved = ZoneInfo(place.edition.time_zone), last_move(place.edition)
    if moved is None or local_day(moved.changed_at, zone) < first_in_edition(place).reserved_on:
        return None
    return free_exit_until(settled_at=moved.changed_at, terms=frozen_rule(place.application), zone=zone)


def _first(place: Place, received: Received, found: Sequence[Found], now: datetime) -> CancellationNotice:
    judged = judge_place(place, received_at=received.received_at, missing=missing_in(found))
    notice = notices.keep_notice(
        place=place,
        received=received,
        state=_state_of(judged.judgement),
        found=found,
        judged=judged.judgement,
        paid_minor=judged.paid_minor,
        now=now,
    )
    _answer(notice, now, received.mail)
    return notice


def _follow(
    earlier: CancellationNotice, place: Place, received: Received, found: Sequence[Found], now: datetime
) -> CancellationNotice:
    """Put a letter beside the notice that waits, which it completes where that one lacks facts."""
    follower = notices.keep_notice(
        place=place, received=received, state=NoticeState.FOLLOWS, found=found, follows=earlier, now=now
    )
    if earlier.state != NoticeState.INCOMPLETE:
        return follower
    together = _together(earlier, found)
    keeps = frozen_rule(place.application).incomplete_keeps_time
    counts_from = earlier.counts_from if keeps else received.received_at
    judged = judge_place(place, received_at=counts_from, missing=missing_in(together))
    notice = notices.complete_notice(
        notice=earlier,
        state=_state_of(judged.judgement),
        found=together,
        judged=judged.judgement,
        paid_minor=judged.paid_minor,
        counts_from=counts_from,
        now=now,
    )
    _answer(notice, now, received.mail, mark=str(follower.pk))
    return follower


def _answer(notice: CancellationNotice, now: datetime, heard: IncomingMail | None, *, mark: str = "") -> None:
    """Answer by machine, but not without end: a program that answers ours and does not say so is left to a person."""
    told = count_since(now - timedelta(days=1), about=ref(notice.place), kinds=list(ANSWERS.values()))
    if told < MOST_ANSWERS_A_DAY:
        queue_mail(notice_mail(notice, ANSWERS[NoticeState(notice.state)], mark=mark), now=now)
        if heard is not None:
            tell_other_writer(place=notice.place, heard=heard, now=now)
    if notice.state == NoticeState.VALID:
        open_obligation(
            ObligationKind.CANCELLATION,
            subject=notice,
            due_at=last_second_in_working_days(now, CONFIRM_DAYS, ZoneInfo(notice.place.edition.time_zone)),
            basis="promise C2: a person confirms the intent",
            now=now,
        )
    else:
        meet_obligation(ObligationKind.CANCELLATION, subject=notice, now=now)


ANSWERS = {
    NoticeState.VALID: NoticeAnswer.VALID,
    NoticeState.INCOMPLETE: NoticeAnswer.INCOMPLETE,
    NoticeState.LATE: NoticeAnswer.LATE,
}


def _state_of(judgement: Judgement) -> NoticeState:
    if AFTER_DEADLINE in judgement.reasons:
        return NoticeState.LATE
    return NoticeState.INCOMPLETE if INCOMPLETE in judgement.reasons else NoticeState.VALID


def _lock_last(place_id: int) -> Place:
    """Lock the place that a place became; one that moves while we wait for it is followed."""
    place = lock_place(moved_to(place_id))
    while (last := moved_to(place.pk)) != place.pk:
        place = lock_place(last)
    return place


def _found(place: Place, answered: Place, mail: ReadMail) -> tuple[Found, ...]:
    """Return the four facts of a letter, as ``cancellation judge`` looks for them.

    ``answered`` is the place whose mail the letter answers: the course and the day are those of either.
    """
    person = place.person
    names = tuple(dict.fromkeys(filter(None, (person.name, person.latin_name))))
    courses = dict.fromkeys(get_content(each.edition).programme.name for each in (place, answered))
    looked_for = LookedFor(tuple(courses), names, (place.reserved_on, answered.reserved_on))
    return read_letter(looked_for, mail)


def _together(earlier: CancellationNotice, found: Sequence[Found]) -> list[Found]:
    """Return each fact from the first letter that holds it in the writer's own words."""
    before = {each["item"]: each["words"] for each in earlier.found if each["where"] == FoundIn.OWN}
    return [
        replace(each, where=FoundIn.OWN, words=before[each.item]) if each.item in before else each for each in found
    ]
