"""What a visitor sees when a page is not there, or something broke; made without the database, but for who it is that
finds no page: somebody of the office stays in the office's frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from chancery.foundation.accounts.access import is_in_office


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page; somebody else's page is not there either."""
    is_in_office(request)
    return render(request, "public/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something broke on our side; the frame is left out, it may be what broke."""
    return HttpResponse(render_to_string("public/errors/500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the pages are being worked on."""
    response = HttpResponse(render_to_string("public/errors/503.html"), status=503)
    response["Retry-After"] = "120"
    return response
