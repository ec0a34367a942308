"""The limits of a page: the same bytes from memory, and the same template after three queries; nothing else.

Run with the settings of the site, without its middleware and without what the site does to find its words.
"""

import threading
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from chancery.config import urls as site
from chancery.domain.programme.models import Edition, EditionRevision, Terms
from chancery.interfaces.public.views import programme

SLUG = "metropolis-2024"
_caught: dict[str, Any] = {}
_catching = threading.Lock()


def alive(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("alive\n")


def kept(request: HttpRequest) -> HttpResponse:
    """Answer the programme page from memory."""
    if "body" not in _caught:
        _caught["body"] = templated(request).content
    return _told(_caught["body"])


def templated(request: HttpRequest) -> HttpResponse:
    """Ask three queries and render the programme page with words that were found once."""
    with _catching:
        if "words" not in _caught:
            _catch(request)
    edition = Edition.objects.select_related("programme").get(slug=SLUG)
    EditionRevision.objects.filter(edition=edition).defer("content").order_by("-id").first()
    Terms.objects.filter(edition=edition).order_by("-version").first()
    return _told(render(request, "public/programme.html", _caught["words"]).content)


def _told(body: bytes) -> HttpResponse:
    return HttpResponse(body, headers={"Content-Length": str(len(body))})


def _catch(request: HttpRequest) -> None:
    anew = {"anew": "1"}  # so that no kept page answers
    with patch.object(programme, "render", return_value=HttpResponse()) as called, patch.object(request, "GET", anew):
        programme.show_programme(request, language="en", edition=SLUG)
    _caught["words"] = called.call_args.args[2]


# The site's own addresses stand behind, since the template names them.
urlpatterns = [path("healthz", alive), path("kept/", kept), path("templated/", templated), *site.urlpatterns]
