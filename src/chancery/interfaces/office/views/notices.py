"""Cancellations: what came, what it is worth by the terms, and the decision of a person about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.billing.queries.refunds import list_refunds_by
from chancery.domain.enrollment.models import CancellationNotice
from chancery.domain.enrollment.queries import list_notices, money_waiting_for
from chancery.domain.enrollment.queries.differences import list_differences
from chancery.domain.enrollment.queries.notices import list_beside
from chancery.domain.enrollment.states import NOTICE_WAITS, FoundIn, NoticeGround, NoticeState, NoticeWay
from chancery.domain.enrollment.words import ground_words, item_words, notice_words, way_words
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.addresses import is_same_address
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.files.storage import read_bytes
from chancery.foundation.mail.reading import read_mail
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.ui.frame import Link
from chancery.foundation.ui.parts import Evidence
from chancery.foundation.ui.wording import labelled_text
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.notices import DecisionForm, ExitForm, OtherWayForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.admissions import notices_sheet
from chancery.journey import cancel, notice

MOST = 200
TONES = {
    NoticeState.VALID: "yours",
    NoticeState.LATE: "late",
    NoticeState.INCOMPLETE: "idle",
    NoticeState.WRONG_CHANNEL: "idle",
    NoticeState.EFFECTED: "done",
    NoticeState.GIVEN_UP: "done",
}
DONE: dict[str, Promise] = {
    "accept": gettext_lazy("The place is cancelled. What is owed waits for the second person among the refunds."),
    "not-one": gettext_lazy("Kept as no cancellation; its words wait in the dialogue for an answer."),
    "give-up": gettext_lazy("The seat is free. Nothing is refunded."),
    "abandon": gettext_lazy("Closed. The place stays as it is."),
}


WHYS: dict[str, Promise] = {
    "give_up": gettext_lazy("Why the seat is given up"),
    "abandon": gettext_lazy("Why it is closed"),
    "not_one": gettext_lazy("Why it is none"),
}


@office_page(Permission.SEE_APPLICATIONS)
@require_GET
def list_received(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show the notices that wait, those that are done, and a form for what came another way."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        return give_sheet(request, "cancellations", notices_sheet(list_notices(edition)), edition=edition)
    return _list(request, edition)


@office_page(Permission.DECIDE_NOTICE)
@require_POST
@sent_once
def note_other_way(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """Keep that somebody wanted to cancel another way; they read how it is done."""
    edition = edition_of(request, edition_slug)
    form = OtherWayForm(request.POST, edition=edition)
    if not form.is_valid():
        return _list(request, edition, form=form, status=422)
    now = clock.now()
    notice.note_other_way(
        place_id=form.cleaned_data["place"].pk,
        way=NoticeWay(form.cleaned_data["way"]),
        note=form.cleaned_data["note"],
        received_at=now,
        actor=request.actor,
        now=now,
    )
    messages.success(request, _("Kept. Nothing changes; a mail says how a place is cancelled."))
    return redirect("list-notices", edition.slug)


@office_page(Permission.DECIDE_NOTICE)
@require_POST
@sent_once
def end_place(request: OfficeRequest, edition_slug: str) -> HttpResponse:
    """End a place because its visa was refused or because we do not hold what was announced."""
    edition = edition_of(request, edition_slug)
    form = ExitForm(request.POST, edition=edition)
    if not form.is_valid():
        return _list(request, edition, exits=form, status=422)
    try:
        ended = cancel.leave_by_right(
            place_id=form.cleaned_data["place"].pk,
            ground=NoticeGround(form.cleaned_data["ground"]),
            note=form.cleaned_data["note"],
            actor=request.actor,
            now=clock.now(),
        )
    except Refused as refused:
        return _list(request, edition, exits=form, status=409, refused=reasons_in_words(refused))
    messages.success(request, str(DONE["accept"]))
    return redirect("show-notice", edition.slug, ended.pk)


@office_page(Permission.SEE_APPLICATIONS)
@require_GET
def show_notice(request: OfficeRequest, edition_slug: str, notice_id: int) -> HttpResponse:
    """Show a notice: the words beside what they are worth."""
    return _page(request, _notice(request, edition_slug, notice_id))


@office_page(Permission.SEE_APPLICATIONS)
@require_GET
def download_notice(request: OfficeRequest, edition_slug: str, notice_id: int) -> HttpResponse:
    """Hand out the raw message, as it came."""
    found = _notice(request, edition_slug, notice_id)
    if found.mail is None:
        raise Http404
    return HttpResponse(
        read_bytes(found.mail.raw),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="notice-{found.pk}.eml"'},
    )


@office_page(Permission.DECIDE_NOTICE)
@require_POST
@sent_once
def decide_notice(request: OfficeRequest, edition_slug: str, notice_id: int) -> HttpResponse:
    """Let a notice take effect, or say that it has none; with money that waits only as it was shown."""
    found, form = _notice(request, edition_slug, notice_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422)
    decision = form.cleaned_data["decision"]
    because, waiting = form.cleaned_data["because"], form.cleaned_data["waiting"]
    more: dict[str, Any] = {"seen_waiting": waiting} if decision == "accept" else {"because": because}
    try:
        _DECIDED[decision](notice_id=found.pk, actor=request.actor, now=clock.now(), **more)
    except Refused as refused:
        return _page(request, found, status=409, refused=reasons_in_words(refused))
    messages.success(request, str(DONE[decision]))
    return redirect("show-notice", edition_slug, found.pk)


_DECIDED: dict[str, Callable[..., object]] = {
    "accept": cancel.accept_notice,
    "not-one": cancel.say_not_a_cancellation,
    "give-up": cancel.give_up_place,
    "abandon": notice.abandon_notice,
}


def _notice(request: OfficeRequest, edition_slug: str, notice_id: int) -> CancellationNotice:
    edition = edition_of(request, edition_slug)
    return get_object_or_404(
        list_notices(edition).select_related("credit_note", "second_credit_note", "completes"), pk=notice_id
    )


def _list(
    request: OfficeRequest,
    edition: Edition,
    *,
    form: OtherWayForm | None = None,
    exits: ExitForm | None = None,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    words = {
        "waiting": [_row(each) for each in list_notices(edition, waiting=True)],
        "others": [_row(each) for each in list_notices(edition, waiting=False)[:MOST]],
        "form": form or OtherWayForm(edition=edition, auto_id="other-%s"),
        "exits": exits or ExitForm(edition=edition, auto_id="exit-%s"),
        "exits_open": bool(exits),
        "may_decide": permits(request.roles, Permission.DECIDE_NOTICE),
        "may_call_off": permits(request.roles, Permission.CHANGE_EDITION),
        "refused": refused,
    }
    return render(request, "office/leaving/notices.html", words, status=status)


def _row(found: CancellationNotice) -> dict[str, Any]:
    state = NoticeState(found.state)
    return {
        "notice": found,
        "tone": TONES.get(state, "ended"),
        "state": notice_words(state),
        "way": way_words(found.way),
        "ground": ground_words(found.ground),
    }


def _page(
    request: OfficeRequest,
    found: CancellationNotice,
    *,
    status: int = 200,
    refused: list[str] | None = None,
) -> HttpResponse:
    read = read_mail(read_bytes(found.mail.raw)) if found.mail else None
    others = list(list_beside(found))
    words = {
        **_row(found),
        "read": read,
        "other_sender": read is not None and not is_same_address(read.sender, found.place.person.email),
        "facts": [_fact(each) for each in found.found],
        "late": "after_deadline" in found.reasons,
        "differences": list(list_differences(found)),
        "refunds": [refund for note in found.credit_notes for refund in list_refunds_by(note)],
        "waiting": money_waiting_for(found) if found.state == NoticeState.VALID else [],
        "may_see_money": permits(request.roles, Permission.SEE_MONEY),
        "others": others,
        "came_later": found.state in NOTICE_WAITS and any(_came_later(each, found) for each in others),
        "may_decide": permits(request.roles, Permission.DECIDE_NOTICE),
        "refused": refused,
        "forms": {name: _why(name, label) for name, label in WHYS.items()},
        "back": Link(_("Cancellations"), reverse("list-notices", args=[found.place.edition.slug])),
    }
    return render(request, "office/leaving/notice.html", words, status=status)


def _came_later(other: CancellationNotice, found: CancellationNotice) -> bool:
    """Tell whether a person wrote about a place after a notice."""
    return other.received_at > found.received_at and other.state != NoticeState.AUTOMATIC


def _why(name: str, label: Promise) -> DecisionForm:
    form = DecisionForm(auto_id=f"{name}-%s")
    form.fields["because"].label = str(label)
    return form


def _fact(found: dict[str, str]) -> Evidence:
    """Return one of the four facts with the words in which it stands."""
    name, words = item_words(found["item"]), found["words"]
    if found["where"] == FoundIn.OWN:
        # Most write the fact behind a label of their own, as the reservation mail prints it to be copied.
        labelled = words.partition("\n")[0].partition(": ")[1]
        return Evidence("plus", words if labelled else labelled_text(name, words))
    if found["where"] == FoundIn.QUOTED:
        return Evidence("minus", _("%(fact)s: only in the quoted text, %(words)s") % {"fact": name, "words": words})
    return Evidence("minus", _("%(fact)s: missing") % {"fact": name})
