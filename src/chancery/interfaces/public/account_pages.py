"""What the pages of an account share: the page itself, a refusal on it, and where the reader goes next."""

from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chancery.foundation import clock
from chancery.foundation.accounts.access import is_in_office
from chancery.foundation.accounts.callers import know_browser
from chancery.foundation.accounts.factors import Factor, open_session
from chancery.foundation.accounts.languages import in_language
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.queries import roles_of
from chancery.foundation.ui.frame import Link

# What the session keeps between password and second factor, and for how many seconds.
HALF_SIGNED_IN = "half_signed_in"
HALF_SIGNED_IN_LASTS = 600
# The first pages behind the other doors; doors know each other by address only.
OFFICE_HOME = "/office/"
MY_HOME = "/my/"


def account_page(request: HttpRequest, name: str, form: Form, **words: Any) -> HttpResponse:
    """Return a page of an account with its form; 422 where what was typed cannot be taken."""
    status = 422 if form.is_bound and form.errors else 200
    if is_in_office(request):
        words["back"] = Link(_("My account"), reverse("my-account"))
    context = {"form": form, "next": wanted_page(request), "with_next": _query(request), **words}
    return render(request, f"public/accounts/{name}.html", context, status=status)


def account_refused(
    request: HttpRequest, name: str, form: Form, field: str, said: str, *, status: int = 422, **words: Any
) -> HttpResponse:
    """Return the page again with the refusal at its field."""
    form.add_error(field, said)
    response = account_page(request, name, form, **words)
    response.status_code = status
    return response


def too_many_tries() -> str:
    """Return what somebody reads who tried too often."""
    return _("Too many tries. Wait a few minutes, then go on.")


def with_next(request: HttpRequest, name: str) -> str:
    """Return the address of a page by its URL name; where the reader wanted to go travels along."""
    return f"{reverse(name)}{_query(request)}"


def destination(request: HttpRequest, user: User, *, wanted: str = "") -> str:
    """Return where a session begins: the page that was wanted, else the first one behind the account's door.

    ``wanted`` is what was wanted when the code was asked for: the link of the mail does not know it.
    """
    return wanted_page(request) or wanted or (OFFICE_HOME if roles_of(user) else MY_HOME)


def let_in(request: HttpRequest, user: User, *factors: Factor, wanted: str = "") -> HttpResponse:
    """Open the session and lead to its first page; the browser speaks the account's language and is known now."""
    open_session(request, user, *factors)
    response = redirect(destination(request, user, wanted=wanted))
    return know_browser(in_language(response, user.language), user.email)


def begin_half(request: HttpRequest, user: User) -> None:
    """Remember in the session that somebody gave the right password and owes the second factor."""
    half = {"user": user.pk, "password": user.get_session_auth_hash(), "at": clock.machine_now().timestamp()}
    request.session[HALF_SIGNED_IN] = half


def half_signed_in(request: HttpRequest) -> User | None:
    """Return who gave the right password and still owes the second factor.

    None after ten minutes, and as soon as the account has another password or none: what was known of it before the
    account was let in anew sets up no second factor.
    """
    half = request.session.get(HALF_SIGNED_IN)
    if half is None or clock.machine_now().timestamp() - half["at"] > HALF_SIGNED_IN_LASTS:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    known = user and constant_time_compare(half.get("password", ""), user.get_session_auth_hash())
    return user if known else None


def wanted_page(request: HttpRequest) -> str:
    """Return where the reader wanted to go, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def _query(request: HttpRequest) -> str:
    wanted = wanted_page(request)
    return f"?{urlencode({'next': wanted})}" if wanted else ""
