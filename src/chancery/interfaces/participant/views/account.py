"""One's own account: the language of pages and mails, and where one's data stand."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chancery.foundation import clock
from chancery.foundation.accounts.access import is_in_office
from chancery.foundation.accounts.factors import Factor, factors_of
from chancery.foundation.accounts.languages import choose_language, in_language
from chancery.foundation.accounts.services import name_account
from chancery.foundation.privacy.queries import copy_of_the_day, newest_copy, waiting_request
from chancery.foundation.privacy.wording import kept_words
from chancery.foundation.ui.frame import Link
from chancery.interfaces.participant.access import SignedInRequest, signed_in
from chancery.interfaces.participant.forms.account import LanguageForm, OfficerForm
from chancery.interfaces.participant.page_frame import own_frame


@signed_in
@require_http_methods(["GET", "POST"])
def my_account(request: SignedInRequest) -> HttpResponse:
    """Show and change the language, and the name in the office; say where the copy of one's data stands."""
    of = OfficerForm if is_in_office(request) else LanguageForm
    form = of(request.POST or None, initial={"language": request.user.language, "name": request.user.name})
    words = {
        **own_frame(request),
        "form": form,
        "keys": _keys(request),
        "waiting": waiting_request(request.user),
        "copy": newest_copy(request.user),
        "copy_is_new": copy_of_the_day(request.user, now=clock.now()) is not None,
        "copy_kept": kept_words("data_copy"),
    }
    if request.method != "POST":
        return render(request, "participant/account/account.html", words)
    if not form.is_valid():
        return render(request, "participant/account/account.html", words, status=422)
    if form.cleaned_data.get("name", request.user.name) != request.user.name:
        name_account(user=request.user, name=form.cleaned_data["name"], actor=request.actor, now=clock.now())
    language = form.cleaned_data["language"]
    choose_language(user=request.user, language=language)
    return in_language(redirect("my-account"), language)


def _keys(request: SignedInRequest) -> list[Link]:
    """Return where what opens the office is changed: as much as the session has shown."""
    factors, found = factors_of(request), []
    if Factor.PASSWORD in factors:
        found.append(Link(_("Change your password"), reverse("change-password")))
        if Factor.SECOND in factors:
            found.append(Link(_("Your passkeys"), reverse("list-passkeys")))
            found.append(Link(_("Recovery codes"), reverse("recovery-codes")))
    elif is_in_office(request):
        found.append(Link(_("Sign in with your password to change it"), reverse("sign-in-office")))
    return found
