"""The passkeys of an office account: see them, add one, remove one."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from chancery.foundation import clock
from chancery.foundation.accounts.access import is_in_office
from chancery.foundation.accounts.factors import Factor, factors_of
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.passkeys import (
    LastSecondFactor,
    PasskeyRefused,
    TooManyPasskeys,
    add_passkey,
    ask_to_add,
    passkeys_of,
    remove_passkey,
)
from chancery.foundation.audit.actors import user_actor
from chancery.interfaces.public.account_pages import account_page, account_refused
from chancery.interfaces.public.forms.accounts import AddPasskeyForm

# What the session keeps until the browser has answered.
PASSKEY_ASKED = "passkey_to_add"


@never_cache
@login_required
@sensitive_post_parameters("present")
def list_passkeys(request: HttpRequest) -> HttpResponse:
    """Show the passkeys of one's own account, and add one with the password."""
    user = _owner(request)
    form, state = AddPasskeyForm(request.POST or None, request=request), request.session.pop(PASSKEY_ASKED, None)
    if not form.is_valid():
        return account_page(request, "passkeys", form, **_words(request, user))

    try:
        if state is None:
            raise PasskeyRefused
        add_passkey(
            user=user,
            name=form.cleaned_data["name"],
            answer=form.cleaned_data["answer"],
            state=state,
            actor=user_actor(user.pk),
            now=clock.now(),
        )
    except PasskeyRefused:
        refused = _("This passkey was not accepted, or it is known already. Try again.")
        return account_refused(request, "passkeys", form, "name", refused, **_words(request, user))
    except TooManyPasskeys:
        refused = _("You have many passkeys already. Remove one first.")
        return account_refused(request, "passkeys", form, "name", refused, **_words(request, user))
    messages.success(request, _("The passkey is added. We have told you by mail."))
    return redirect("list-passkeys")


@never_cache
@login_required
def remove(request: HttpRequest, passkey: int) -> HttpResponse:
    """Ask, then remove a passkey of one's own account."""
    user = _owner(request)
    kept = passkeys_of(user).filter(pk=passkey).first()
    if kept is None:
        raise Http404
    page = "public/accounts/remove_passkey.html"
    is_in_office(request)
    if request.method != "POST":
        return render(request, page, {"passkey": kept})

    try:
        remove_passkey(user=user, passkey=passkey, actor=user_actor(user.pk), now=clock.now())
    except LastSecondFactor:
        return render(request, page, {"passkey": kept, "is_last": True}, status=409)
    except Authenticator.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, _("The passkey is removed. We have told you by mail."))
    return redirect("list-passkeys")


def _owner(request: HttpRequest) -> User:
    """Return who signed in with password and second factor; for everybody else there is no such page."""
    if not isinstance(request.user, User) or not {Factor.PASSWORD, Factor.SECOND} <= factors_of(request):
        raise Http404
    return request.user


def _words(request: HttpRequest, user: User) -> dict[str, Any]:
    question = ask_to_add(user)
    request.session[PASSKEY_ASKED] = question.state
    return {"passkeys": passkeys_of(user), "options": question.options}
