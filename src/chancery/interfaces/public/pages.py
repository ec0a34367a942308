"""What all public pages share: their language, and a memory of pages that look the same to every visitor.

Nothing on these pages depends on who looks: no session, no form token, no account. A rendered page is kept in the
process; after ``PUBLIC_PAGE_SECONDS`` it is asked again whether the edition or the minute has changed.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from chancery.domain.programme.queries import get_page_mark
from chancery.foundation import clock

MOST_PAGES = 500

type View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was rendered, what it was made from, and when that was last looked at."""

    body: bytes
    made_from: object
    looked_at: float


_kept: dict[str, KeptPage] = {}


def in_language(view: View) -> View:
    """Let a view speak the language of its address."""

    @functools.wraps(view)
    def speaking(request: HttpRequest, language: str, **parts: str | int) -> HttpResponse:
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return view(request, language, **parts)

    return speaking


def kept_page(view: View) -> View:
    """Serve a page of an edition from memory while it cannot have changed; one with a query is always made anew."""

    @functools.wraps(view)
    def keeping(request: HttpRequest, language: str, edition: str) -> HttpResponse:
        seconds = settings.PUBLIC_PAGE_SECONDS
        if not seconds or not _looks_the_same_to_all(request):
            return view(request, language, edition)
        kept = _kept.get(request.path)
        if kept and time.monotonic() - kept.looked_at < seconds:
            return HttpResponse(kept.body)
        made_from = (get_page_mark(edition), clock.now().replace(second=0, microsecond=0))
        if kept and kept.made_from == made_from:
            _kept[request.path] = replace(kept, looked_at=time.monotonic())
            return HttpResponse(kept.body)
        return _remembered(request.path, view(request, language, edition), made_from)

    return keeping


def forget_pages() -> None:
    """Drop all kept pages."""
    _kept.clear()


def found[T](answer: T | None) -> T:
    """Return what was found.

    :raises Http404: when nothing was.
    """
    if answer is None:
        raise Http404
    return answer


def _looks_the_same_to_all(request: HttpRequest) -> bool:
    if request.GET or request.headers.get("HX-Request"):
        return False
    # The bar of the demo says who one is.
    return not (settings.DEMO and settings.SESSION_COOKIE_NAME in request.COOKIES)


def _remembered(path: str, response: HttpResponse, made_from: object) -> HttpResponse:
    if response.status_code == 200:
        if len(_kept) >= MOST_PAGES:
            _kept.clear()
        _kept[path] = KeptPage(response.content, made_from, time.monotonic())
    return response
