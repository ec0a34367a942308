"""A yes or no that carries its reasons, and the refusal that is raised from a no."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ruling:
    """Answer of a policy: allowed or not, with reason codes that templates put into words."""

    allowed: bool
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Ruling(allowed=True)


def refusal(*reasons: str) -> Ruling:
    """Return a no with its reason codes."""
    return Ruling(allowed=False, reasons=reasons)


class Refused(Exception):
    """Base of every refusal; subclasses are named as the fact that stands in the way.

    ``detail`` names the place and the remedy for a person who reads a command line or a log; ``about`` is what a page
    names in its words, such as the signs that no font has.
    """

    def __init__(self, ruling: Ruling | None = None, detail: str = "", about: str = "") -> None:
        self.ruling = refusal(type(self).__name__) if ruling is None else ruling
        self.detail = detail
        self.about = about
        super().__init__(detail or ", ".join(self.ruling.reasons))
