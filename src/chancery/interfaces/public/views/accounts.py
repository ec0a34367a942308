"""Sign in by a mailed code or by password and second factor; sign out."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from chancery.foundation import clock
from chancery.foundation.accounts.access import is_in_office, must_show_second_factor
from chancery.foundation.accounts.callers import caller_of
from chancery.foundation.accounts.factors import Factor
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.passkeys import PasskeyRefused, ask_to_show, check_passkey
from chancery.foundation.accounts.second_factor import (
    SecondFactorRefused,
    check_second_factor,
    has_second_factor,
)
from chancery.foundation.accounts.sign_in import (
    CODE_SENT,
    CodeRefused,
    PasswordRefused,
    check_password,
    redeem_sign_in_code,
    send_sign_in_code,
)
from chancery.foundation.tasks.rates import TooManyTries
from chancery.interfaces.public.account_pages import (
    HALF_SIGNED_IN,
    account_page,
    account_refused,
    begin_half,
    half_signed_in,
    let_in,
    too_many_tries,
    wanted_page,
    with_next,
)
from chancery.interfaces.public.forms.accounts import (
    AddressForm,
    CodeForm,
    PasswordSignInForm,
    SecondFactorForm,
)

# What the session keeps between two steps.
PASSKEY_ASKED = "passkey_to_show"


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and send the code; the answer is the same whether the address is known or not."""
    if request.method != "POST":
        return account_page(request, "sign_in", AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return account_page(request, "sign_in", form)

    email = form.cleaned_data["email"]
    try:
        sent = send_sign_in_code(
            email=email,
            language=get_language() or "en",
            caller=caller_of(request, email),
            now=clock.machine_now(),
            story_now=clock.now(),
        )
    except TooManyTries:
        return account_refused(request, "sign_in", form, "email", too_many_tries(), status=429)
    request.session[CODE_SENT] = {"id": sent.pk, "email": email, "next": wanted_page(request)}
    return redirect(with_next(request, "sign-in-code"))


@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the six digits, and open the session."""
    sent = request.session.get(CODE_SENT)
    if sent is None:
        return redirect(with_next(request, "sign-in"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return account_page(request, "code", form, email=sent["email"])

    try:
        user = redeem_sign_in_code(
            code_id=sent["id"],
            code=form.cleaned_data["code"],
            language=get_language() or "en",
            caller=caller_of(request, sent["email"]),
            now=clock.machine_now(),
        )
    except TooManyTries:
        return account_refused(request, "code", form, "code", too_many_tries(), status=429, email=sent["email"])
    except CodeRefused as refused:
        return account_refused(request, "code", form, "code", _words_for(refused), email=sent["email"])
    request.session.pop(CODE_SENT, None)
    return let_in(request, user, Factor.CODE, wanted=sent.get("next", ""))


@never_cache
@sensitive_post_parameters("password")
def sign_in_office(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; the session opens after the second factor where one is asked."""
    form = PasswordSignInForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return account_page(request, "office", form)

    email = form.cleaned_data["email"]
    try:
        user = check_password(
            email=email,
            password=form.cleaned_data["password"],
            caller=caller_of(request, email),
            now=clock.machine_now(),
        )
    except TooManyTries:
        return account_refused(request, "office", form, "password", too_many_tries(), status=429)
    except PasswordRefused:
        words = _("Address and password do not belong together.")
        return account_refused(request, "office", form, "password", words)
    if not must_show_second_factor(user):
        return let_in(request, user, Factor.PASSWORD)
    begin_half(request, user)
    page = "second-factor" if has_second_factor(user) else "set-second-factor"
    return redirect(with_next(request, page))


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the app, a recovery code or a passkey, and open the session."""
    user = half_signed_in(request)
    if user is None:
        return redirect(with_next(request, "sign-in-office"))
    if "answer" in request.POST:
        return _passkey_shown(request, user)
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return account_page(request, "second_factor", form, passkey=_question(request, user))

    try:
        caller = caller_of(request, user.email)
        check_second_factor(user=user, code=form.cleaned_data["code"], caller=caller, now=clock.machine_now())
    except TooManyTries:
        return account_refused(request, "second_factor", form, "code", too_many_tries(), status=429)
    except SecondFactorRefused:
        words = _("This code does not fit. Take the one that the app shows now.")
        return account_refused(request, "second_factor", form, "code", words, passkey=_question(request, user))
    return _let_in(request, user)


@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ask, then close the session."""
    if request.method != "POST":
        is_in_office(request)
        return render(request, "public/accounts/sign_out.html")
    logout(request)
    return redirect("sign-in")


def _passkey_shown(request: HttpRequest, user: User) -> HttpResponse:
    """Check what a passkey answered; its question works once."""
    state = request.session.pop(PASSKEY_ASKED, None)
    form = SecondFactorForm({"code": ""})
    form.errors.clear()
    try:
        check_passkey(user=user, answer=request.POST["answer"], state=state, now=clock.machine_now())
    except TooManyTries:
        return account_refused(request, "second_factor", form, "code", too_many_tries(), status=429)
    except PasskeyRefused:
        words = _("This passkey was not accepted. Try again, or give a code.")
        return account_refused(request, "second_factor", form, "code", words, passkey=_question(request, user))
    return _let_in(request, user)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    request.session.pop(HALF_SIGNED_IN, None)
    return let_in(request, user, Factor.PASSWORD, Factor.SECOND)


def _question(request: HttpRequest, user: User) -> str:
    """Return what the browser is asked to show a passkey; blank for an account without one."""
    question = ask_to_show(user)
    if question is None:
        return ""
    request.session[PASSKEY_ASKED] = question.state
    return question.options


def _words_for(refused: CodeRefused) -> str:
    if "code_over" in refused.ruling.reasons:
        return _("This code does not work any more. Ask for another one.")
    return _("These are not the digits of our last mail.")
