"""Keep, open and change views of lists; somebody else's own view, or one of a closed list, is not there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_open_edition
from chancery.foundation import clock
from chancery.foundation.accounts import saved_views
from chancery.foundation.accounts.models import SavedView
from chancery.foundation.accounts.roles import Permission, permits
from chancery.foundation.ruling import Refused
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.refusals import reasons_in_words
from chancery.interfaces.office.saved_views import FILTERED, OF_AN_EDITION, address_of, filters_of

LONGEST_NAME = 60


@office_page(Permission.SEE_TODAY)
@require_POST
@sent_once
def save_view(request: OfficeRequest) -> HttpResponse:
    """Keep the filters that stand under a name."""
    of = _list_of(request, request.POST.get("of", ""))
    query, _dropped = filters_of(of, request.POST.get("query", ""))
    back, name = address_of(of, _edition(of, request.POST), query), _name(request)
    if not name or not query:
        messages.error(request, _("Set a filter, and write a name for it."))
        return redirect(back)
    try:
        saved_views.save_view(
            account=request.user,
            of=of,
            name=name,
            query=query,
            is_shared=request.POST.get("shared") == "yes",
            now=clock.now(),
        )
    except Refused as refused:
        messages.error(request, " ".join(reasons_in_words(refused)))
        return redirect(back)
    messages.success(request, _("The view is saved: %(name)s.") % {"name": name})
    return redirect(back)


@office_page(Permission.SEE_TODAY)
@require_GET
def open_view(request: OfficeRequest, view_id: int) -> HttpResponse:
    """Open a list as a view says; filters that the list has no more are left out, and the reader is told."""
    view = get_object_or_404(SavedView, pk=view_id)
    of = _list_of(request, view.of)
    if view.owner_id != request.user.pk and not view.is_shared:
        raise Http404
    query, dropped = filters_of(of, view.query)
    if dropped:
        messages.info(request, _("The list has some filters of this view no more; they are left out."))
    return redirect(address_of(of, _edition(of, request.GET), query))


@office_page(Permission.SEE_TODAY)
@require_POST
@sent_once
def change_view(request: OfficeRequest, view_id: int) -> HttpResponse:
    """Rename, share, remove a view of one's own, or open its list with it."""
    view = get_object_or_404(SavedView, pk=view_id, owner=request.user)
    of, act, name = _list_of(request, view.of), request.POST.get("act", ""), _name(request)
    try:
        if act == "rename" and name:
            saved_views.rename_view(view=view, name=name)
        elif act in {"share", "unshare"}:
            saved_views.share_view(view=view, is_shared=act == "share")
        elif act in {"first", "not-first"}:
            saved_views.choose_default(view=view, is_default=act == "first")
        elif act == "remove":
            saved_views.remove_view(view=view)
    except Refused as refused:
        messages.error(request, " ".join(reasons_in_words(refused)))
    return redirect(address_of(of, _edition(of, request.POST), filters_of(of, view.query)[0]))


def _list_of(request: OfficeRequest, of: str) -> str:
    if of not in FILTERED or not permits(request.roles, FILTERED[of][0]):
        raise Http404
    return of


def _edition(of: str, told: Any) -> str:  # a QueryDict, or what a test gives
    """Return the edition that a list of one is opened in: the one named, or the one that is open."""
    if of not in OF_AN_EDITION:
        return ""
    slug = str(told.get("edition", ""))
    edition = Edition.objects.filter(slug=slug).first() if slug else get_open_edition()
    if edition is None:
        raise Http404
    return edition.slug


def _name(request: OfficeRequest) -> str:
    return " ".join(request.POST.get("name", "").replace("\x00", "").split())[:LONGEST_NAME]
