"""Read fees that were set by hand."""

from django.db.models import QuerySet

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import FeeException
from chancery.domain.billing.queries.issuing import four_eyes_of
from chancery.domain.billing.states import ExceptionState
from chancery.domain.programme.policies import Guarded, takes_two_people


def get_open_exception(application: Application) -> FeeException | None:
    """Return the fee that waits for a second person, if any."""
    return FeeException.objects.filter(application=application, state=ExceptionState.PROPOSED).first()


def list_exceptions(*, edition_id: int | None = None, waiting: bool = False) -> QuerySet[FeeException]:
    """Return fee exceptions with the people concerned, newest first; ``waiting`` only those not yet decided."""
    rows = FeeException.objects.select_related(
        "application__person",
        "application__edition",
        "application__authority__city__country",
        "proposed_by",
        "decided_by",
    ).order_by("-id")
    if edition_id is not None:
        rows = rows.filter(application__edition=edition_id)
    return rows.filter(state=ExceptionState.PROPOSED) if waiting else rows


def count_to_approve(user_id: int) -> int:
    """Return how many fees somebody may approve: not their own where it takes two people."""
    rows = list_exceptions(waiting=True)
    return sum(row.proposed_by_id != user_id or not fee_takes_two_people(row) for row in rows)


def fee_takes_two_people(exception: FeeException) -> bool:
    """Tell whether whoever proposed the fee may not approve it."""
    return takes_two_people(four_eyes_of(exception.application.edition), Guarded.FEE)
