"""What is promised about a place, by a day; what is about its fee and its bill goes along with it, or ends with it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.enrollment.models import Place
from chancery.foundation.calendar import last_second_in_working_days
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, hand_on_obligation, open_obligation

ABOUT_MONEY = (ObligationKind.FEE_DECISION, ObligationKind.INVOICE, ObligationKind.PAYMENT_LOST)


@transaction.atomic
def promise_about(*, place: Place, kind: ObligationKind, days: int, basis: str, now: datetime) -> None:
    """Promise something about a place within some working days, to the end of the last one where the edition is."""
    due_at = last_second_in_working_days(now, days, ZoneInfo(place.edition.time_zone))
    open_obligation(kind, subject=place, due_at=due_at, basis=basis, now=now)


@transaction.atomic
def drop_promises(*, place: Place, now: datetime) -> None:
    """End what was promised about the fee and the bill of a place that ended."""
    for kind in ABOUT_MONEY:
        drop_obligation(kind, subject=place, now=now)


@transaction.atomic
def hand_on_promises(*, place: Place, successor: Place, now: datetime) -> None:
    """Let what was promised about a place hold for the one that takes it over, by the same days."""
    for kind in ABOUT_MONEY:
        hand_on_obligation(kind, subject=place, to=successor, now=now)
