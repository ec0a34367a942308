"""A pro-forma for whoever orders before paying: of a sent application, or of a place."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import application_of, edition_of
from chancery.interfaces.office.money_shown import refusal_words
from chancery.journey import order


@office_page(Permission.MOVE_MONEY)
@require_GET
def download_pro_forma(request: OfficeRequest, edition_slug: str, reference: str) -> HttpResponse:
    """Hand the pro-forma out, or say what stands in its way."""
    application = application_of(edition_of(request, edition_slug), reference)
    try:
        paper = order.give_pro_forma(
            application_id=application.pk,
            payer_number=2 if request.GET.get("payer") == "2" else 1,
            actor=request.actor,
            now=clock.now(),
        )
    except (order.NoProForma, order.InvoiceDataMissing) as refused:
        words = {"application": application, "refused": refusal_words(refused)}
        return render(request, "office/billing/no_pro_forma.html", words, status=409)
    return HttpResponse(
        paper.content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{paper.filename}"'},
    )
