"""Move an application from state to state, only along the allowed moves, and keep whose turn it is."""

from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.deciding import turn_of
from chancery.domain.admissions.queries.dialogue import dialogue_facts
from chancery.domain.admissions.states import MOVES, ApplicationState
from chancery.foundation.obligations.kinds import OWED_TO_APPLICANTS
from chancery.foundation.obligations.queries import earliest_due
from chancery.foundation.ruling import Refused, refusal


class MoveNotAllowed(Refused):
    """The application stands where this act is not possible (any more)."""


@transaction.atomic
def lock_application(application_id: int) -> Application:
    """Load an application for changing it; others who want to change it wait."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("edition", "person", "terms")
        .get(pk=application_id)
    )


@transaction.atomic
def lock_applications(edition_id: int) -> None:
    """Let everybody wait who wants to change an application of an edition."""
    list(Application.objects.select_for_update().filter(edition=edition_id).order_by("id").values_list("id"))


@transaction.atomic
def move_application(application: Application, *, to: ApplicationState) -> None:
    """Put the application into another state.

    :raises MoveNotAllowed: when the state machine has no such move.
    """
    if to not in MOVES[ApplicationState(application.state)]:
        raise MoveNotAllowed(
            refusal("move_not_allowed"), f"{application.reference} is {application.state}: it cannot become {to}"
        )
    application.state = to
    application.save(update_fields=["state"])


@transaction.atomic
def take_turn(application: Application) -> None:
    """Work out whose turn it is and write it where the desk list sorts by it."""
    turn = turn_of(
        ApplicationState(application.state),
        dialogue_facts(application, ZoneInfo(application.edition.time_zone)),
        owed_at=earliest_due(application, OWED_TO_APPLICANTS),
    )
    application.turn_ours, application.turn_due_at = turn.ours, turn.due_at
    application.save(update_fields=["turn_ours", "turn_due_at"])
