"""Fees: what would it cost, and fees that the rules do not give."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.billing.models import FeeException
from chancery.domain.billing.queries import Pricing, price_for_authority, price_for_country, refunds
from chancery.domain.billing.queries.exceptions import fee_takes_two_people, list_exceptions
from chancery.domain.billing.states import ExceptionState
from chancery.domain.billing.words import line_words, looked_at_words, open_fact_words, why_words
from chancery.domain.enrollment.models import Place
from chancery.domain.enrollment.queries import current_charges
from chancery.domain.network.models import Country
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import TermsRule
from chancery.domain.programme.queries import current_rule, list_open_proposals
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.calendar import local_day
from chancery.foundation.money import minor_from_typed
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.parts import PriceLine
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.billing import ExceptionForm, WhatIfForm
from chancery.interfaces.office.money_shown import refusal_words
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.bills import exceptions_sheet
from chancery.journey import bill


@office_page(Permission.SEE_FEES)
@require_GET
def show_fees(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Answer what a place would cost as of a day, and list fees that were set by hand."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        exceptions = list_exceptions(edition_id=edition.pk)
        return give_sheet(request, "fees-set-by-hand", exceptions_sheet(exceptions), edition=edition)
    return _fees(request, edition, ExceptionForm())


@office_page(Permission.PROPOSE_EXCEPTION)
@require_POST
@sent_once
def propose_exception(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Propose a fee that the rules do not give; another person approves it."""
    edition, form = edition_of(request, edition_slug), ExceptionForm(request.POST)
    if not form.is_valid():
        return _fees(request, edition, form, status=422)
    asked = form.cleaned_data
    place = (
        Place.objects.select_related("application__terms", "edition")
        .filter(edition=edition, application__reference__iexact=asked["reference"])
        .first()
    )
    if place is None:
        form.add_error("reference", _("No place has this reference."))
        return _fees(request, edition, form, status=422)
    try:
        bill.propose_fee_exception(
            place_id=place.pk,
            fee_minor=minor_from_typed(asked["fee"], frozen_rule(place.application).currency),
            reason=asked["reason"],
            actor=request.actor,
            now=clock.now(),
        )
    except ValueError:
        form.add_error("fee", _("The currency has fewer digits."))
        return _fees(request, edition, form, status=422)
    except Refused as refused:
        return _fees(request, edition, form, status=409, refused=refusal_words(refused))
    messages.success(request, _("Proposed. It waits to be approved."))
    return redirect("show-fees", edition.slug)


@office_page(Permission.SEE_FEES)
@require_GET
def show_second_person(request: OfficeRequest) -> HttpResponseBase:
    """Show what waits for a second person: facts, reason, first person."""
    if is_sheet_asked(request):
        return give_sheet(request, "second-person", exceptions_sheet(list_exceptions(waiting=True)))
    return _second_person(request)


@office_page(Permission.APPROVE_AS_SECOND_PERSON)
@require_POST
@sent_once
def decide_exception(request: OfficeRequest, exception_id: int) -> HttpResponse:
    """Approve or reject a proposed fee; the place is billed by the fee that then stands."""
    exception = get_object_or_404(FeeException, pk=exception_id)
    approved = request.POST.get("decision") == "approve"
    try:
        exception = bill.decide_fee_exception(
            exception_id=exception.pk, approved=approved, actor=request.actor, now=clock.now()
        )
    except Refused as refused:
        return _second_person(request, status=409, refused=refusal_words(refused))
    messages.success(request, _decided_words(exception))
    return redirect("show-second-person")


def _decided_words(exception: FeeException) -> str:
    if exception.state != ExceptionState.APPROVED:
        return _("Rejected.")
    place = Place.objects.get(application=exception.application_id)
    if not current_charges(place):
        return _("Approved. The bill waits until payer and issuer are complete.")
    return _("Approved, and billed.") if exception.fee_minor else _("Approved. There is nothing to pay.")


def _fees(
    request: OfficeRequest,
    edition: Edition,
    form: ExceptionForm,
    *,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    what_if = WhatIfForm(request.GET if "people" in request.GET else None)
    rule = current_rule(edition)
    words: dict[str, Any] = {
        "what_if": what_if,
        "answer": _answer(what_if, rule, edition) if what_if.is_bound and what_if.is_valid() else None,
        "form": form,
        "rule": rule,
        "exceptions": list(list_exceptions(edition_id=edition.pk)),
        "may_propose": permits(request.roles, Permission.PROPOSE_EXCEPTION),
        "refused": refused,
    }
    return render(request, "office/billing/fees.html", words, status=status)


def _answer(form: WhatIfForm, rule: TermsRule, edition: Edition) -> dict[str, Any] | None:
    asked = form.cleaned_data
    if asked["fiscal_year"]:
        rule = replace(rule, waiver_fiscal_year=asked["fiscal_year"])
    priced = _priced(asked, rule, edition)
    if priced is None:
        form.add_error("authority", _("Choose an authority or a country."))
        return None
    network, size = priced.network, priced.facts.group_size
    return {
        "who": network.authority or network.country_in(get_language() or "en"),
        "fee_minor": priced.answer.fee_minor,
        "currency": priced.answer.currency,
        "lines": [
            PriceLine(
                line_words(line.reason), line.amount_minor, why_words(line.reason, network, group_size=size, terms=rule)
            )
            for line in priced.answer.lines
        ],
        "looked_at": [looked_at_words(each.reason, each.because, network) for each in priced.answer.looked_at],
        "open_facts": [open_fact_words(each) for each in priced.answer.reasons]
        if priced.answer.officer_decides
        else [],
        "network": network,
    }


def _priced(asked: dict[str, Any], rule: TermsRule, edition: Edition) -> Pricing | None:
    if asked["authority"]:
        on: date = asked["on"] or local_day(clock.now(), ZoneInfo(edition.time_zone))
        return price_for_authority(authority=asked["authority"], terms=rule, group_size=asked["people"], on=on)
    country = Country.objects.filter(iso3=asked["country"]).first()
    return price_for_country(country=country, terms=rule, group_size=asked["people"]) if country else None


def _second_person(request: OfficeRequest, *, status: int = 200, refused: list[str] | None = None) -> HttpResponse:
    exceptions, proposals = list(list_exceptions(waiting=True)), list(list_open_proposals())
    may_approve = permits(request.roles, Permission.APPROVE_AS_SECOND_PERSON)
    waiting_refunds = refunds.count_to_approve(request.user.pk) if may_approve else 0
    words = {
        "exceptions": [
            {"exception": each, "own": each.proposed_by_id == request.user.pk and fee_takes_two_people(each)}
            for each in exceptions
        ],
        "proposals": proposals,
        "refunds": waiting_refunds,
        "waiting": len(exceptions) + len(proposals) + waiting_refunds,
        "may_approve": may_approve,
        "refused": refused,
    }
    return render(request, "office/billing/second_person.html", words, status=status)
