"""A paper for a payer that orders before it pays: what the place will cost, and not an invoice."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chancery.domain.billing.queries.payers import payer_of, second_payer_of
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation import clock
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.tasks.rates import TooManyTries, count_try
from chancery.interfaces.participant.access import SignedInRequest, own_place
from chancery.interfaces.participant.forms.billing import PayerForm
from chancery.interfaces.participant.payment import paper_response
from chancery.interfaces.participant.place_standing import money_of
from chancery.interfaces.participant.places_frame import known_payer, place_words
from chancery.journey import order

PRO_FORMAS = "20/86400"  # each payer named is a paper that is kept with the money


@own_place
@require_http_methods(["GET", "POST"])
@sent_once
def see_pro_forma(request: SignedInRequest, place: Place) -> HttpResponse:
    """Say what a pro-forma is for, and ask for whom it is; no bill is written by that."""
    payer = payer_of(place.application)
    may_name = not money_of(place).charges and place.state == PlaceState.RESERVED
    form = PayerForm(request.POST or None, initial=known_payer(place)) if may_name else None
    words = {
        "payer": payer if payer and not payer.missing else None,
        "is_shared": len(money_of(place).bills) > 1 or second_payer_of(place.application) is not None,
        "form": form,
    }
    if request.method != "POST" or form is None or not form.is_valid():
        return _page(request, place, words, status=422 if form and form.is_bound else 200)
    try:
        count_try(scope="pro-forma", subject=str(place.pk), rate=PRO_FORMAS, now=clock.machine_now())
        order.ask_for_pro_forma(place_id=place.pk, payer=form.payer(), actor=request.actor, now=clock.now())
    except (order.AlreadyBilled, order.NoProForma, order.InvoiceDataMissing) as refused:
        said = {"refused": refused.ruling.reasons, "signs": refused.about}
        return _page(request, place, {**words, **said}, status=409)
    except TooManyTries:
        return _page(request, place, {**words, "refused": ("too_many",)}, status=429)
    messages.success(request, _("Saved. No bill is written before you confirm who pays."))
    return redirect("see-pro-forma", place.application.reference)


@own_place
@require_GET
def download_pro_forma(request: SignedInRequest, place: Place) -> HttpResponse:
    """Hand the pro-forma out, or say what stands in its way."""
    try:
        paper = order.give_pro_forma(
            application_id=place.application_id,
            payer_number=2 if request.GET.get("payer") == "2" else 1,
            actor=request.actor,
            now=clock.now(),
        )
    except (order.NoProForma, order.InvoiceDataMissing) as refused:
        return _page(request, place, {"refused": refused.ruling.reasons, "signs": refused.about}, status=409)
    return paper_response(paper.content, paper.filename)


def _page(request: SignedInRequest, place: Place, words: dict[str, Any], *, status: int) -> HttpResponse:
    words = {**place_words(request, place), "money": money_of(place), **words}
    return render(request, "participant/places/pro_forma.html", words, status=status)
