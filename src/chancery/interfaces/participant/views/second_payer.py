"""Two payers share a fee: the applicant says who the second one is, and how much of it is theirs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chancery.domain.admissions.models import Application, PayerDetails
from chancery.domain.billing.queries.payers import SUM, second_payer_of, second_payer_to_type
from chancery.domain.billing.queries.pricing import currency_of
from chancery.domain.enrollment.queries import billed_lines, find_place
from chancery.foundation import clock
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.participant.access import SignedInRequest, own_application
from chancery.interfaces.participant.forms.billing import SecondPayerForm
from chancery.interfaces.participant.page_frame import back_to_application, page_frame
from chancery.journey import shares


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def name_second_payer(request: SignedInRequest, application: Application) -> HttpResponse:
    """Keep the second payer: the bill to come is two; about a bill that is written the office answers."""
    if request.method == "POST" and "drop" in request.POST:
        shares.drop_second_payer(application_id=application.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("Saved: one payer pays the whole fee."))
        return redirect("name-second-payer", application.reference)
    second, currency = second_payer_of(application), currency_of(application)
    known = second_payer_to_type(second, currency) if second else _participant_pays(application)
    form = SecondPayerForm(request.POST or None, initial=known, currency=currency)
    if request.method != "POST" or not form.is_valid():
        return _page(request, application, form, status=422 if form.is_bound else 200)
    try:
        shares.ask_to_share(application_id=application.pk, second=form.second(), actor=request.actor, now=clock.now())
    except (shares.NotToBeShared, shares.InvoiceDataMissing) as refused:
        return _page(request, application, form, status=409, refused=refused)
    messages.success(request, _("Saved. Each of the two payers gets a bill of their own."))
    return redirect("name-second-payer", application.reference)


def _page(
    request: SignedInRequest,
    application: Application,
    form: SecondPayerForm,
    *,
    status: int,
    refused: Refused | None = None,
) -> HttpResponse:
    place = find_place(application.pk)
    words: dict[str, Any] = {
        **page_frame(request, application.edition),
        "application": application,
        "form": form,
        "second": second_payer_of(application),
        "billed": bool(place and billed_lines(place)),
        "refused": refused.ruling.reasons if refused else (),
        "signs": refused.about if refused else "",
        "back": back_to_application(application.reference),
    }
    return render(request, "participant/applications/second_payer.html", words, status=status)


def _participant_pays(application: Application) -> dict[str, Any]:
    """Return what the form starts from where nobody was named: mostly the city pays, and the applicant the rest."""
    person = application.person
    return {
        "share_in": SUM,
        "kind": PayerDetails.Kind.PERSON,
        "legal_name": person.name,
        "email": person.email,
        "language": person.language,
    }
