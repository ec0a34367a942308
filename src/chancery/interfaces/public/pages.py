"""What all public pages share: their language, and a memory of pages that look the same to every visitor.

Nothing on these pages depends on who looks: no session, no form token, no account. A rendered page is kept in the
process with its headers, and is served before any other part of the site looks at the request. After
``PUBLIC_PAGE_SECONDS`` it is asked again whether the edition or the minute has changed.
"""

import functools
import time
from collections.abc import Callable, Mapping
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
    """A page as it was rendered, the edition it is about, what it was made from, and when that was last looked at."""

    body: bytes
    headers: Mapping[str, str]
    edition: str
    made_from: object
    looked_at: float


_kept: dict[str, KeptPage] = {}


def serve_kept_pages(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer from memory what a view marked by :func:`kept_page`, and remember what such a view answers."""

    def answering(request: HttpRequest) -> HttpResponse:
        if not _may_be_kept(request):
            return answer(request)
        kept = _still_true(request.path)
        if kept is not None:
            request.get_host()  # a host that is not ours is refused here too
            return HttpResponse(kept.body, headers=kept.headers)
        response = answer(request)
        _remember(request.path, response)
        return response

    return answering


def in_language(view: View) -> View:
    """Let a view speak the language of its address."""

    @functools.wraps(view)
    def speaking(request: HttpRequest, language: str, **parts: str | int) -> HttpResponse:
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return view(request, language, **parts)

    return speaking


def kept_page(view: View) -> View:
    """Let the page of an edition be served from memory while it cannot have changed."""

    @functools.wraps(view)
    def marked(request: HttpRequest, language: str, edition: str) -> HttpResponse:
        if not _may_be_kept(request):
            return view(request, language, edition)
        made_from = _made_from(edition)  # looked at first: what changes meanwhile makes the page anew
        response = view(request, language, edition)
        if response.status_code == 200:
            response.kept = (edition, made_from)  # type: ignore[attr-defined]  # read by serve_kept_pages
        return response

    return marked


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


def _may_be_kept(request: HttpRequest) -> bool:
    if not settings.PUBLIC_PAGE_SECONDS or request.method != "GET":
        return False
    if request.META.get("QUERY_STRING") or "HTTP_HX_REQUEST" in request.META:
        return False
    # The bar of the demo says who one is.
    return not (settings.DEMO and settings.SESSION_COOKIE_NAME in request.COOKIES)


def _still_true(path: str) -> KeptPage | None:
    kept = _kept.get(path)
    if kept is None or time.monotonic() - kept.looked_at < settings.PUBLIC_PAGE_SECONDS:
        return kept
    if kept.made_from != _made_from(kept.edition):
        return None
    _kept[path] = renewed = replace(kept, looked_at=time.monotonic())
    return renewed


def _remember(path: str, response: HttpResponse) -> None:
    if not hasattr(response, "kept") or response.cookies:
        return
    if len(_kept) >= MOST_PAGES:
        forget_pages()
    edition, made_from = response.kept
    headers = dict(response.headers.items())
    _kept[path] = KeptPage(response.content, headers, edition, made_from, time.monotonic())


def _made_from(edition: str) -> object:
    return get_page_mark(edition), clock.now().replace(second=0, microsecond=0)
