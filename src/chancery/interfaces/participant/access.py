"""The lock of every page of one's own: signed in, and the row is yours."""

import functools
from collections.abc import Callable
from typing import Concatenate, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from chancery.domain.admissions.models import Application
from chancery.domain.enrollment.models import Place
from chancery.foundation.accounts.access import SignedInRequest, page_of_act, sign_in_first
from chancery.foundation.audit.actors import user_actor

__all__ = ["SignedInRequest", "own_application", "own_place", "signed_in"]

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
type OwnView[**P] = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
type ApplicationView[**P] = Callable[Concatenate[SignedInRequest, Application, P], HttpResponseBase]
type PlaceView[**P] = Callable[Concatenate[SignedInRequest, Place, P], HttpResponseBase]


def signed_in[**P](view: OwnView[P]) -> View[P]:
    """Lead a visitor to the sign-in page and back, and who looks at the address of an act to its page.

    The view finds ``request.actor``.
    """

    def locked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        detour = sign_in_first(request)
        if detour:
            return detour
        request.actor = user_actor(cast(int, request.user.pk))  # type: ignore[attr-defined]  # what SignedInRequest adds
        return page_of_act(request, view(cast(SignedInRequest, request), *args, **kwargs))

    functools.update_wrapper(locked, view)
    locked.own = True  # type: ignore[attr-defined]  # read by tests/house
    return locked


def own_application[**P](
    view: ApplicationView[P],
) -> Callable[..., HttpResponseBase]:
    """Hand the reader's own application with reference ``ref`` to the view; anyone else's is a 404."""

    def locked(request: SignedInRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, _application(request, ref), *args, **kwargs)

    return signed_in(functools.update_wrapper(locked, view))


def own_place[**P](view: PlaceView[P]) -> Callable[..., HttpResponseBase]:
    """Hand the reader's own place, found by its application's reference ``ref``, to the view."""

    def locked(request: SignedInRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, _place(request, ref), *args, **kwargs)

    return signed_in(functools.update_wrapper(locked, view))


def _application(request: SignedInRequest, ref: str) -> Application:
    mine = Application.objects.select_related("edition__programme", "person", "authority__city__country", "group")
    found = mine.filter(reference=ref, person__user=request.user).first()
    if found is None:
        raise Http404
    return found


def _place(request: SignedInRequest, ref: str) -> Place:
    mine = Place.objects.select_related("edition__programme", "person", "application__authority__city__country")
    found = mine.filter(application__reference=ref, person__user=request.user).first()
    if found is None:
        raise Http404
    return found
