"""What processes do at once with an edition that is called off while people come in; the real code."""

from collections.abc import Sequence

from chancery.domain.admissions.models import Application
from chancery.domain.enrollment.models import Place, SeatCounter
from chancery.domain.programme.models import Edition
from chancery.foundation.mail.models import OutgoingMail
from chancery.foundation.ruling import Refused
from chancery.journey.admit import release_decisions
from chancery.journey.cancel import call_edition_off
from tests.engine.acts import OFFICER
from tests.engine.seeds import NOW


def release(decision_ids: Sequence[int]) -> list[str]:
    """Release decisions one by one, as several officers would; return what was refused."""
    refused = []
    for decision_id in decision_ids:
        try:
            release_decisions(decision_ids=[decision_id], actor=OFFICER, now=NOW)
        except Refused as no:
            refused.append(type(no).__name__)
    return refused


def call_it_off() -> int:
    """Call the edition off; return how many places ended."""
    return call_edition_off(
        edition_id=Edition.objects.get().pk, note="The hall has burnt down.", actor=OFFICER, now=NOW
    )


def standing() -> dict[str, object]:
    """Return what there is afterwards of places, seats and applications, and who was told how often."""
    told = OutgoingMail.objects.filter(kind__in=["admissions/edition_not_held", "enrollment/place_ended"])
    return {
        "places": set(Place.objects.values_list("state", flat=True)),
        "taken": SeatCounter.objects.get().taken,
        "applications": set(Application.objects.values_list("state", flat=True)),
        "told": told.count(),
    }
