"""The filter of the desk list, read from the address: the list and the way from one application to the next keep it."""

from typing import Any

from django.core.cache import cache

from chancery.domain.admissions.queries.desk import DeskFilter
from chancery.domain.network.models import Country
from chancery.domain.programme.models import Edition
from chancery.foundation.accounts.roles import Permission, permits
from chancery.interfaces.office.access import OfficeRequest
from chancery.interfaces.office.forms.admissions import MINE, DeskForm

REGIONS_KEPT = 600  # seconds


def desk_form(request: OfficeRequest) -> DeskForm:
    """Return the filter form with what was asked for."""
    sees_fees = permits(request.roles, Permission.SEE_FEES)
    return DeskForm(request.GET or None, regions=_regions(), sees_fees=sees_fees)


def desk_filter(request: OfficeRequest, edition: Edition, form: DeskForm) -> DeskFilter:
    """Return the filter that was asked for; what cannot be read filters nothing."""
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    income = asked.get("income", "")
    return DeskFilter(
        text=asked.get("q", ""),
        stage=asked.get("stage", ""),
        region=asked.get("region", ""),
        group=asked.get("group", ""),
        income=income,
        mine=request.user.pk if asked.get("desk") == MINE else None,
    )


def _regions() -> list[str]:
    known: list[str] = cache.get("office-regions") or []
    if not known:
        rows = Country.objects.exclude(region="").order_by("region").values_list("region", flat=True)
        known = list(rows.distinct())
        cache.set("office-regions", known, REGIONS_KEPT)
    return known
