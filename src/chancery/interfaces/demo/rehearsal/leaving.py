"""Scenes of a rehearsal of those who leave: replies, their answers, what a person decides, and the money back."""

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from chancery.domain.billing.models import Refund
from chancery.domain.billing.states import RefundState
from chancery.domain.enrollment.models import CancellationNotice, Place
from chancery.domain.enrollment.queries import money_waiting_for
from chancery.domain.enrollment.states import HOLDS_A_SEAT, NoticeState
from chancery.domain.programme.queries import get_content
from chancery.foundation.ruling import Refused
from chancery.interfaces.demo import acts
from chancery.interfaces.demo.bank import PARIS
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file
from chancery.interfaces.demo.leaving import reply_of
from chancery.interfaces.demo.rehearsal.stage import Stage
from chancery.interfaces.demo.story import MONEY, SECOND
from chancery.journey import cancel, repay, settle

ONE_OF = 4  # of the places one in four is given back
PAID_BACK = date(2024, 10, 18)


def hear_of_leaving(stage: Stage) -> None:
    """One in four replies in time; every second of them forgets the day and adds it in a second letter."""
    with stage.at("10-17", "09:00") as now:
        for number, place in enumerate(_leavers()):
            if number % 2:
                reply_of(place, now, without=("day",))
    with stage.at("10-17", "11:30") as now:
        for place in _leavers():
            reply_of(place, now)


def accept_notices(stage: Stage) -> None:
    """The office accepts what is valid, knowing what waits at the bank; accepting it again is refused."""
    with stage.at("10-17", "15:00") as now:
        for notice in CancellationNotice.objects.filter(state=NoticeState.VALID).order_by("id"):
            _accept(stage, notice, now)
            with stage.refusal_expected(Refused):
                cancel.accept_notice(notice_id=notice.pk, actor=acts.actor(MONEY), now=now)


def pay_back(stage: Stage) -> None:
    """Accounts that are not known are named, another person approves, a file is made, the bank shows it leaving."""
    with stage.at("10-17", "17:00") as now:
        for refund in Refund.objects.filter(state=RefundState.PROPOSED).order_by("id"):
            _approve(stage, refund, now)
        if Refund.objects.filter(state=RefundState.APPROVED).exists():
            repay.make_refund_file(actor=acts.actor(MONEY), now=now)
        with stage.refusal_expected(Refused):
            repay.make_refund_file(actor=acts.actor(MONEY), now=now)
    with stage.at("10-18", "16:00") as now:
        _see_it_leave(stage, now)


def _accept(stage: Stage, notice: CancellationNotice, now: datetime) -> None:
    """Accept a notice; where money waits for the bill, only after that was seen: it is more than the bill asks for."""
    waiting = [line.pk for line in money_waiting_for(notice)]
    if waiting:
        with stage.refusal_expected(cancel.MoneyWaits):
            cancel.accept_notice(notice_id=notice.pk, actor=acts.actor(MONEY), now=now)
    cancel.accept_notice(notice_id=notice.pk, seen_waiting=waiting, actor=acts.actor(MONEY), now=now)


def _leavers() -> list[Place]:
    held = Place.objects.filter(state__in=HOLDS_A_SEAT).order_by("id")
    places = held.select_related("person", "edition__programme", "application__terms", "thread")
    return list(places)[::ONE_OF]


def _approve(stage: Stage, refund: Refund, now: datetime) -> None:
    if not refund.iban:
        refund = repay.name_account(
            refund_id=refund.pk,
            name=refund.name,
            iban=PARIS,
            evidence="letter of the treasury",
            actor=acts.actor(MONEY),
            now=now,
        )
    with stage.refusal_expected(Refused):
        repay.decide_refund(
            refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=acts.actor(MONEY), now=now
        )
    repay.decide_refund(refund_id=refund.pk, approved=True, seen=refund.fingerprint, actor=acts.actor(SECOND), now=now)


def _see_it_leave(stage: Stage, now: datetime) -> None:
    leaving = [
        CamtEntry(-refund.amount_minor, booking_date=PAID_BACK, end_to_end_id=refund.end_to_end_id)
        for refund in Refund.objects.filter(state=RefundState.EXPORTED).order_by("id")
    ]
    statement = CamtStatement(
        get_content(stage.edition).payment.iban, leaving, statement_id="2024-10-18", created_at=now
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "refunds.xml"
        path.write_bytes(camt_file(statement))
        stage.statements += [settle.import_statement(path, actor=acts.actor(MONEY), now=now) for _ in range(2)]
