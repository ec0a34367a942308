"""The lock of every office page: which permission opens it."""

import functools
from collections.abc import Callable
from typing import Concatenate, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from chancery.foundation.accounts.access import OfficeRequest, admit_to_office, page_of_act
from chancery.foundation.accounts.roles import Permission

__all__ = ["OfficeRequest", "office_page"]

type OfficeView[**P] = Callable[Concatenate[OfficeRequest, P], HttpResponseBase]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def office_page[**P](permission: Permission) -> Callable[[OfficeView[P]], View[P]]:
    """Open a page to accounts that hold ``permission``; a house test reads it from ``view.permission``.

    A visitor is led to sign in and comes back; anyone else without the permission gets the 404 of a page
    that is not there. Who looks at the address of an act is led to its page. The view finds ``request.actor`` and
    ``request.roles``.
    """

    def lock(view: OfficeView[P]) -> View[P]:
        def locked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            detour = admit_to_office(request, permission)
            return detour or page_of_act(request, view(cast(OfficeRequest, request), *args, **kwargs))

        functools.update_wrapper(locked, view)
        locked.permission = permission  # type: ignore[attr-defined]  # read by tests/house
        return locked

    return lock
