"""The days of the course have moved: a participant comes, or gets everything back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import open_choice
from chancery.domain.enrollment.states import HOLDS_A_SEAT
from chancery.domain.programme.queries import last_move
from chancery.foundation import clock
from chancery.foundation.accounts.access import SignedInRequest
from chancery.foundation.ui.frame import Link
from chancery.interfaces.participant.access import own_place
from chancery.interfaces.participant.leaving_shown import leaving_of, open_free_exit
from chancery.interfaces.participant.page_frame import page_frame
from chancery.journey.notice import free_exit_of, judge_place


@own_place
@require_GET
def see_dates(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show the days before and now, and the two answers with what each brings (promise C5)."""
    now, until, change = clock.now(), free_exit_of(place), last_move(place.edition)
    if until is None or change is None or place.state not in HOLDS_A_SEAT:
        messages.info(request, _("The days of your course have not moved, or you hold no place any more."))
        return redirect("see-place", place.application.reference)
    if open_choice(place) is not None:
        return redirect("choose-edition", place.application.reference)
    words = {
        **page_frame(request, place.edition),
        "place": place,
        "edition": place.edition,
        "reference": place.application.reference,
        "change": change,
        "until": until,
        "free_until": open_free_exit(place, now),
        "cards": leaving_of(place),
        "currency": frozen_rule(place.application).currency,
        "would_bring": judge_place(place, received_at=now),
        "back": Link(_("Your place"), reverse("see-place", args=[place.application.reference])),
    }
    return render(request, "participant/places/dates.html", words)
