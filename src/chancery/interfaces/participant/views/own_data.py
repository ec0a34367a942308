"""One's own data: a copy of all that is kept, and being erased after a code from one's own mailbox."""

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.foundation import clock
from chancery.foundation.accounts.callers import caller_of
from chancery.foundation.accounts.sign_in import CodeRefused, redeem_sign_in_code, send_erasure_code
from chancery.foundation.privacy.queries import newest_copy
from chancery.foundation.privacy.services import ask_for_copy as ask_for_copy_of
from chancery.foundation.privacy.wording import data_words, held_words
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.tasks.rates import TooManyTries
from chancery.foundation.ui.frame import Link
from chancery.interfaces.participant.access import SignedInRequest, signed_in
from chancery.interfaces.participant.forms.account import ErasureCodeForm
from chancery.interfaces.participant.page_frame import own_frame
from chancery.interfaces.participant.views.applications import download
from chancery.journey import disclose
from chancery.journey import erase as step

# What the session keeps between asking for the code and typing it.
CODE_SENT = "erasure_code"


@signed_in
@require_POST
@sent_once
def ask_for_copy(request: SignedInRequest) -> HttpResponse:
    """Ask for a copy of one's data; the worker makes it."""
    ask_for_copy_of(user=request.user, actor=request.actor, now=clock.now())
    return redirect(reverse("my-account") + "#data")


@signed_in
@require_GET
def download_copy(request: SignedInRequest) -> HttpResponse:
    """Give the newest copy while it is kept."""
    asked = newest_copy(request.user)
    if asked is None or asked.file is None:
        raise Http404
    return download(asked.file)


@signed_in
@require_http_methods(["GET", "POST"])
@sent_once
def erase_me(request: SignedInRequest) -> HttpResponse:
    """Say what goes and what stays, send a code, and erase who types it; refused with what lifts it."""
    now, sent = clock.now(), request.session.get(CODE_SENT)
    ruling = step.erasure_ruling(request.user, now=now)
    form = ErasureCodeForm(request.POST if sent and "code" in request.POST else None)
    if request.method == "POST" and ruling and not form.is_bound:
        return _send_code(request)
    if sent is not None and form.is_bound and ruling and form.is_valid():
        try:
            redeem_sign_in_code(
                code_id=sent,
                code=form.cleaned_data["code"],
                language=request.user.language,
                caller=caller_of(request, request.user.email),
                now=clock.machine_now(),
            )
            erased = step.erase_person(user_id=request.user.pk, actor=request.actor, now=now)
        except TooManyTries:
            form.add_error("code", _("Too many tries. Wait a few minutes, then go on."))
        except CodeRefused:
            form.add_error("code", _("These are not the digits of our last mail, or they are too old. Ask for others."))
        except step.StillNeeded as no:
            ruling = no.ruling
        else:
            logout(request)
            return render(request, "participant/account/erased.html", {"kept": _kept_shown(erased.kept)})
    return _erasure_page(request, form, list(ruling.reasons), status=_status(request, ruling=bool(ruling)))


def _send_code(request: SignedInRequest) -> HttpResponse:
    try:
        sent = send_erasure_code(
            user=request.user,
            caller=caller_of(request, request.user.email),
            now=clock.machine_now(),
            story_now=clock.now(),
        )
    except TooManyTries:
        form = ErasureCodeForm({"code": ""})
        form.add_error(None, _("Too many tries. Wait a few minutes, then go on."))
        return _erasure_page(request, form, [], status=429)
    request.session[CODE_SENT] = sent.pk
    return redirect("erase-me")


def _erasure_page(request: SignedInRequest, form: ErasureCodeForm, reasons: list[str], *, status: int) -> HttpResponse:
    words = {
        **own_frame(request),
        "form": form,
        "code_sent": CODE_SENT in request.session,
        "refused": [held_words(reason) for reason in reasons],
        "kept": _kept_shown(step.list_kept_by_law(disclose.subject_of(request.user))),
        "back": Link(_("My account"), reverse("my-account")),
    }
    return render(request, "participant/account/erase.html", words, status=status)


def _kept_shown(kept: tuple[step.KeptByLaw, ...]) -> list[dict[str, object]]:
    return [{"what": data_words(each.rule), "label": each.label, "until": each.until.date()} for each in kept]


def _status(request: SignedInRequest, *, ruling: bool) -> int:
    if not ruling:
        return 409
    return 422 if request.method == "POST" else 200
