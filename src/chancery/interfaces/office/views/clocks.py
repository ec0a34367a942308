"""The promises with a clock: what is open, with the days left, and how the clocks were kept."""

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chancery.domain.programme.queries import get_open_edition
from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.obligations.queries import count_kept
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.due import ACTS, clock_items, kinds_of
from chancery.interfaces.office.saved_views import keeps_views
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.records import clocks_sheet


@office_page(Permission.SEE_TODAY)
@require_GET
@keeps_views("list-clocks")
def list_clocks(request: OfficeRequest) -> HttpResponseBase:
    """Show every open promise that the reader's desks answer for, late ones first, and breaches counted by kind."""
    edition, now = get_open_edition(), clock.now()
    if edition is None:
        return render(request, "office/today/no_edition.html")
    request.edition = edition  # type: ignore[attr-defined]  # read by the frame
    mine = kinds_of(request.roles)
    wanted = request.GET.get("kind", "")
    items = clock_items(edition, request.roles, wanted if wanted in mine else "", now=now)
    if is_sheet_asked(request):
        return give_sheet(request, "clocks", clocks_sheet(items))
    words = {
        "items": items,
        "late": sum(item.tone == "late" for item in items),
        "kinds": [(kind.value, ACTS[kind], kind.value == wanted) for kind in mine],
        "kept": [
            {
                "what": ACTS.get(each.kind, each.kind),
                "in_time": each.in_time,
                "of": each.of,
                "late": each.of - each.in_time,
            }
            for each in count_kept(now=now)
            if each.kind in mine
        ],
    }
    return render(request, "office/today/clocks.html", words)
