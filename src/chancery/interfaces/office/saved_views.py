"""The filtered lists of the office, and the views that their readers keep of them."""

import functools
from collections.abc import Callable
from typing import Concatenate, Final

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from chancery.foundation.accounts.models import SavedView
from chancery.foundation.accounts.roles import Permission
from chancery.foundation.accounts.saved_views import list_views
from chancery.foundation.ui.parts import KeptView, KeptViews
from chancery.interfaces.office.access import OfficeRequest
from chancery.interfaces.office.forms.admissions import DeskForm
from chancery.interfaces.office.forms.billing import InvoiceFilter, LineFilter
from chancery.interfaces.office.forms.network import NetworkFilter

LONGEST = 500
# Which permission opens each filtered list, and by which keys it is filtered; a house test compares with the pages.
FILTERED: Final[dict[str, tuple[Permission, frozenset[str]]]] = {
    "list-applications": (Permission.SEE_APPLICATIONS, frozenset(DeskForm.base_fields)),
    "list-bills": (Permission.SEE_MONEY, frozenset(InvoiceFilter.base_fields)),
    "list-lines": (Permission.SEE_MONEY, frozenset(LineFilter.base_fields)),
    "list-clocks": (Permission.SEE_TODAY, frozenset({"kind"})),
    "list-mail": (Permission.SEE_MAIL, frozenset({"state"})),
    "list-history": (Permission.SEE_HISTORY, frozenset({"kind"})),
    "show-network": (Permission.SEE_NETWORK, frozenset(NetworkFilter.base_fields)),
}
OF_AN_EDITION: Final = frozenset({"list-applications", "list-bills", "list-history"})

type ListView[**P] = Callable[Concatenate[OfficeRequest, P], HttpResponseBase]


def keeps_views[**P](of: str) -> Callable[[ListView[P]], ListView[P]]:
    """Let readers of a filtered list keep views of it; opened without filters, it opens as their default says."""

    def keep(view: ListView[P]) -> ListView[P]:
        def kept(request: OfficeRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            views = list(list_views(account=request.user, of=of))
            if request.method == "GET" and not request.GET:
                chosen = [each for each in views if each.is_default and each.owner_id == request.user.pk]
                if chosen:
                    return redirect(f"{request.path}?{filters_of(of, chosen[0].query)[0] or 'all'}")
            edition = str(kwargs.get("edition_slug", ""))
            request.kept_views = _shown(request, of, edition, views)  # type: ignore[attr-defined]  # read by ui/kept_views.html
            return view(request, *args, **kwargs)

        functools.update_wrapper(kept, view)
        return kept

    return keep


def filters_of(of: str, query: str) -> tuple[str, bool]:
    """Return the filters of a query that the list knows, as an address, and whether others were dropped."""
    asked, known = QueryDict(query[:LONGEST].replace("\x00", "")), QueryDict(mutable=True)
    for key in sorted(FILTERED[of][1] & asked.keys()):
        if asked[key]:
            known[key] = asked[key]
    return known.urlencode(), any(value and key not in FILTERED[of][1] for key, value in asked.items())


def address_of(of: str, edition_slug: str, query: str) -> str:
    """Return where a list stands with these filters; without any it shows everything, whatever the default says."""
    path = reverse(of, args=[edition_slug] if of in OF_AN_EDITION else [])
    return f"{path}?{query or 'all'}"


def _shown(request: OfficeRequest, of: str, edition_slug: str, views: list[SavedView]) -> KeptViews:
    query, _dropped = filters_of(of, request.GET.urlencode())

    def shown(view: SavedView) -> KeptView:
        return KeptView(
            name=view.name,
            href=f"{reverse('open-view', args=[view.pk])}?edition={edition_slug}",
            change_href=reverse("change-view", args=[view.pk]) if view.owner_id == request.user.pk else "",
            is_current=filters_of(of, view.query)[0] == query and bool(query),
            is_shared=view.is_shared,
            is_default=view.is_default and view.owner_id == request.user.pk,
        )

    return KeptViews(
        save_href=reverse("save-view"),
        of=of,
        edition=edition_slug,
        query=query,
        views=[shown(view) for view in views],
    )
