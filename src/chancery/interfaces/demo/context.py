"""The bar on every page of the demo: who one is, and a button for each role."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chancery.interfaces.demo.cast import OFFICE, applicants

# The stops of the tour: one person for each thing that there is to see.
TOUR = ("M2-0003", "M2-0021", "M2-0030", "M2-0032")


@dataclass(frozen=True, slots=True)
class Link:
    """One button of the bar."""

    href: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class DemoBar:
    """What the bar says."""

    label: str
    text: str
    enter: str
    links: tuple[Link, ...]


def demo_bar(request: HttpRequest) -> Mapping[str, Any]:
    """Return the bar; nothing outside the demo."""
    if not settings.DEMO:
        return {}
    user = getattr(request, "user", None)
    email = user.email if user is not None and user.is_authenticated else ""
    return {"demo_bar": DemoBar(_("Demo"), _text(email), _("Enter as ..."), _links(email))}


def _text(email: str) -> str:
    names = {member.email: member.name for member in OFFICE} | {who.email: who.name for who in applicants().values()}
    who = names.get(email, email) or _("a visitor")
    return _("Demo, October 2024 in Barcelona. You are %(who)s.") % {"who": who}


def _links(email: str) -> tuple[Link, ...]:
    office = [(member.key, f"{member.name}, {member.role}", member.email) for member in OFFICE]
    named = [applicants()[key] for key in TOUR]
    tour = [(each.key, f"{each.name}, {each.city}", each.email) for each in named]
    people = [Link(reverse("demo-enter", args=[key]), label, mail == email) for key, label, mail in (*office, *tour)]
    return (
        Link(reverse("demo-leave"), _("visitor"), not email),
        *people,
        Link(reverse("demo-people"), _("somebody else")),
    )
