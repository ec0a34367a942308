"""Who may pass a door: what a page of the office and a page of one's own have in common.

A page that is not for you and a page that is not there answer the same 404: nobody learns what exists.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from chancery.foundation.accounts.factors import Factor, factors_of
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.queries import roles_of
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.accounts.second_factor import has_second_factor
from chancery.foundation.audit.actors import Actor, user_actor


class SignedInRequest(HttpRequest):
    """A request of someone who has signed in."""

    user: User
    actor: Actor


class OfficeRequest(SignedInRequest):
    """A request of someone who holds an office role."""

    roles: frozenset[Role]


def sign_in_first(request: HttpRequest) -> HttpResponseRedirect | None:
    """Return the way to the sign-in page for a visitor, and None for someone who has signed in."""
    if request.user.is_authenticated:
        return None
    return redirect_to_login(_way_back(request))


def admit_to_office(request: HttpRequest, permission: Permission) -> HttpResponse | None:
    """Return what stands between the reader and an office page, or None after naming actor and roles.

    :raises Http404: when no role of the account holds the permission.
    """
    if not isinstance(request.user, User):
        return sign_in_first(request)
    roles = roles_of(request.user)
    if not permits(roles, permission):
        raise Http404
    detour = office_sign_in_first(request)
    if detour:
        return detour

    request.actor = user_actor(request.user.pk)  # type: ignore[attr-defined]  # what OfficeRequest adds
    request.roles = roles  # type: ignore[attr-defined]  # what OfficeRequest adds
    return None


def is_in_office(request: HttpRequest) -> bool:
    """Say whether the reader may enter the office, and name their roles: pages beside it then keep its frame."""
    if not isinstance(request.user, User) or office_sign_in_first(request):
        return False
    request.roles = roles_of(request.user)  # type: ignore[attr-defined]  # what OfficeRequest adds
    return bool(request.roles)  # type: ignore[attr-defined]  # named in the line before


def office_sign_in_first(request: HttpRequest) -> HttpResponseRedirect | None:
    """Return the way to the office's sign-in, or None when password and second factor were both given.

    The demo waives both: its visitors enter by a button.
    """
    if not settings.SECOND_FACTOR_REQUIRED:
        return None
    if {Factor.PASSWORD, Factor.SECOND} <= factors_of(request):
        return None
    return redirect_to_login(_way_back(request), login_url="sign-in-office")


def page_of_act(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Return the way to the page of a thing for who looks at the address of an act on it; else the answer as it is.

    After a refused act the browser's address bar holds that address: Enter there, a bookmark, a tab opened again.
    """
    if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method not in {"GET", "HEAD"}:
        return answer
    return HttpResponseRedirect(_page_above(request.path, getattr(request, "roles", frozenset())))


def must_show_second_factor(user: User) -> bool:
    """Say whether a password alone opens no session: where required, and for who has set a second factor up."""
    return settings.SECOND_FACTOR_REQUIRED or has_second_factor(user)


def _page_above(path: str, roles: frozenset[Role]) -> str:
    """Return the next address above that leads somewhere these roles may go: pages lie above their acts."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if not is_valid_path(path):
            continue
        permission = getattr(resolve(path).func, "permission", None)
        if permission is None or permits(roles, permission):
            break
    return path


def _way_back(request: HttpRequest) -> str:
    """Return what to show after the sign-in: the page that was asked for, or the one whose form was sent.

    Many forms are sent to an address that cannot be looked at.
    """
    sent_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(sent_from, request.get_host(), require_https=request.is_secure())
    if request.method in {"GET", "HEAD"} or not is_ours:
        return request.get_full_path()
    parts = urlsplit(sent_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
