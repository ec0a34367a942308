"""The lists of the office as sheets: the page of a list gives it as a file where ``?as=csv`` or ``?as=xlsx`` asks.

A sheet holds what the page shows to this reader, all pages of it and as filtered; who took it stands in the trail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http.response import HttpResponseBase

from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import get_open_edition
from chancery.foundation import clock
from chancery.foundation.accounts.services import note_export
from chancery.foundation.calendar import local_day
from chancery.foundation.sheets import Row, sheet_response
from chancery.interfaces.office.access import OfficeRequest

FORMS: Final = ("csv", "xlsx")
NOT_FILTERS: Final = frozenset({"as", "page", "pane", "before"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: its head in the reader's language, and its rows, read as they are written."""

    head: tuple[str, ...]
    rows: Iterable[Row]


def is_sheet_asked(request: OfficeRequest) -> bool:
    """Return whether the address asks for the list as a file."""
    return request.method == "GET" and request.GET.get("as") in FORMS


def give_sheet(request: OfficeRequest, name: str, sheet: Sheet, *, edition: Edition | None = None) -> HttpResponseBase:
    """Give a list out, named by list, edition and day, and leave a trail; XLSX where asked for, CSV else."""
    form, now = request.GET.get("as", ""), clock.now()
    form = form if form in FORMS else "csv"
    filters = [key for key, value in request.GET.items() if value and key not in NOT_FILTERS]
    note_export(account=request.user, of=name, form=form, filters=filters, actor=request.actor, now=now)
    own = edition or get_open_edition()
    day = local_day(now, ZoneInfo(own.time_zone if own else settings.TIME_ZONE))
    parts = [name, edition.slug if edition else "", day.isoformat()]
    return sheet_response(form, "-".join(part for part in parts if part), sheet.head, sheet.rows)
