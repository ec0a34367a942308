"""An edition that is not held: ask everybody what they choose, or end every place and give everything back."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.admissions.queries.lookup import list_under_way
from chancery.domain.billing.queries.invoices import total_invoices
from chancery.domain.enrollment.models import EditionChoice
from chancery.domain.enrollment.queries import list_bills_of_held_places, list_choices, list_places
from chancery.domain.enrollment.states import ChoiceState
from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import list_editions_after
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.calendar import local_day
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.frame import Link
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.notices import AskForm, CallOffForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.sheets import Sheet, give_sheet, is_sheet_asked
from chancery.journey import cancel, choose

DAYS_TO_CHOOSE = 14
CHOICES: Final[dict[ChoiceState, tuple[str, Promise]]] = {
    ChoiceState.ASKED: ("ours", gettext_lazy("asked, no answer yet")),
    ChoiceState.NEXT_EDITION: ("done", gettext_lazy("takes the next edition")),
    ChoiceState.MONEY_BACK: ("ended", gettext_lazy("takes the money back")),
    ChoiceState.LEFT: ("ended", gettext_lazy("left in another way")),
}


@office_page(Permission.CHANGE_EDITION)
@require_GET
def see_not_held(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show both ways, and what people chose so far."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        return give_sheet(request, "choices", _sheet(edition), edition=edition)
    return _page(request, edition)


@office_page(Permission.CHANGE_EDITION)
@require_POST
@sent_once
def ask_for_choice(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Ask everybody who holds a place: the next edition, or the money back."""
    edition = edition_of(request, edition_slug)
    form = AskForm(request.POST, editions=_later(edition))
    if not form.is_valid():
        return _page(request, edition, ask=form, status=422)
    try:
        asked = choose.ask_everybody(
            edition_id=edition.pk,
            target_id=form.cleaned_data["target"].pk,
            answer_by=form.cleaned_data["answer_by"],
            note=form.cleaned_data["note"],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _page(request, edition, ask=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, ngettext("%(n)s person is asked.", "%(n)s people are asked.", asked) % {"n": asked})
    return redirect("see-not-held", edition.slug)


@office_page(Permission.CHANGE_EDITION)
@require_POST
@sent_once
def call_off(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """End every place of an edition that is not held: everything goes back."""
    edition = edition_of(request, edition_slug)
    form = CallOffForm(request.POST, edition=edition)
    if not form.is_valid():
        return _page(request, edition, off=form, status=422)
    ended = cancel.call_edition_off(
        edition_id=edition.pk, note=form.cleaned_data["note"], actor=request.actor, now=clock.now()
    )
    messages.success(request, ngettext("%(n)s place has ended.", "%(n)s places have ended.", ended) % {"n": ended})
    return redirect("list-notices", edition.slug)


def _page(
    request: OfficeRequest,
    edition: Edition,
    *,
    ask: AskForm | None = None,
    off: CallOffForm | None = None,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    later = _later(edition)
    by = local_day(clock.now(), ZoneInfo(edition.time_zone)) + timedelta(days=DAYS_TO_CHOOSE)
    first = AskForm(editions=later, initial={"target": later.first(), "answer_by": by}, auto_id="ask-%s")
    words = {
        "choices": [_row(choice) for choice in list_choices(edition)],
        "places": list(list_places(edition)),
        "totals": total_invoices(list_bills_of_held_places(edition)),
        "applied": list_under_way(edition).count(),
        "ask": (ask or first) if later else None,
        "off": off or CallOffForm(edition=edition, auto_id="off-%s"),
        "refused": refused,
        "back": Link(_("Cancellations"), reverse("list-notices", args=[edition.slug])),
    }
    return render(request, "office/leaving/not_held.html", words, status=status)


def _later(edition: Edition) -> QuerySet[Edition]:
    return list_editions_after(edition, today=local_day(clock.now(), ZoneInfo(edition.time_zone)))


def _row(choice: EditionChoice) -> dict[str, object]:
    tone, state = CHOICES[ChoiceState(choice.state)]
    return {"choice": choice, "tone": tone, "state": state}


def _sheet(edition: Edition) -> Sheet:
    head = (_("Reference"), _("Who"), _("Choice"), _("Answer by"), _("Place in the next edition"))
    rows = (
        (
            choice.place.application.reference,
            choice.place.person.name,
            str(CHOICES[ChoiceState(choice.state)][1]),
            choice.answer_by,
            choice.successor.application.reference if choice.successor else "",
        )
        for choice in list_choices(edition).select_related("successor__application")
    )
    return Sheet(head, rows)
