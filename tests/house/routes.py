"""All routes of the house, walked from the URL map, and who has business there.

An office page says which permission opens it (``office_page``), a page of one's own that it is (``signed_in``,
``own_application``, ``own_place``). Every other route must stand in a table here with the reason why it is open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chancery.foundation.accounts.roles import Permission

OPEN = {
    "sign-in": "where everyone comes in",
    "sign-in-code": "where everyone comes in",
    "sign-in-office": "where the office comes in",
    "second-factor": "asks for the password first",
    "set-second-factor": "asks for the password first",
    "recovery-codes": "asks to sign in, then for the second factor; needs no role",
    "list-passkeys": "asks to sign in, then for the second factor; needs no role",
    "remove-passkey": "asks to sign in, then for the second factor; needs no role",
    "change-password": "asks to sign in with the password; needs no role",
    "sign-out": "closes one's own session",
    "healthz": "for supervisors; says that the process lives",
    "readyz": "for supervisors; says that the instance can work, without figures",
    "front-door": "the programme",
    "front-door-in-language": "the programme",
    "show-programme": "the programme",
    "show-lesson": "the programme",
    "list-sessions": "the programme",
    "download-calendar": "the programme",
    "list-experts": "the programme",
    "find-fee": "what a place would cost; names no person",
    "show-conditions": "the terms",
    "download-brochure": "the programme on paper",
    "show-how-to-apply": "before anything is asked",
    "show-clocks": "promises with a clock, in figures without names",
    "show-contact": "how to reach a person",
    "show-privacy": "what becomes of personal data",
    "show-accessibility": "how accessible the site is",
    "show-legal": "who runs the site",
    "show-gallery": "shows components with invented words",
}
# Opened by a secret in the address; without the right one they answer 404 or 410.
BY_SECRET = {
    "set-password": "the one-time link of an invitation",
    "metrics": "a bearer token in the request",
    "receive-mail": "the password of the provider of mail",
    "receive-raw-mail": "the password of the provider of mail",
    "pay-invoice": "the signed link of the payer",
    "pay-invoice-pdf": "the signed link of the payer",
    "pay-invoice-pack": "the signed link of the payer",
    "pay-invoice-data": "the signed link of the payer",
    "renew-payer-link": "the signed link of the payer",
}
# Only a demo has these; elsewhere they answer 404.
DEMO = {
    "demo-people": "everybody one can enter as",
    "demo-enter": "enter as somebody of the cast",
    "demo-leave": "become a visitor again",
}


@dataclass(frozen=True)
class Route:
    """One address pattern of the URL map with its view."""

    name: str
    pattern: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]

    @property
    def permission(self) -> Permission | None:
        """Return what opens an office page."""
        return getattr(self.view, "permission", None)

    @property
    def is_own(self) -> bool:
        """Say whether the page is of one's own."""
        return getattr(self.view, "own", False)

    @property
    def names_a_row_of_somebody(self) -> bool:
        """Say whether the address names more than an edition or a language."""
        return not set(self.parameters) <= {"edition", "edition_slug", "language"}

    def address(self, values: dict[str, Any]) -> str:
        """Return an address of this route; fails where a parameter has no value in the world of the tests."""
        missing = [name for name in self.parameters if name not in values]
        assert not missing, f"{self.pattern}: give {missing} a row in tests/house/world.py"
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


def all_routes() -> list[Route]:
    """Return every route of the URL map."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: list[Any], prefix: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        inside = (*parameters, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, inside)
        elif isinstance(pattern, URLPattern):
            yield Route(pattern.name or "", path, pattern.callback, tuple(dict.fromkeys(inside)))
