"""The applicant's file: list, start, task list, check and send, copy, withdraw."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.policies.applying import may_save, may_withdraw
from chancery.domain.admissions.queries.form import FilledForm, call_ruling, read_form, show_answers
from chancery.domain.admissions.queries.groups import count_members
from chancery.domain.admissions.queries.lookup import find_submission, list_begun, list_own
from chancery.domain.admissions.queries.supplement import list_supplements
from chancery.domain.admissions.services.applying import ApplicationNotReady, ApplicationsClosed, NotWithdrawable
from chancery.domain.admissions.services.filling import ApplicationNotOpen
from chancery.domain.admissions.states import CALLED_OFF, ApplicationState
from chancery.domain.billing.queries.pricing import price_for_application
from chancery.domain.programme.models import Edition
from chancery.domain.programme.policies import last_refundable_instant, terms_from_json
from chancery.domain.programme.queries import current_terms
from chancery.foundation import clock
from chancery.foundation.calendar import is_by, local_day
from chancery.foundation.documents.fonts import printable_name
from chancery.foundation.files.models import StoredFile
from chancery.foundation.files.storage import read_bytes
from chancery.foundation.tasks.form_tokens import sent_once
from chancery.foundation.tasks.rates import TooManyTries, client_address, count_try
from chancery.interfaces.participant.access import SignedInRequest, own_application, signed_in
from chancery.interfaces.participant.page_frame import (
    back_to_application,
    back_to_files,
    page_frame,
    programme_page,
)
from chancery.interfaces.participant.standing import (
    closing_words,
    first_answer_by,
    standing_of,
    steps_of,
    to_the_minute,
)
from chancery.interfaces.participant.views.summaries import checked_parts, fee_preview, missing_words, task_groups
from chancery.journey import apply, offer

LONGEST_VERSION = 9  # digits; Python refuses to read numbers of thousands


@signed_in
@require_GET
def my_files(request: SignedInRequest) -> HttpResponse:
    """Show one's applications, newest first; a single one opens at once, at its place where there is one."""
    applications = list_own(request.user)
    if len(applications) == 1:
        admitted = applications[0].state == ApplicationState.ADMITTED
        return redirect("see-place" if admitted else "see-application", applications[0].reference)
    words = {
        "applications": [(each, _standing_words(each)) for each in applications],
        "begun": list_begun(applications),
    }
    return render(request, "participant/applications/files.html", {**page_frame(request), **words})


@signed_in
@require_http_methods(["GET", "POST"])
@sent_once
def start_application(request: SignedInRequest, edition: str) -> HttpResponse:
    """Say what happens, then open the file: one a person and edition."""
    found = get_object_or_404(Edition.objects.select_related("programme"), slug=edition)
    now, words = clock.now(), {**page_frame(request, found), "edition": found}
    if request.method != "POST":
        return render(request, "participant/applications/start.html", {**words, "open": call_ruling(found, now)})
    try:
        _count_start(request)
        application = apply.start(edition=found, user=request.user, actor=request.actor, now=now)
    except TooManyTries:
        return render(request, "participant/applications/start.html", {**words, "too_many": True}, status=429)
    except ApplicationsClosed as refused:
        return render(request, "participant/applications/start.html", {**words, "open": refused.ruling}, status=409)
    return redirect("see-application", application.reference)


