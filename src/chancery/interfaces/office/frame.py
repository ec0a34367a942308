"""What every page of the office shows around its content: the desks one may enter, the edition, the account."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chancery.domain.programme.models import Edition
from chancery.domain.programme.queries import editions_without_four_eyes, get_open_edition
from chancery.domain.programme.words import note_of
from chancery.foundation.accounts.roles import Permission, Role, permits
from chancery.foundation.ui.frame import Account, Bar, NavGroup, NavItem
from chancery.foundation.ui.wording import days_text
from chancery.interfaces.office.addresses import page_address

NAMED_FOR = 30  # seconds


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of the navigation: its page, what opens it, and whether it belongs to an edition.

    Its other pages lie under the address of the first, or ``beside`` it.
    """

    label: Promise
    url_name: str
    permission: Permission
    of_edition: bool = True
    beside: str = ""

    def page(self, edition: Edition | None) -> str:
        """Return the address of its first page."""
        return page_address(self.url_name, *([edition.slug] if edition and self.of_edition else []))

    def holds(self, path: str, page: str) -> bool:
        """Say whether the page at ``path`` is one of the desk's: of Today, only itself."""
        if self.url_name == "see-today":
            return path == page
        return path.startswith(page) or bool(self.beside and path.startswith(self.beside))


# What somebody comes for, and the desks where it is done.
DESKS: tuple[tuple[Promise, tuple[Desk, ...]], ...] = (
    (
        gettext_lazy("To do"),
        (
            Desk(gettext_lazy("Today"), "see-today", Permission.SEE_TODAY, of_edition=False),
            Desk(gettext_lazy("Clocks"), "list-clocks", Permission.SEE_TODAY, of_edition=False),
        ),
    ),
    (
        gettext_lazy("People and applications"),
        (
            Desk(gettext_lazy("Applications"), "list-applications", Permission.SEE_APPLICATIONS),
            Desk(gettext_lazy("To read"), "list-readings", Permission.ASSESS),
            Desk(gettext_lazy("Decisions"), "list-decisions", Permission.DRAFT_DECISION),
            Desk(gettext_lazy("Waiting list"), "list-waiting", Permission.SEE_APPLICATIONS),
            Desk(gettext_lazy("Groups"), "list-groups", Permission.SEE_APPLICATIONS),
            Desk(gettext_lazy("Composition"), "see-balance", Permission.SEE_BALANCE),
            Desk(gettext_lazy("Cancellations"), "list-notices", Permission.SEE_APPLICATIONS),
            Desk(gettext_lazy("Substitutes"), "list-substitutions", Permission.SEE_APPLICATIONS),
        ),
    ),
    (
        gettext_lazy("Money"),
        (
            Desk(gettext_lazy("Bank"), "list-statements", Permission.SEE_MONEY, of_edition=False),
            Desk(gettext_lazy("Invoices"), "list-bills", Permission.SEE_MONEY, beside="/office/bills/"),
            Desk(gettext_lazy("Refunds"), "list-refunds", Permission.SEE_MONEY, of_edition=False),
            Desk(gettext_lazy("Fees"), "show-fees", Permission.SEE_FEES),
            Desk(gettext_lazy("Second person"), "show-second-person", Permission.SEE_FEES, of_edition=False),
        ),
    ),
    (
        gettext_lazy("Edition and office"),
        (
            Desk(gettext_lazy("Settings"), "list-settings", Permission.SEE_EDITION),
            Desk(gettext_lazy("Network"), "show-network", Permission.SEE_NETWORK, of_edition=False),
            Desk(gettext_lazy("People"), "list-people", Permission.SEE_PEOPLE, of_edition=False),
        ),
    ),
    (
        gettext_lazy("Mail and records"),
        (
            Desk(gettext_lazy("Mail"), "list-mail", Permission.SEE_MAIL, of_edition=False),
            Desk(gettext_lazy("History"), "list-history", Permission.SEE_HISTORY),
            Desk(gettext_lazy("Data kept"), "see-kept", Permission.SEE_PEOPLE, of_edition=False),
        ),
    ),
)


def office_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of an office page, or of a page beside the office; nothing for other doors' pages.

    ``layout`` is for pages that stand in the frame of more than one door.
    """
    roles: frozenset[Role] | None = getattr(request, "roles", None)
    if not roles or not request.user.is_authenticated:
        return {}
    edition: Edition | None = getattr(request, "edition", None) or get_open_edition()
    nav = _nav(request, roles, edition)
    return {
        "layout": "ui/office.html",
        "edition": edition,
        "bar": _bar(edition) if edition else None,
        "nav": nav,
        "desk_name": next((item.label for group in nav for item in group.items if item.current), ""),
        "alone": _without_four_eyes(),
        "account": Account(request.user.label, reverse("my-account"), reverse("sign-out")),
    }


def _without_four_eyes() -> str:
    """Name the editions in which one person alone moves money; asked once a while, not on each page."""
    named: str | None = cache.get("without-four-eyes")
    if named is None:
        named = ", ".join(sorted(editions_without_four_eyes()))
        cache.set("without-four-eyes", named, NAMED_FOR)
    return named


def _bar(edition: Edition) -> Bar:
    when = f"{days_text(edition.starts_on, edition.ends_on)} · {edition.place}"
    return Bar(
        edition.programme.name,
        reverse("see-today"),
        when,
        note_of(called_off_at=edition.called_off_at, provisional=edition.provisional),
    )


def _nav(request: HttpRequest, roles: frozenset[Role], edition: Edition | None) -> list[NavGroup]:
    groups = [NavGroup(str(label), _items(desks, request.path, roles, edition)) for label, desks in DESKS]
    return [group for group in groups if group.items]


def _items(desks: Iterable[Desk], path: str, roles: frozenset[Role], edition: Edition | None) -> list[NavItem]:
    items = []
    for desk in desks:
        if permits(roles, desk.permission) and (edition or not desk.of_edition):
            page = desk.page(edition)
            items.append(NavItem(str(desk.label), page, current=desk.holds(path, page)))
    return items
