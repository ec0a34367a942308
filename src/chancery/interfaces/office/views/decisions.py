"""Drafted decisions with the places that are left, and their release in a batch; waiting list and groups."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chancery.domain.admissions.models import Decision
from chancery.domain.admissions.queries.deciding import list_drafted
from chancery.domain.admissions.states import DeclineReason, Outcome
from chancery.domain.admissions.wording import OUTCOMES, REASONS_TO_APPLICANT
from chancery.domain.enrollment.queries import count_seats, list_waiting
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.figures import whole_numbers
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.applications_shown import who
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.admissions import ExtendForm, ReleaseForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.admissions import decisions_sheet, waiting_sheet
from chancery.journey import offer
from chancery.journey.admit import ReleaseReport, release_decisions


@office_page(Permission.DRAFT_DECISION)
def list_decisions(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show the drafted decisions, what each letter says, and the places left."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        return give_sheet(request, "decisions", decisions_sheet(list_drafted(edition.pk)), edition=edition)
    return _page(request, edition)


@office_page(Permission.RELEASE_DECISIONS)
@require_POST
@sent_once
def release(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Give the chosen decisions out, all or none."""
    edition = edition_of(request, edition_slug)
    offered = Decision.objects.filter(application__edition=edition).values_list("pk", flat=True)
    form = ReleaseForm(request.POST, offered=list(offered))
    if not form.is_valid():
        return _page(request, edition, form=form, status=422)
    try:
        report = release_decisions(
            decision_ids=form.cleaned_data["decisions"],
            free_seen=form.cleaned_data["free_seen"],
            overflow_waits=form.cleaned_data["overflow_waits"],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _page(request, edition, form=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, _said(report))
    return redirect("list-decisions", edition_slug)


@office_page(Permission.SEE_APPLICATIONS)
def show_waiting_list(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show who waits for a place, in order."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        return give_sheet(request, "waiting-list", waiting_sheet(list_waiting(edition)), edition=edition)
    return _waiting_page(request, edition)


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def offer_seats(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Offer every free seat to whoever waits longest."""
    edition = edition_of(request, edition_slug)
    offered = offer.offer_free_seats(edition_id=edition.pk, actor=request.actor, now=clock.now())
    said = ngettext("%(n)s seat is offered.", "%(n)s seats are offered.", offered) % {"n": offered}
    messages.success(request, said if offered else _("No seat is free to offer, or nobody waits."))
    return redirect("list-waiting", edition.slug)


@office_page(Permission.DRAFT_DECISION)
@require_POST
@sent_once
def extend_offer(request: OfficeRequest, edition_slug: str, application_id: int) -> HttpResponse:
    """Give somebody more days to answer."""
    edition = edition_of(request, edition_slug)
    entry = get_object_or_404(list_waiting(edition), application=application_id)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _waiting_page(request, edition, status=422, refused=[_("Give a day and say why.")])
    try:
        offer.extend_offer(
            application_id=entry.application_id, actor=request.actor, now=clock.now(), **form.cleaned_data
        )
    except offer.OfferOver as refused:
        return _waiting_page(request, edition, status=409, refused=reasons_in_words(refused))
    messages.success(request, _("The offer stands longer; a mail says so."))
    return redirect("list-waiting", edition.slug)


def _waiting_page(
    request: OfficeRequest, edition: Edition, *, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    words = {
        "entries": [
            {
                "entry": entry,
                "who": who(entry.application),
                "form": ExtendForm(auto_id=f"extend-{entry.pk}-%s") if entry.offered_until else None,
            }
            for entry in list_waiting(edition)
        ],
        "seats": count_seats(edition),
        "may_offer": permits(request.roles, Permission.DRAFT_DECISION),
        "refused": refused,
    }
    return render(request, "office/admissions/waiting_list.html", words, status=status)


def _page(
    request: OfficeRequest,
    edition: Edition,
    *,
    form: ReleaseForm | None = None,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    drafted = list(list_drafted(edition.pk))
    chosen = set(whole_numbers(form.data.getlist("decisions"))) if form else None  # type: ignore[attr-defined]  # a QueryDict
    words = {
        "rows": [_row(decision, chosen) for decision in drafted],
        "seats": count_seats(edition),
        "admits": sum(decision.outcome == Outcome.ADMIT for decision in drafted),
        "form": form if form and form.errors else None,
        "refused": refused,
        "may_release": permits(request.roles, Permission.RELEASE_DECISIONS),
    }
    return render(request, "office/admissions/decisions.html", words, status=status)


def _row(decision: Decision, chosen: set[int] | None) -> dict[str, Any]:
    outcome = Outcome(decision.outcome)
    return {
        "decision": decision,
        "who": who(decision.application),
        "outcome": OUTCOMES[outcome],
        "letter": _letter(decision, outcome),
        "chosen": chosen is None or decision.pk in chosen,
    }


def _letter(decision: Decision, outcome: Outcome) -> str:
    match outcome:
        case Outcome.ADMIT:
            return _(
                "Your place is reserved: the last instant for a refund, and the four lines to copy. Then the bill."
            )
        case Outcome.WAIT:
            return _("You are on the waiting list, with your number.")
        case Outcome.NEXT_EDITION:
            return _("We would like to see you in the next edition.")
        case Outcome.DECLINE:
            return str(REASONS_TO_APPLICANT[DeclineReason(decision.reason)])


def _said(report: ReleaseReport) -> str:
    if not report.released:
        return _("These decisions were given out already; nothing was sent twice.")
    said = ngettext("%(n)s decision is given out.", "%(n)s decisions are given out.", report.released) % {
        "n": report.released
    }
    if report.waiting:
        said += " " + ngettext(
            "%(n)s goes on the waiting list.", "%(n)s go on the waiting list.", len(report.waiting)
        ) % {"n": len(report.waiting)}
    return said
