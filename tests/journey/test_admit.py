"""Giving answers out: places, bills, waiting list and letters in one step (promises B1, A4)."""

from datetime import UTC, datetime

import pytest
from tests.factories.accounts import make_officer
from tests.factories.admissions import make_application
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application, Decision
from chancery.domain.admissions.services.deciding import draft_decision
from chancery.domain.admissions.services.talking import log_call
from chancery.domain.admissions.states import ApplicationState, CallOutcome, DeclineReason, Outcome
from chancery.domain.enrollment.models import Place, SeatCounter, WaitingEntry
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import Actor, user_actor
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.models import Obligation
from chancery.foundation.obligations.services import open_obligation
from chancery.journey.admit import TooFewSeats, release_decisions

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 11, 8, 0, tzinfo=UTC)


@pytest.fixture
def lead() -> Actor:
    return user_actor(make_officer().pk)


def drafted(edition: Edition, lead: Actor, outcome: Outcome = Outcome.ADMIT) -> Decision:
    application = make_application(edition=edition, state=ApplicationState.IN_ASSESSMENT)
    open_obligation(ObligationKind.FIRST_ANSWER, subject=application, due_at=NOW, basis="sent", now=NOW)
    reason = ""
    if outcome == Outcome.DECLINE:
        reason = DeclineReason.CANNOT_ATTEND
        log_call(
            application_id=application.pk,
            outcome=CallOutcome.TALKED,
            text="Talked.",
            next_due_at=NOW,
            actor=lead,
            now=NOW,
        )
    return draft_decision(application_id=application.pk, outcome=outcome, reason=reason, actor=lead, now=NOW)


def state_of(decision: Decision) -> str:
    return Application.objects.get(pk=decision.application_id).state


def mails_about(decision: Decision) -> list[str]:
    place = Place.objects.filter(application=decision.application_id).first()
    ids = [("admissions.application", str(decision.application_id))]
    ids += [("enrollment.place", str(place.pk))] if place else []
    found = OutgoingMail.objects.order_by("id").values_list("kind", "subject_kind", "subject_id")
    return [kind for kind, *about in found if tuple(about) in ids]


def test_an_admission_takes_a_seat_and_sends_the_mail_that_can_be_replied_to(lead: Actor) -> None:
    edition = make_edition(capacity=3)
    decision = drafted(edition, lead)

    report = release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)

    place = Place.objects.get(application=decision.application_id)
    assert report.admitted == [decision.application_id]
    assert state_of(decision) == ApplicationState.ADMITTED
    assert SeatCounter.objects.get(edition=edition).taken == 1
    mail = OutgoingMail.objects.get(kind="enrollment/place_reserved")
    assert mail.thread == place.thread
    assert not Obligation.objects.filter(kind=ObligationKind.FIRST_ANSWER, met_at=None).exists()
    assert AuditEvent.objects.filter(name="admissions.decision.released").count() == 1


def test_giving_out_twice_changes_nothing(lead: Actor) -> None:
    decision = drafted(make_edition(), lead)
    release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)
    mails = OutgoingMail.objects.count()

    again = release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)

    assert (again.released, again.already_out) == (0, [decision.application_id])
    assert OutgoingMail.objects.count() == mails
    assert Place.objects.count() == 1


def test_more_admissions_than_seats_are_refused_as_a_whole(lead: Actor) -> None:
    edition = make_edition(capacity=1)
    decisions = [drafted(edition, lead).pk for _ in range(2)]

    with pytest.raises(TooFewSeats) as refused:
        release_decisions(decision_ids=decisions, actor=lead, now=NOW, free_seen=1)

    assert refused.value.ruling.reasons == ("more_admits_than_seats",)
    assert not Place.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_officer_may_say_that_the_rest_waits(lead: Actor) -> None:
    edition = make_edition(capacity=1)
    first, second = drafted(edition, lead), drafted(edition, lead)

    report = release_decisions(decision_ids=[first.pk, second.pk], actor=lead, now=NOW, overflow_waits=True)

    assert (report.admitted, report.waiting) == ([first.application_id], [second.application_id])
    assert mails_about(second) == ["admissions/waiting_list"]
    assert WaitingEntry.objects.get().application_id == second.application_id


def test_who_loses_the_last_seat_to_a_faster_colleague_waits(lead: Actor) -> None:
    edition = make_edition(capacity=1)
    mine, theirs = drafted(edition, lead), drafted(edition, lead)
    release_decisions(decision_ids=[theirs.pk], actor=lead, now=NOW, free_seen=1)

    report = release_decisions(decision_ids=[mine.pk], actor=lead, now=NOW, free_seen=1)

    assert report.waiting == [mine.application_id]
    assert Place.objects.count() == SeatCounter.objects.get(edition=edition).taken == 1


def test_fifty_admissions_for_twelve_seats_end_with_twelve_places(lead: Actor) -> None:
    edition = make_edition(capacity=12)
    for decision in [drafted(edition, lead) for _ in range(50)]:
        release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW, overflow_waits=True)

    assert Place.objects.filter(edition=edition).count() == 12
    assert WaitingEntry.objects.filter(edition=edition).count() == 38
    assert list(WaitingEntry.objects.order_by("rank").values_list("rank", flat=True)) == list(range(1, 39))


@pytest.mark.parametrize(
    ("outcome", "state", "mail"),
    [
        (Outcome.WAIT, ApplicationState.WAITING, "admissions/waiting_list"),
        (Outcome.NEXT_EDITION, ApplicationState.NEXT_EDITION, "admissions/next_edition"),
        (Outcome.DECLINE, ApplicationState.DECLINED, "admissions/declined"),
    ],
)
def test_every_other_answer_is_told_by_its_letter(
    lead: Actor, outcome: Outcome, state: ApplicationState, mail: str
) -> None:
    decision = drafted(make_edition(), lead, outcome)

    release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)

    assert state_of(decision) == state
    assert mails_about(decision) == [mail]
    assert not Place.objects.exists()


def test_a_decision_that_was_taken_back_is_not_given_out(lead: Actor) -> None:
    decision = drafted(make_edition(), lead)
    draft_decision(application_id=decision.application_id, outcome=Outcome.WAIT, reason="", actor=lead, now=NOW)

    report = release_decisions(decision_ids=[decision.pk], actor=lead, now=NOW)

    assert report.released == 0
    assert state_of(decision) == ApplicationState.DECIDED
