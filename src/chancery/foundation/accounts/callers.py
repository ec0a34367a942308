"""Who asks to be let in: from which network, and whether this browser was let into that account before.

Tries are counted by both, so that a stranger who types somebody's address over and over keeps only themselves out.
Decision 87.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from chancery.foundation.tasks.rates import client_address

COOKIE = "known_browser"
SALT = "chancery.known-browser"
KNOWN_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Caller:
    """A network, and the mark of a browser that was let into the account before; blank for any other browser."""

    network: str
    browser: str = ""


def caller_of(request: HttpRequest, address: str) -> Caller:
    """Return who asks to be let in by an address."""
    mark = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KNOWN_FOR) or ""
    owner, _dot, browser = mark.partition(".")
    return Caller(client_address(request), browser if constant_time_compare(owner, _owner(address)) else "")


def know_browser(response: HttpResponse, address: str) -> HttpResponse:
    """Let this browser be known as one that was let in by an address; the answer is the response given."""
    response.set_signed_cookie(
        COOKIE,
        f"{_owner(address)}.{secrets.token_hex(8)}",
        salt=SALT,
        max_age=KNOWN_FOR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _owner(address: str) -> str:
    """Return by what the browser knows an address without naming it."""
    return salted_hmac(SALT, address, algorithm="sha256").hexdigest()
