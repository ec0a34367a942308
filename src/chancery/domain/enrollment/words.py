"""The words of leaving, for mails and pages alike."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chancery.domain.enrollment.states import NoticeGround, NoticeItem, NoticeState, NoticeWay

ITEMS = {
    NoticeItem.COURSE_NAME: gettext_noop("name of the course"),
    NoticeItem.STUDENT_NAME: gettext_noop("name and surname"),
    NoticeItem.REGISTRATION_DATE: gettext_noop("date of registration"),
    NoticeItem.CONTACT: gettext_noop("contact information"),
}
STATES = {
    NoticeState.AUTOMATIC: gettext_noop("automatic answer"),
    NoticeState.WRONG_CHANNEL: gettext_noop("not in the valid way"),
    NoticeState.INCOMPLETE: gettext_noop("facts are missing"),
    NoticeState.VALID: gettext_noop("valid, to be confirmed"),
    NoticeState.LATE: gettext_noop("after the deadline"),
    NoticeState.EFFECTED: gettext_noop("cancelled"),
    NoticeState.GIVEN_UP: gettext_noop("seat given up"),
    NoticeState.NOT_ONE: gettext_noop("no cancellation"),
    NoticeState.ABANDONED: gettext_noop("not pursued"),
    NoticeState.FOLLOWS: gettext_noop("belongs to another"),
}
WAYS = {
    NoticeWay.MAIL: gettext_noop("mail"),
    NoticeWay.PHONE: gettext_noop("phone call"),
    NoticeWay.PAGE: gettext_noop("message on the site"),
    NoticeWay.OTHER: gettext_noop("another way"),
}
GROUNDS = {
    NoticeGround.TERMS: gettext_noop("by the terms"),
    NoticeGround.DATES_MOVED: gettext_noop("the dates moved: everything goes back"),
    NoticeGround.WITHDRAWAL: gettext_noop("right of withdrawal: everything goes back"),
    NoticeGround.ORGANISER: gettext_noop("not held as announced: everything goes back"),
    NoticeGround.VISA_REFUSED: gettext_noop("the visa was refused"),
}


def ground_words(ground: str) -> str:
    """Return by what right a place ends, in the active language."""
    return _(GROUNDS[NoticeGround(ground)])


def item_words(item: str) -> str:
    """Return one of the four facts in the active language."""
    return _(ITEMS[NoticeItem(item)])


def notice_words(state: str) -> str:
    """Return how a notice stands, in the active language."""
    return _(STATES[NoticeState(state)])


def way_words(way: str) -> str:
    """Return by what a notice came, in the active language."""
    return _(WAYS[NoticeWay(way)])
