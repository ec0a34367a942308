"""What is owed to the holder of a place about its fee and its bill: it goes along with the place, or ends with it."""

from datetime import datetime

from django.db import transaction

from chancery.domain.enrollment.models import Place
from chancery.foundation.obligations.kinds import ObligationKind
from chancery.foundation.obligations.services import drop_obligation, hand_on_obligation

ABOUT_MONEY = (ObligationKind.FEE_DECISION, ObligationKind.INVOICE, ObligationKind.PAYMENT_LOST)


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
