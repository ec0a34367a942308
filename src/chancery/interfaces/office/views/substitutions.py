"""Colleagues who come instead: who was named, who said yes, and the hand-over of the place."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.enrollment.queries import list_substitutions
from chancery.domain.enrollment.states import SubstitutionState
from chancery.domain.programme.models import Edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.forms.substitutions import RefusalForm
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.admissions import substitutions_sheet
from chancery.journey import substitute

MOST = 200
STATES: dict[SubstitutionState, tuple[str, Promise]] = {
    SubstitutionState.PROPOSED: ("idle", gettext_lazy("asked, no answer yet")),
    SubstitutionState.CONFIRMED: ("yours", gettext_lazy("said yes: hand the place over")),
    SubstitutionState.DONE: ("done", gettext_lazy("has the place")),
    SubstitutionState.REFUSED: ("ended", gettext_lazy("refused")),
    SubstitutionState.DECLINED: ("ended", gettext_lazy("said no")),
    SubstitutionState.TAKEN_BACK: ("ended", gettext_lazy("taken back")),
}


@office_page(Permission.SEE_APPLICATIONS)
@require_GET
def list_wishes(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show who was named to come instead, those first who wait for the office."""
    edition = edition_of(request, edition_slug)
    if is_sheet_asked(request):
        words_of = {key.value: words for key, (_tone, words) in STATES.items()}
        sheet = substitutions_sheet(list_substitutions(edition), words_of)
        return give_sheet(request, "substitutes", sheet, edition=edition)
    return _page(request, edition)


@office_page(Permission.DECIDE_NOTICE)
@require_POST
@sent_once
def decide_wish(request: OfficeRequest, edition_slug: str, substitution_id: int) -> HttpResponse:
    """Hand the place over, or refuse the colleague with a reason."""
    edition = edition_of(request, edition_slug)
    wish = get_object_or_404(list_substitutions(edition), pk=substitution_id)
    try:
        if request.POST.get("act") == "refuse":
            form = RefusalForm(request.POST)
            if not form.is_valid():
                return _page(request, edition, status=422, refused=[_("Say why, in words that the participant reads.")])
            substitute.refuse_substitution(
                substitution_id=wish.pk, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("Refused. The participant reads why; the place stays theirs."))
        else:
            substitute.hand_over(substitution_id=wish.pk, actor=request.actor, now=clock.now())
            messages.success(request, _("The place is handed over. Both have a mail."))
    except (substitute.SubstitutionNotAllowed, substitute.SubstitutionMoveNotAllowed, substitute.HasAFile) as no:
        return _page(request, edition, status=409, refused=reasons_in_words(no))
    return redirect("list-substitutions", edition.slug)


def _page(
    request: OfficeRequest, edition: Edition, *, status: int = 200, refused: list[str] | None = None
) -> HttpResponse:
    may_decide = permits(request.roles, Permission.DECIDE_NOTICE)
    rows = []
    for wish in list_substitutions(edition)[:MOST]:
        tone, words = STATES[SubstitutionState(wish.state)]
        waits = may_decide and wish.state == SubstitutionState.CONFIRMED
        form = RefusalForm(auto_id=f"refuse-{wish.pk}-%s") if waits else None
        rows.append({"wish": wish, "tone": tone, "state": words, "form": form})
    context = {"rows": rows, "refused": refused}
    return render(request, "office/admissions/substitutions.html", context, status=status)
