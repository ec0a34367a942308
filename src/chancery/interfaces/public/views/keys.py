"""The keys of an office account: password, authenticator app, recovery codes."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from chancery.foundation import clock
from chancery.foundation.accounts.callers import know_browser
from chancery.foundation.accounts.factors import Factor, factors_of, open_session
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.second_factor import (
    SecondFactorRefused,
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
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.figures import in_groups_of_four
from chancery.interfaces.public.account_pages import (
    HALF_SIGNED_IN,
    account_page,
    account_refused,
    destination,
    half_signed_in,
    with_next,
)
from chancery.interfaces.public.forms.accounts import (
    NewPasswordForm,
    OtherPasswordForm,
    PresentPasswordForm,
    SetSecondFactorForm,
)

# What the session keeps between two steps.
NEW_SECRET = "second_factor_secret"  # noqa: S105  # a session key, not a secret
NEW_CODES = "recovery_codes"


@never_cache
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Bind an authenticator app to an account that has none, then open the session."""
    user = half_signed_in(request)
    if user is None or has_second_factor(user):
        return redirect(with_next(request, "sign-in-office"))
    secret = request.session.setdefault(NEW_SECRET, new_secret())
    form = SetSecondFactorForm(request.POST if request.method == "POST" else None)
    words: dict[str, Any] = {
        "secret": in_groups_of_four(secret),
        "qr": _qr(user, secret),
    }
    if not form.is_valid():
        return account_page(request, "set_second_factor", form, **words)

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
        return account_refused(request, "set_second_factor", form, "code", refusal, **words)
    open_session(request, user, Factor.PASSWORD, Factor.SECOND)
    _drop(request, HALF_SIGNED_IN, NEW_SECRET)
    request.session[NEW_CODES] = codes
    return know_browser(redirect(with_next(request, "recovery-codes")), user.email)


@never_cache
@login_required
@sensitive_post_parameters("present")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once; a POST with the password replaces them."""
    if Factor.SECOND not in factors_of(request) or not isinstance(request.user, User):
        raise Http404
    form = PresentPasswordForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        request.session[NEW_CODES] = renew_recovery_codes(
            user=request.user, actor=user_actor(request.user.pk), now=clock.now()
        )
        return redirect("recovery-codes")
    codes, onward = request.session.pop(NEW_CODES, []), destination(request, request.user)
    return account_page(request, "recovery_codes", form, codes=codes, onward=onward)


@never_cache
@sensitive_post_parameters("password")
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set the password by the one-time link of an invitation."""
    if not is_invitation_open(token, clock.now()):
        return render(request, "public/accounts/invitation_over.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return account_page(request, "set_password", form)

    try:
        accept_invitation(token=token, password=form.cleaned_data["password"], now=clock.now())
    except InvitationNotValid:
        return render(request, "public/accounts/invitation_over.html", status=410)
    except ValidationError as weak:
        return account_refused(request, "set_password", form, "password", " ".join(weak.messages))
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("sign-in-office")


@never_cache
@login_required
@sensitive_post_parameters("present", "password")
def set_other_password(request: HttpRequest) -> HttpResponse:
    """Change the password of an account that signed in with it and gives it once more."""
    if Factor.PASSWORD not in factors_of(request) or not isinstance(request.user, User):
        raise Http404
    form = OtherPasswordForm(request.POST if request.method == "POST" else None, request=request)
    if not form.is_valid():
        return account_page(request, "set_password", form)

    try:
        change_password(
            user=request.user,
            password=form.cleaned_data["password"],
            actor=user_actor(request.user.pk),
            now=clock.now(),
        )
    except ValidationError as weak:
        return account_refused(request, "set_password", form, "password", " ".join(weak.messages))
    logout(request)
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("sign-in-office")


def _qr(user: User, secret: str) -> str:
    return str(
        segno.make(provisioning_address(user, secret)).svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    )


def _drop(request: HttpRequest, *keys: str) -> None:
    for key in keys:
        request.session.pop(key, None)