@own_application
@require_GET
def see_application(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show the file: the task list of a draft, or where a sent application stands."""
    form, now = read_form(application), clock.now()
    words = {**_words(request, application), "form": None, "filled": form, "back": back_to_files()}
    if may_save(ApplicationState(application.state), call_ruling(application.edition, now)):
        draft: dict[str, Any] = {
            "saved_at": to_the_minute(application.saved_at),
            "groups": task_groups(application, form),
            "by": closing_words(application),
            "next": form.first_open,
        }
        return render(request, "participant/applications/tasks.html", {**words, **draft})
    words.update(_sent_words(application, form))
    if application.state == ApplicationState.INCOMPLETE:
        words.update(missing_words(application))
        return render(request, "participant/applications/missing.html", words)
    return render(request, "participant/applications/standing.html", words)


@own_application
@require_POST
@sent_once
def apply_again(request: SignedInRequest, application: Application) -> HttpResponse:
    """Open a draft in the next edition with the answers of an application whose edition is not held."""
    try:
        again = apply.start_again(application=application, actor=request.actor, now=clock.now())
    except ApplicationsClosed:
        return redirect("see-application", application.reference)
    return redirect("see-application", again.reference)


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def check_application(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show all answers, the fee as it would be and the terms, then send."""
    now = clock.now()
    if request.method != "POST":
        if application.submitted_at:
            return redirect("see-sent", application.reference)
        return _check_page(request, application, now)
    try:
        apply.submit(application=application, accepted_version=_accepted_version(request), actor=request.actor, now=now)
    except (ApplicationNotReady, ApplicationNotOpen) as refused:
        if application.submitted_at:
            return redirect("see-sent", application.reference)
        return _check_page(request, application, now, refused.ruling.reasons)
    return redirect("see-sent", application.reference)


@own_application
@require_GET
def see_sent(request: SignedInRequest, application: Application) -> HttpResponse:
    """Say that it was sent, when, and what happens next; may be kept and opened again."""
    if application.submitted_at is None:
        return redirect("see-application", application.reference)
    submission = find_submission(application)
    words = {
        "answer_by": first_answer_by(application),
        "copy_ready": bool(submission and submission.copy),
        "supplements": list_supplements(application, get_language() or "en"),
        "back": back_to_application(application.reference),
    }
    return render(request, "participant/applications/sent.html", {**_words(request, application), **words})


@own_application
@require_GET
def save_copy(request: SignedInRequest, application: Application) -> HttpResponse:
    """Hand over the copy of what was sent, once it is made."""
    submission = find_submission(application)
    if submission is None or submission.copy is None:
        raise Http404
    return download(submission.copy)


@own_application
@require_GET
def save_supplement_copy(request: SignedInRequest, application: Application, number: int) -> HttpResponse:
    """Hand over the copy of what was sent again, once it is made."""
    sent = list_supplements(application, get_language() or "en")
    copy = next((each.copy for each in sent if each.number == number), None)
    if copy is None:
        raise Http404
    return download(copy)


@own_application
@require_GET
def download_answer(request: SignedInRequest, application: Application, key: str) -> HttpResponse:
    """Hand over a file that was uploaded with this application."""
    answer = application.answers.select_related("file").filter(key=key, file__isnull=False).first()
    if answer is None or answer.file is None:
        raise Http404
    return download(answer.file)


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def withdraw_application(request: SignedInRequest, application: Application) -> HttpResponse:
    """Ask once, then take the application back."""
    words = {**_words(request, application), "back": back_to_application(application.reference)}
    if request.method != "POST":
        ruling = may_withdraw(ApplicationState(application.state))
        status = 200 if ruling else 409
        return render(request, "participant/applications/withdraw.html", {**words, "ruling": ruling}, status=status)
    try:
        apply.withdraw(
            application=application,
            reason=request.POST.get("reason", "").replace("\x00", "")[:1000],
            actor=request.actor,
            now=clock.now(),
        )
    except NotWithdrawable as refused:
        words["ruling"] = refused.ruling
        return render(request, "participant/applications/withdraw.html", words, status=409)
    return redirect("see-application", application.reference)


@own_application
@require_http_methods(["GET", "POST"])
@sent_once
def answer_offer(request: SignedInRequest, application: Application) -> HttpResponse:
    """Take the place that is offered, or pass it on; silence passes it on as well."""
    until = application.waiting.offered_until if application.state == ApplicationState.OFFERED else None
    words = {**_words(request, application), "until": until, "back": back_to_application(application.reference)}
    if request.method != "POST" or until is None:
        status = 409 if request.method == "POST" else 200
        return render(request, "participant/applications/offer.html", words, status=status)
    answer = offer.accept_offer if request.POST.get("answer") == "yes" else offer.pass_offer
    try:
        answer(application_id=application.pk, actor=request.actor, now=clock.now())
    except offer.OfferOver:
        return render(request, "participant/applications/offer.html", {**words, "until": None}, status=409)
    return redirect("see-application", application.reference)


def download(file: StoredFile) -> HttpResponse:
    """Return a file as a download that no browser opens by guessing its kind."""
    response = HttpResponse(read_bytes(file), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _words(request: SignedInRequest, application: Application) -> dict[str, Any]:
    return {
        **page_frame(request, application.edition),
        "application": application,
        "edition": application.edition,
        "programme_page": programme_page(application.edition),
        "language_code": get_language() or "en",
    }


def _sent_words(application: Application, form: FilledForm) -> dict[str, Any]:
    state = ApplicationState(application.state)
    return {
        "standing": standing_of(application) if state is not ApplicationState.DRAFT else None,
        "steps": steps_of(application) if application.submitted_at else [],
        "parts": show_answers(form, get_language() or "en"),
        "can_withdraw": may_withdraw(state),
        "printed_name": printable_name(application.person.name, application.person.latin_name),
        "closed_draft": state is ApplicationState.DRAFT,
        "next_edition": _next_edition(application),
    }


def _next_edition(application: Application) -> dict[str, Any] | None:
    """Return the next edition and whether its call is open, for whoever applied for one that is not held."""
    now = clock.now()
    target = apply.next_edition_of(application.edition, now=now) if application.edition.called_off_at else None
    if target is None or application.state not in CALLED_OFF:
        return None
    return {"edition": target, "call": call_ruling(target, now)}


def _standing_words(application: Application) -> Any:
    return None if application.state == ApplicationState.DRAFT else standing_of(application)


def _check_page(
    request: SignedInRequest, application: Application, now: datetime, refused: tuple[str, ...] = ()
) -> HttpResponse:
    form, terms = read_form(application), current_terms(application.edition)
    rule, zone = terms_from_json(terms.rule), ZoneInfo(application.edition.time_zone)
    size, today = count_members(application.group), local_day(now, zone)
    pricing = price_for_application(application=application, terms=rule, group_size=size, on=today)
    until = last_refundable_instant(application.edition.starts_on, rule, zone)
    words = {
        "parts": checked_parts(application, form),
        "open_parts": [part for part in form.parts if part.status != "completed"],
        "filled": form,
        "ready": form.first_open is None,
        "terms": terms,
        "rule": rule,
        "fee": fee_preview(pricing, rule),
        "refundable_until": until,
        "refund_passed": not is_by(now, until),
        "window": call_ruling(application.edition, now),
        "refused": refused,
        "back": back_to_application(application.reference),
    }
    status = 409 if refused else 200
    return render(
        request, "participant/applications/check.html", {**_words(request, application), **words}, status=status
    )


def _accepted_version(request: HttpRequest) -> int | None:
    version = request.POST.get("terms", "")
    typed = request.POST.get("accept") and version.isdecimal() and len(version) <= LONGEST_VERSION
    return int(version) if typed else None


def _count_start(request: SignedInRequest) -> None:
    count_try(scope="apply", subject=client_address(request), rate=settings.APPLY_RATE, now=clock.machine_now())
