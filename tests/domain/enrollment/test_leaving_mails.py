"""The mails about a place that is given up or goes to the next one (promises C1, C2, C3, C4)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.factories.admissions import make_application
from tests.factories.enrollment import make_place
from tests.factories.programme import make_edition
from tests.snapshots import assert_looks_like

from chancery.domain.admissions.states import ApplicationState
from chancery.domain.billing.models import BankEntry, Invoice
from chancery.domain.enrollment.mails.notices import (
    NoticeAnswer,
    difference_mail,
    difference_undone_mail,
    notice_mail,
)
from chancery.domain.enrollment.mails.offers import OfferAnswer, offer_mail
from chancery.domain.enrollment.mails.writers import writer_mail
from chancery.domain.enrollment.models import (
    CancellationNotice,
    DifferenceUndone,
    NoticeDifference,
    Place,
    WaitingEntry,
)
from chancery.domain.enrollment.states import NoticeGround, NoticeItem
from chancery.foundation.mail.models import IncomingMail, MailThread

pytestmark = pytest.mark.django_db
COPIES = Path(__file__).parent / "snapshots"
WRITTEN_AT = datetime(2024, 10, 16, 14, 30, tzinfo=UTC)
TOO_LATE = datetime(2024, 10, 21, 7, 0, tzinfo=UTC)
THREAD = MailThread(token="a2b3c4d5e6f7g2h3j4k5", purpose="reservation")
PAID: Mapping[str, Any] = {
    "paid_minor": 100_000,
    "refund_minor": 75_000,
    "rate": Decimal("0.75"),
    "refund_due_on": date(2024, 11, 15),
}


def make_held() -> Place:
    place = make_place(make_application(edition=make_edition(), state=ApplicationState.ADMITTED))
    place.application.reference, place.thread = "M2-0019", THREAD
    place.person.name, place.person.email = "Han Hanui", "han@seoul.example"
    place.edition.number = 2
    place.refundable_until = datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC)
    return place


def make_notice(*, at: datetime = WRITTEN_AT, **facts: Any) -> CancellationNotice:
    """Return a notice that holds its four facts, not saved; those in ``missing`` stand in no own words."""
    return CancellationNotice(
        pk=1,
        place=make_held(),
        received_at=at,
        counts_from=at,
        currency="EUR",
        found=[
            {"item": NoticeItem.COURSE_NAME, "where": "own", "words": "Metropolis Diploma"},
            {"item": NoticeItem.STUDENT_NAME, "where": "own", "words": "Han Hanui"},
            {"item": NoticeItem.REGISTRATION_DATE, "where": "own", "words": "11/10/2024"},
            {"item": NoticeItem.CONTACT, "where": "own", "words": "+82 2 555 0199"},
        ],
        **facts,
    )


@pytest.mark.parametrize(
    ("name", "answer", "facts"),
    [
        ("notice_valid", NoticeAnswer.VALID, PAID),
        ("notice_valid_unpaid", NoticeAnswer.VALID, {}),
        (
            "notice_incomplete",
            NoticeAnswer.INCOMPLETE,
            {"missing": [NoticeItem.REGISTRATION_DATE, NoticeItem.CONTACT], **PAID},
        ),
        ("notice_late", NoticeAnswer.LATE, {"at": TOO_LATE, "paid_minor": 100_000}),
        ("notice_wrong_channel", NoticeAnswer.WRONG_CHANNEL, {"rate": Decimal("0.75")}),
        ("notice_effected", NoticeAnswer.EFFECTED, {"credit_note": Invoice(number="M2-R-2024-0003"), **PAID}),
        ("notice_effected_besides", NoticeAnswer.EFFECTED, {"besides_minor": 50_000, **PAID}),
        ("notice_given_up", NoticeAnswer.GIVEN_UP, {"at": TOO_LATE}),
    ],
)
def test_a_notice_is_answered_with_what_was_received_when_and_what_it_brings(
    name: str, answer: NoticeAnswer, facts: dict[str, Any]
) -> None:
    mail = notice_mail(make_notice(**facts), answer)

    assert_looks_like(mail, COPIES / f"{name}.en.txt")
    assert mail.thread == THREAD


@pytest.mark.parametrize(("name", "kept"), [("notice_recounted", 25_000), ("notice_recounted_all_kept", 100_000)])
def test_money_that_is_booked_later_and_counts_is_told_with_what_goes_back(name: str, kept: int) -> None:
    assert_looks_like(difference_mail(make_difference(kept)), COPIES / f"{name}.en.txt")


@pytest.mark.parametrize(
    ("name", "kept"), [("notice_recount_undone", 25_000), ("notice_recount_undone_all_kept", 100_000)]
)
def test_money_that_does_not_count_after_all_is_told_with_what_falls(name: str, kept: int) -> None:
    undone = DifferenceUndone(difference=make_difference(kept), credit_note=Invoice(number="M2-R-2024-0007"))

    assert_looks_like(difference_undone_mail(undone), COPIES / f"{name}.en.txt")


def make_difference(kept: int) -> NoticeDifference:
    return NoticeDifference(
        pk=3,
        notice=make_notice(**PAID),
        entry=BankEntry(value_date=date(2024, 10, 11)),
        bill=Invoice(number="M2-2024-0021"),
        counted_minor=100_000,
        kept_minor=kept,
        refund_due_on=date(2024, 11, 13),
    )


@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("place_ended_organiser", NoticeGround.ORGANISER),
        ("place_ended_visa", NoticeGround.VISA_REFUSED),
        ("place_ended_withdrawal", NoticeGround.WITHDRAWAL),
    ],
)
def test_a_place_that_ends_by_another_rule_says_which(name: str, ground: NoticeGround) -> None:
    facts = {**PAID, "refund_minor": 100_000, "rate": Decimal(1)}

    mail = notice_mail(make_notice(ground=ground, note="Too few have come together.", **facts), NoticeAnswer.EXIT)

    assert_looks_like(mail, COPIES / f"{name}.en.txt")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("seat_offered", OfferAnswer.OFFERED),
        ("offer_passed", OfferAnswer.PASSED),
        ("offer_lapsed", OfferAnswer.LAPSED),
    ],
)
def test_a_free_seat_is_offered_until_an_instant(name: str, answer: OfferAnswer) -> None:
    application = make_application(edition=make_edition(), state=ApplicationState.OFFERED)
    application.reference, application.edition.number = "M2-0023", 2
    entry = WaitingEntry(application=application, offered_until=datetime(2024, 10, 18, 21, 59, 59, tzinfo=UTC))

    assert_looks_like(offer_mail(entry, answer, thread=THREAD), COPIES / f"{name}.en.txt")


def test_another_writer_reads_that_the_message_arrived_and_nothing_about_the_place() -> None:
    mail = writer_mail(make_held(), IncomingMail(pk=1), to="office@seoul.example")

    assert_looks_like(mail, COPIES / "notice_heard.en.txt")
    assert mail.thread is None
    for personal in ("Han", "M2-0019", "han@seoul.example", THREAD.token):
        assert personal not in mail.subject + mail.text + mail.html
