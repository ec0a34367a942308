"""What the frame of a page is told by its door: the edition bar, the languages, the desks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """The edition bar: name with its address, dates in words, and a note such as "To be confirmed"."""

    name: str
    href: str
    detail: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in another language, named in that language."""

    code: str
    name: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """A desk in the office's navigation; ``count`` says how much waits there."""

    label: str
    href: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Desks that somebody comes to for the same thing, under the words for it."""

    label: str
    items: Sequence[NavItem]


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, where the account page is, and where one signs out."""

    label: str
    href: str
    sign_out_href: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words and the address that they lead to."""

    label: str
    href: str
    current: bool = False
