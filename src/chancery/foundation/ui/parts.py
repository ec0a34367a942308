"""The values that components are drawn from; doors fill them, the templates in ``templates/ui/`` name them."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["yours", "ours", "done", "idle", "ended", "late"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a journey; ``when`` is text."""

    label: str
    state: Literal["done", "now", "to_come", "stopped"]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a task list; without a tone its state is plain words."""

    label: str
    href: str
    state: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer, and where it is changed."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A line of a price with its reason; minor units."""

    label: str
    minor: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that speaks for or against a suggestion."""

    sign: Literal["plus", "minus", "note"]
    text: str


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something that is due: what, whose, when."""

    label: str
    href: str
    detail: str
    when: str = ""
    tone: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement of money; minor units."""

    when: str
    label: str
    minor: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class BarLine:
    """A bar of a picture: its words and its length in percent of the longest."""

    label: str
    value: str
    percent: int
    series: int = 1


@dataclass(frozen=True, slots=True)
class PairLine:
    """A line of a picture that sets two groups side by side: words and share in percent of each."""

    label: str
    first: str
    first_percent: int
    second: str
    second_percent: int


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where one is in a long list, and the ways out."""

    position: str = ""
    previous_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class KeptView:
    """Filters of a list under a name; ``change_href`` is blank where another person owns it."""

    name: str
    href: str
    change_href: str = ""
    is_current: bool = False
    is_shared: bool = False
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class KeptViews:
    """The views of a list, and the filters that stand now, to be kept under a name; blank when none is set."""

    save_href: str
    of: str
    edition: str
    query: str
    views: list[KeptView]
