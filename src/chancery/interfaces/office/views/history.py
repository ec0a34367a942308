"""The trail of everything that happened, newest first."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from chancery.foundation.accounts.roles import Permission
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditSeal
from chancery.foundation.audit.queries import list_events
from chancery.foundation.figures import whole_number
from chancery.foundation.ui.parts import PageLinks
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.events_shown import WORDS, shown_events
from chancery.interfaces.office.finding import edition_of
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.records import events_sheet

PAGE = 100


@office_page(Permission.SEE_HISTORY)
@keeps_views("list-history")
def list_history(request: OfficeRequest, edition_slug: str) -> HttpResponseBase:
    """Show the events, of one kind or of all; older ones follow by their number, so no page is ever slow."""
    edition = edition_of(request, edition_slug)
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    events = list_events()
    if kind in set(Event):
        events = events.filter(name=kind)
    if is_sheet_asked(request):
        return give_sheet(request, "history", events_sheet(events, request.roles), edition=edition)
    if (earlier := whole_number(before)) is not None:
        events = events.filter(pk__lt=earlier)
    shown = shown_events(events, request.roles, most=PAGE + 1)
    more = f"?kind={kind}&before={shown[PAGE - 1].id}" if len(shown) > PAGE else ""
    words = {
        "events": shown[:PAGE],
        "kinds": [(str(name), WORDS[name]) for name in Event if name in WORDS],
        "kind": kind,
        "pages": PageLinks(position=_("newest first"), next_href=more),
        "last_seal": AuditSeal.objects.order_by("-position").first(),
    }
    return render(request, "office/history/history.html", words)
