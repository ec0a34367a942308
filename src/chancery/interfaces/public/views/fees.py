"""What would our city pay, and under which conditions."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chancery.domain.billing.queries.pricing import price_for_authority, price_for_country
from chancery.domain.network.models import LocalAuthority
from chancery.domain.programme.policies import is_refundable, last_refundable_instant
from chancery.domain.programme.queries import get_content
from chancery.foundation import clock
from chancery.foundation.calendar import local_day
from chancery.foundation.countries import country_name
from chancery.interfaces.public.explaining import ExplainedFee, explain
from chancery.interfaces.public.forms.fees import FeeForm
from chancery.interfaces.public.looking_up import Known, find_known, list_known
from chancery.interfaces.public.opening import OpenedEdition, opened
from chancery.interfaces.public.pages import in_language, kept_page


@require_safe
@in_language
@kept_page
def find_fee(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Answer what a place would cost, line by line; the question is in the address."""
    page = opened(request, language, edition)
    known = list_known()
    form = FeeForm(request.GET if request.GET else None, initial={"people": 1}, language=language)
    told: dict[str, object] = {"form": form, "known": known, "terms": page.terms}
    if request.GET and form.is_valid():
        told |= _answer(form, known, page)
    status = 422 if form.errors else 200
    template = "public/fees.html"
    if request.headers.get("HX-Request"):
        template += "#answer"
    return render(request, template, page.context | told, status=status)


@require_safe
@in_language
@kept_page
def show_conditions(request: HttpRequest, language: str, edition: str) -> HttpResponse:
    """Show what a council's accounts need to know, on one page to print."""
    page = opened(request, language, edition)
    zone = ZoneInfo(page.edition.time_zone)
    told = {
        "terms": page.terms,
        "held": [country_name(code, language) for code in get_content(page.edition).payment.hold_countries],
        "last_refundable": last_refundable_instant(page.edition.starts_on, page.terms, zone),
        "is_refundable": is_refundable(clock.now(), page.edition.starts_on, page.terms, zone),
    }
    return render(request, "public/conditions.html", page.context | told)


def _answer(form: FeeForm, known: list[Known], page: OpenedEdition) -> dict[str, object]:
    people, country, text = (form.cleaned_data[name] for name in ("people", "country", "city"))
    meant = find_known(text, known) if text else []
    if len(meant) == 1:
        return {"fee": _fee_of(meant[0], people, page)}
    if country is not None and not meant:
        priced = price_for_country(country=country, terms=page.terms, group_size=people)
        return {"fee": explain(priced, page.terms), "unknown": text}
    return {"choices": meant, "unknown": text, "people": people}


def _fee_of(known: Known, people: int, page: OpenedEdition) -> ExplainedFee:
    authority = LocalAuthority.objects.select_related("city__country").get(pk=known.id)
    today = local_day(clock.now(), ZoneInfo(page.edition.time_zone))
    return explain(price_for_authority(authority=authority, terms=page.terms, group_size=people, on=today), page.terms)
