"""Refuse addresses that no browser writes and no database takes, before anything reads them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

NULL_WRITTEN = "%00"


def refuse_null_characters(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address with a null character: PostgreSQL fails on one wherever it is looked up."""

    def answering(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or NULL_WRITTEN in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a null character.\n", content_type="text/plain")
        return answer(request)

    return answering
