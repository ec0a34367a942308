"""The step of giving answers out: decisions become places with their bills, waiting-list entries and letters."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from chancery.domain.admissions.mails.decision import decision_mail
from chancery.domain.admissions.models import Decision, DecisionStanding
from chancery.domain.admissions.policies.deciding import may_release
from chancery.domain.admissions.queries.deciding import lock_standings
from chancery.domain.admissions.services.deciding import STATE_AFTER, release_decision
from chancery.domain.admissions.states import ApplicationState, Outcome
from chancery.domain.enrollment.mails import place_reserved_mail
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.enrollment.services.places import lock_seats, reserve_place
from chancery.domain.enrollment.services.waiting import join_waiting_list
from chancery.domain.programme.models import Edition
from chancery.foundation.audit.actors import Actor
from chancery.foundation.mail.services import queue_mail
from chancery.foundation.ruling import Refused
from chancery.journey.bill import bill_places
from chancery.journey.correspond import dialogue_of


class TooFewSeats(Refused):
    """The batch admits more people than there are free seats: a person picks who comes."""


@dataclass(slots=True)
class ReleaseReport:
    """What became of a batch; ids of applications, in the order of drafting."""

    admitted: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    next_edition: list[int] = field(default_factory=list)
    declined: list[int] = field(default_factory=list)
    already_out: list[int] = field(default_factory=list)

    @property
    def released(self) -> int:
        """How many answers went out with this batch."""
        return len(self.admitted) + len(self.waiting) + len(self.next_edition) + len(self.declined)


@transaction.atomic
def release_decisions(
    *,
    decision_ids: Collection[int],
    actor: Actor,
    now: datetime,
    free_seen: int | None = None,
    overflow_waits: bool = False,
) -> ReleaseReport:
    """Give drafted decisions out in one transaction: all of the batch or none.

    An admission takes a seat, opens the place and its thread, queues the place-reservation mail and is billed. Given
    out twice, the second time changes nothing. ``free_seen`` is how many free seats the officer's page showed: a batch
    that fitted then goes out although a colleague was faster, and who finds no free seat goes on the waiting list
    (``overflow_waits`` says so from the start).

    :raises TooFewSeats: when the batch admits more people than there were free seats to see.
    """
    report = ReleaseReport()
    places: list[Place] = []
    for edition in _editions_of(decision_ids):
        counter = lock_seats(edition)
        standings = _still_drafted(decision_ids, edition, report)
        places += _release_all(standings, counter, report, actor, now, (free_seen, overflow_waits))
    bill_places(places=places, actor=actor, now=now)
    return report


def _editions_of(decision_ids: Collection[int]) -> list[Edition]:
    found = Edition.objects.filter(applications__decisions__in=[*decision_ids]).distinct()
    return list(found.select_related("programme").order_by("id"))


def _still_drafted(decision_ids: Collection[int], edition: Edition, report: ReleaseReport) -> list[DecisionStanding]:
    standings = [each for each in lock_standings(decision_ids) if each.decision.application.edition_id == edition.pk]
    drafted = [each for each in standings if each.released_at is None and each.dropped_at is None]
    report.already_out += [each.application_id for each in standings if each.released_at is not None]
    return drafted


def _release_all(
    standings: list[DecisionStanding],
    counter: SeatCounter,
    report: ReleaseReport,
    actor: Actor,
    now: datetime,
    wish: tuple[int | None, bool],
) -> list[Place]:
    free = counter.capacity - counter.taken - counter.held
    admits = sum(each.decision.outcome == Outcome.ADMIT for each in standings)
    ruling = may_release(admits=admits, free=free, free_seen=wish[0], overflow_waits=wish[1])
    if not ruling:
        raise TooFewSeats(ruling, f"{admits} to admit, {free} free")

    places: list[Place] = []
    for standing in standings:
        to = STATE_AFTER[Outcome(standing.decision.outcome)]
        if to == ApplicationState.ADMITTED and len(places) >= free:
            to = ApplicationState.WAITING
        place = _release(standing, to, report, actor, now)
        places += [place] if place else []
    return places


def _release(
    standing: DecisionStanding, to: ApplicationState, report: ReleaseReport, actor: Actor, now: datetime
) -> Place | None:
    application = release_decision(standing=standing, to=to, actor=actor, now=now)
    _list_of(report, to).append(application.pk)
    if to == ApplicationState.ADMITTED:
        place = reserve_place(application=application, now=now, actor=actor)
        queue_mail(place_reserved_mail(place, now=now), now=now)
        return place

    waiting = join_waiting_list(application=application, actor=actor, now=now) if _waits(to) else None
    _tell(standing.decision, to, waiting.rank if waiting else None, now)
    return None


def _tell(decision: Decision, to: ApplicationState, rank: int | None, now: datetime) -> None:
    thread = dialogue_of(decision.application)
    queue_mail(decision_mail(decision, state=to, thread=thread, rank=rank), now=now)


def _waits(to: ApplicationState) -> bool:
    return to == ApplicationState.WAITING


def _list_of(report: ReleaseReport, to: ApplicationState) -> list[int]:
    return {
        ApplicationState.ADMITTED: report.admitted,
        ApplicationState.WAITING: report.waiting,
        ApplicationState.NEXT_EDITION: report.next_edition,
        ApplicationState.DECLINED: report.declined,
    }[to]
