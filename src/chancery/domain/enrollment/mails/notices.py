"""The answers to a cancellation: each says what was received when, what it means, and what can be done (C1 to C4)."""

from datetime import date
from enum import StrEnum

from django.utils.translation import override

from chancery.domain.enrollment.models import CancellationNotice, DifferenceUndone, NoticeDifference
from chancery.domain.enrollment.states import NoticeItem
from chancery.domain.enrollment.words import item_words
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.documents.spelling import spell_amount
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail
from chancery.foundation.mail.threads import reply_address
from chancery.foundation.money import Money, share_of


class NoticeAnswer(StrEnum):
    """What a notice is answered with: kinds of mail."""

    VALID = "enrollment/notice_valid"
    INCOMPLETE = "enrollment/notice_incomplete"
    LATE = "enrollment/notice_late"
    WRONG_CHANNEL = "enrollment/notice_wrong_channel"
    EFFECTED = "enrollment/notice_effected"
    GIVEN_UP = "enrollment/notice_given_up"
    EXIT = "enrollment/place_ended"


def notice_mail(notice: CancellationNotice, answer: NoticeAnswer, *, mark: str = "") -> Mail:
    """Return an answer in the thread of the place-reservation mail.

    ``mark`` tells two answers of one kind to one notice apart, such as two letters that both lack a fact.
    """
    place = notice.place
    language = place.person.language
    return edition_mail(
        place.edition,
        answer,
        about=ref(place),
        to=place.person.email,
        language=language,
        dedupe_key=f"{answer}:{notice.pk}:{mark}"[:120],
        thread=place.thread,
        context={
            "place": place,
            "notice": notice,
            "edition": place.edition,
            "course": place.edition.programme.name,
            "person": place.person,
            "reference": place.application.reference,
            "rate": notice.rate,
            "by_one_rate": notice.refund_minor == share_of(notice.paid_minor, notice.rate),
            "found": _facts(notice, language),
            "missing": _missing(notice, language),
            "paid": _amount(notice.paid_minor, notice, language),
            "refund": _amount(notice.refund_minor, notice, language),
            "besides": _amount(notice.besides_minor, notice, language),
            "reply_to": reply_address(place.thread.token),
            "link": link("my-files"),
        },
    )


def difference_mail(row: NoticeDifference) -> Mail:
    """Say that money which was booked later counts as paid by the notice: what goes back and what stays."""
    return _difference_mail(row, "notice_recounted", due=row.refund_due_on)


def difference_undone_mail(undone: DifferenceUndone) -> Mail:
    """Say that it does not count after all, and by which credit note."""
    return _difference_mail(undone.difference, "notice_recount_undone", credit_note=undone.credit_note.number)


def _difference_mail(row: NoticeDifference, kind: str, **more: date | str) -> Mail:
    notice, place = row.notice, row.notice.place
    language = place.person.language
    return edition_mail(
        place.edition,
        f"enrollment/{kind}",
        about=ref(place),
        to=place.person.email,
        language=language,
        dedupe_key=f"{kind}:{row.pk}",
        thread=place.thread,
        context={
            "place": place,
            "notice": notice,
            "edition": place.edition,
            "reference": place.application.reference,
            "counted": _amount(row.counted_minor, notice, language),
            "kept": _amount(row.kept_minor, notice, language),
            "back": _amount(row.back_minor, notice, language),
            "paid_on": row.entry.value_date or row.entry.booking_date,
            "bill": row.bill.number,
            "link": link("my-files"),
            **more,
        },
    )


def _facts(notice: CancellationNotice, language: str) -> list[tuple[str, str]]:
    with override(language):
        return [
            (item_words(each["item"]), each["words"])
            for each in notice.found
            if each["item"] not in notice.missing and each["words"]
        ]


def _missing(notice: CancellationNotice, language: str) -> list[str]:
    with override(language):
        return [item_words(NoticeItem(item)) for item in notice.missing]


def _amount(minor: int, notice: CancellationNotice, language: str) -> str:
    return spell_amount(Money(minor, notice.currency), language) if notice.currency and minor else ""
