"""What holds for every request: which addresses nobody answers, and which answers nobody keeps."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils import translation

from chancery.foundation.accounts.access import admit_to_office
from chancery.foundation.accounts.languages import ASKED, in_language
from chancery.foundation.accounts.roles import Permission

NULL_WRITTEN = "%00"
PAYER_PAGES = "/pay/"
# Two papers of 10 MB and the answers beside them; a year's statement is larger, and only the office has one.
LARGEST_BODY = 30 * 1024 * 1024
LARGEST_STATEMENT = 1024 * 1024 * 1024
TAKES_MORE = "take-statement"
TAKE_MAIL = ("receive-mail", "receive-raw-mail")
LONGEST_LENGTH = 18  # digits; what is longer counts as no length, as the server counts it


def refuse_null_characters(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address with a null character: PostgreSQL fails on one wherever it is looked up."""

    def answering(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or NULL_WRITTEN in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a null character.\n", content_type="text/plain")
        return answer(request)

    return answering


def keep_private(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let no browser and no proxy keep a page that was made for one person: city halls share their computers.

    A page that looked at the session is such a page, and so is the payer's, whose link is the key to it.
    """

    def answering(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.session.accessed or request.path_info.startswith(PAYER_PAGES):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answering


def speak_as_asked(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Go on in the language of the page that a link stood on: the addresses behind the sign-in name none."""

    def answering(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(ASKED, "")
        if asked not in dict(settings.LANGUAGES):
            return answer(request)
        translation.activate(asked)
        request.LANGUAGE_CODE = asked
        return in_language(answer(request), asked)

    return answering


def refuse_large_bodies(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 413 before a large body is written to disk: a stranger could fill it with forms of any size.

    A body is on disk before the page is asked, so what the page asks for is asked here too.
    """

    def answering(request: HttpRequest) -> HttpResponse:
        length = _length(request)
        most = max(LARGEST_BODY, settings.DATA_UPLOAD_MAX_MEMORY_SIZE) if _posts_mail(request) else LARGEST_BODY
        if length > LARGEST_STATEMENT or (length > most and not _hands_in_a_statement(request)):
            return HttpResponse("This is too large.\n", status=413, content_type="text/plain")
        return answer(request)

    return answering


def _posts_mail(request: HttpRequest) -> bool:
    return bool(settings.INBOUND_MAIL) and request.path_info in map(reverse, TAKE_MAIL)


def _hands_in_a_statement(request: HttpRequest) -> bool:
    if request.path_info != reverse(TAKES_MORE):
        return False
    try:
        return admit_to_office(request, Permission.MOVE_MONEY) is None
    except Http404:
        return False


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() and len(length) <= LONGEST_LENGTH else 0
