"""The edition is not held: a participant takes a place in the next one, or everything back."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.enrollment.models import EditionChoice, Place
from chancery.domain.enrollment.queries import billed_lines, open_choice
from chancery.foundation import clock
from chancery.foundation.accounts.access import SignedInRequest
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.frame import Link
from chancery.interfaces.participant.access import own_place
from chancery.interfaces.participant.page_frame import page_frame
from chancery.journey import choose
from chancery.journey.notice import judge_place

NEXT, MONEY = "next", "money"
STANDS: Final[dict[str, Promise]] = {
    "choice_over": gettext_lazy("The time to choose is over, or you chose before."),
    "notice_waits": gettext_lazy("A cancellation of yours waits for us. We answer it first."),
    "fee_open": gettext_lazy(
        "Your fee is not settled yet. We write when it is; until then you can take your money back."
    ),
    "next_edition_begun": gettext_lazy("The next edition has begun."),
    "no_seat_left": gettext_lazy(
        "The next edition is full by now. You can wait whether a place becomes free, or take your money back."
    ),
    "has_a_file": gettext_lazy(
        "You have an application in the next edition already. Write to us, or take your money back."
    ),
}


@own_place
@require_http_methods(["GET", "POST"])
@sent_once
def choose_edition(request: SignedInRequest, place: Place) -> HttpResponse:
    """Show both ways with what each brings, and take the answer; a choice made stays made."""
    choice, refused = open_choice(place), list[str]()
    if request.method == "POST":
        try:
            return _take(request, place)
        except Refused as no:
            refused = list(no.ruling.reasons)
    if choice is None:
        messages.info(request, _("There is nothing to choose for this place, or it was chosen before."))
        return redirect("see-place", place.application.reference)
    words = _words(request, place, choice, refused)
    return render(request, "participant/places/next_edition.html", words, status=409 if refused else 200)


def _take(request: SignedInRequest, place: Place) -> HttpResponse:
    now = clock.now()
    if request.POST.get("choice") == NEXT:
        successor = choose.take_next_edition(place_id=place.pk, actor=request.actor, now=now)
        messages.success(request, _("Your place is in the next edition. Here it is."))
        return redirect("see-place", successor.application.reference)
    if request.POST.get("choice") == MONEY:
        choose.take_money_back(place_id=place.pk, actor=request.actor, now=now)
        messages.success(request, _("Your place has ended. Everything that was paid goes back; we write at each step."))
    return redirect("see-place", place.application.reference)


def _words(request: SignedInRequest, place: Place, choice: EditionChoice, refused: list[str]) -> dict[str, object]:
    now = clock.now()
    ruling = choose.choosing_ruling(place, choice, now=now)
    return {
        **page_frame(request, place.edition),
        "place": place,
        "edition": place.edition,
        "choice": choice,
        "target": choice.target,
        "bills": [line.invoice for line in billed_lines(place)],
        "would_bring": judge_place(place, received_at=now),
        "currency": frozen_rule(place.application).currency,
        "stands": [STANDS[reason] for reason in ruling.reasons],
        "refused": [STANDS[reason] for reason in refused],
        "back": Link(_("Your place"), reverse("see-place", args=[place.application.reference])),
    }
