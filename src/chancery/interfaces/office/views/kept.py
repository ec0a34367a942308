"""What is kept no longer than promised: what goes next, what is held back and why, and who waits for a copy."""

from itertools import islice
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chancery.foundation import clock
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.privacy.queries import list_waiting
from chancery.foundation.privacy.wording import data_words, held_words
from chancery.foundation.tasks.heartbeats import noted_at
from chancery.interfaces.office.access import OfficeRequest, office_page
from chancery.interfaces.office.sheets import give_sheet, is_sheet_asked
from chancery.interfaces.office.sheets.records import kept_sheet
from chancery.journey.retain import Due, list_over

MOST = 200


@office_page(Permission.SEE_PEOPLE)
@require_safe
def see_kept(request: OfficeRequest) -> HttpResponseBase:
    """Show what the next night deletes and what is held back; nothing is deleted here, and no person is named."""
    if is_sheet_asked(request):
        return give_sheet(request, "data-kept", kept_sheet(_shown(each) for each in list_over(now=clock.now())))
    found = list(islice(list_over(now=clock.now()), MOST))
    words = {
        "goes": [_shown(each) for each in found if each.ruling],
        "held": [_shown(each) for each in found if not each.ruling],
        "more": len(found) == MOST,
        "most": MOST,
        "swept_at": noted_at("retention"),
        "waiting": list(list_waiting()),
    }
    return render(request, "office/people/kept.html", words)


def _shown(due: Due) -> dict[str, Any]:
    return {
        "what": data_words(due.rule),
        "label": due.label,
        "over_on": due.over_at.date(),
        "reasons": [held_words(reason) for reason in due.ruling.reasons],
    }
