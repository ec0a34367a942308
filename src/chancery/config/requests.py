"""What holds for every request: which addresses nobody answers, and which answers nobody keeps."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

NULL_WRITTEN = "%00"
PAYER_PAGES = "/pay/"


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
