"""Sign in, sign out, and the keys of an office account."""

from typing import Any
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from chancery.foundation import clock
from chancery.foundation.accounts.access import must_show_second_factor
from chancery.foundation.accounts.factors import Factor, factors_of, open_session
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.queries import roles_of
from chancery.foundation.accounts.second_factor import (
    SecondFactorRefused,
    check_second_factor,
    has_second_factor,
    new_secret,
    provisioning_address,
    renew_recovery_codes,
    set_second_factor,
)
from chancery.foundation.accounts.services import (
    InvitationNotValid,
    accept_invitation,
    change_password,
    is_invitation_open,
)
from chancery.foundation.accounts.sign_in import (
    CodeRefused,
    PasswordRefused,
    check_password,
    redeem_sign_in_code,
    send_sign_in_code,
)
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.tasks.rates import TooManyTries, client_address
from chancery.interfaces.public.forms.accounts import (
    AddressForm,
    CodeForm,
    NewPasswordForm,
    PasswordSignInForm,
    SecondFactorForm,
    SetSecondFactorForm,
)

# What the session keeps between two steps of signing in.
CODE_SENT = "sign_in_code"
HALF_SIGNED_IN = "half_signed_in"
NEW_SECRET = "second_factor_secret"  # noqa: S105  # a session key, not a secret
NEW_CODES = "recovery_codes"
HALF_SIGNED_IN_LASTS = 600
# The first pages behind the other doors; doors know each other by address only.
OFFICE_HOME = "/office/"
MY_HOME = "/my/"


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and send the code; the answer is the same whether the address is known or not."""
    if request.method != "POST":
        return _page(request, "sign_in", AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, "sign_in", form)

    email = form.cleaned_data["email"]
    try:
        sent = send_sign_in_code(
            email=email,
            language=get_language() or "en",
            ip=client_address(request),
            now=clock.machine_now(),
            story_now=clock.now(),
        )
    except TooManyTries:
        return _refused(request, "sign_in", form, "email", _too_many(), status=429)
    request.session[CODE_SENT] = {"id": sent.pk, "email": email}
    return redirect(_with_next(request, "sign-in-code"))


@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the six digits, and open the session."""
    sent = request.session.get(CODE_SENT)
    if sent is None:
        return redirect(_with_next(request, "sign-in"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "code", form, email=sent["email"])

    try:
        user = redeem_sign_in_code(
            code_id=sent["id"],
            code=form.cleaned_data["code"],
            language=get_language() or "en",
            now=clock.machine_now(),
        )
    except CodeRefused as refused:
        return _refused(request, "code", form, "code", _words_for(refused), email=sent["email"])
    open_session(request, user, Factor.CODE)
    request.session.pop(CODE_SENT, None)
    return redirect(_destination(request, user))


@never_cache
@sensitive_post_parameters("password")
def sign_in_office(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; the session opens after the second factor where one is asked."""
    form = PasswordSignInForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "office", form)

    try:
        user = check_password(
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            ip=client_address(request),
            now=clock.machine_now(),
        )
    except TooManyTries:
        return _refused(request, "office", form, "password", _too_many(), status=429)
    except PasswordRefused:
        words = _("Address and password do not belong together.")
        return _refused(request, "office", form, "password", words)
    if not must_show_second_factor(user):
        open_session(request, user, Factor.PASSWORD)
        return redirect(_destination(request, user))
    request.session[HALF_SIGNED_IN] = {"user": user.pk, "at": clock.machine_now().timestamp()}
    page = "second-factor" if has_second_factor(user) else "set-second-factor"
    return redirect(_with_next(request, page))


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the app or a recovery code, and open the session."""
    user = _half_signed_in(request)
    if user is None:
        return redirect(_with_next(request, "sign-in-office"))
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "second_factor", form)

    try:
        check_second_factor(user=user, code=form.cleaned_data["code"], now=clock.machine_now())
    except TooManyTries:
        return _refused(request, "second_factor", form, "code", _too_many(), status=429)
    except SecondFactorRefused:
        words = _("This code does not fit. Take the one that the app shows now.")
        return _refused(request, "second_factor", form, "code", words)
    open_session(request, user, Factor.PASSWORD, Factor.SECOND)
    request.session.pop(HALF_SIGNED_IN, None)
    return redirect(_destination(request, user))


@never_cache
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Bind an authenticator app to an account that has none, then open the session."""
    user = _half_signed_in(request)
    if user is None or has_second_factor(user):
        return redirect(_with_next(request, "sign-in-office"))
    secret = request.session.setdefault(NEW_SECRET, new_secret())
    form = SetSecondFactorForm(request.POST if request.method == "POST" else None)
    words: dict[str, Any] = {
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "qr": _qr(user, secret),
    }
    if not form.is_valid():
        return _page(request, "set_second_factor", form, **words)

    try:
        codes = set_second_factor(
            user=user,
            secret=secret,
            code=form.cleaned_data["code"],
            actor=user_actor(user.pk),
            now=clock.now(),
        )
    except SecondFactorRefused:
        refusal = _("This code does not fit. Take the one that the app shows now.")
        return _refused(request, "set_second_factor", form, "code", refusal, **words)
    open_session(request, user, Factor.PASSWORD, Factor.SECOND)
    _drop(request, HALF_SIGNED_IN, NEW_SECRET)
    request.session[NEW_CODES] = codes
    return redirect(_with_next(request, "recovery-codes"))


@never_cache
@login_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once; a POST replaces them."""
    if Factor.SECOND not in factors_of(request) or not isinstance(request.user, User):
        raise Http404
    if request.method == "POST":
        request.session[NEW_CODES] = renew_recovery_codes(
            user=request.user, actor=user_actor(request.user.pk), now=clock.now()
        )
        return redirect("recovery-codes")
    words = {"codes": request.session.pop(NEW_CODES, []), "onward": _destination(request, request.user)}
    return render(request, "public/accounts/recovery_codes.html", words)


@never_cache
@sensitive_post_parameters("password")
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set the password by the one-time link of an invitation."""
    if not is_invitation_open(token, clock.now()):
        return render(request, "public/accounts/invitation_over.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "set_password", form)

    try:
        accept_invitation(token=token, password=form.cleaned_data["password"], now=clock.now())
    except InvitationNotValid:
        return render(request, "public/accounts/invitation_over.html", status=410)
    except ValidationError as weak:
        return _refused(request, "set_password", form, "password", " ".join(weak.messages))
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("sign-in-office")


@never_cache
@login_required
@sensitive_post_parameters("password")
def set_other_password(request: HttpRequest) -> HttpResponse:
    """Change the password of an account that signed in with it."""
    if Factor.PASSWORD not in factors_of(request) or not isinstance(request.user, User):
        raise Http404
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "set_password", form)

    try:
        change_password(
            user=request.user,
            password=form.cleaned_data["password"],
            actor=user_actor(request.user.pk),
            now=clock.now(),
        )
    except ValidationError as weak:
        return _refused(request, "set_password", form, "password", " ".join(weak.messages))
    logout(request)
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("sign-in-office")


@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ask, then close the session."""
    if request.method != "POST":
        return render(request, "public/accounts/sign_out.html")
    logout(request)
    return redirect("sign-in")


def _page(request: HttpRequest, name: str, form: Form, **words: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "next": _next(request), "with_next": _query(request), **words}
    return render(request, f"public/accounts/{name}.html", context, status=status)


def _refused(
    request: HttpRequest, name: str, form: Form, field: str, said: str, *, status: int = 422, **words: Any
) -> HttpResponse:
    form.add_error(field, said)
    response = _page(request, name, form, **words)
    response.status_code = status
    return response


def _too_many() -> str:
    return _("Too many tries. Wait a few minutes, then go on.")


def _words_for(refused: CodeRefused) -> str:
    if "code_over" in refused.ruling.reasons:
        return _("This code does not work any more. Ask for another one.")
    return _("These are not the digits of our last mail.")


def _next(request: HttpRequest) -> str:
    """Return where the reader wanted to go, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def _query(request: HttpRequest) -> str:
    wanted = _next(request)
    return f"?{urlencode({'next': wanted})}" if wanted else ""


def _with_next(request: HttpRequest, name: str) -> str:
    return f"{reverse(name)}{_query(request)}"


def _destination(request: HttpRequest, user: User) -> str:
    return _next(request) or (OFFICE_HOME if roles_of(user) else MY_HOME)


def _half_signed_in(request: HttpRequest) -> User | None:
    half = request.session.get(HALF_SIGNED_IN)
    if half is None or clock.machine_now().timestamp() - half["at"] > HALF_SIGNED_IN_LASTS:
        return None
    return User.objects.filter(pk=half["user"], is_active=True).first()


def _qr(user: User, secret: str) -> str:
    return str(
        segno.make(provisioning_address(user, secret)).svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    )


def _drop(request: HttpRequest, *keys: str) -> None:
    for key in keys:
        request.session.pop(key, None)
