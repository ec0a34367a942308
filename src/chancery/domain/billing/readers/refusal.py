"""The one way in which a reader says no to a file."""

from chancery.foundation.ruling import Refused, refusal


class StatementRefused(Refused):
    """The file is no statement that can be trusted: it is refused as a whole, with the place and the reason.

    ``code`` is for programs and translations, ``reason`` for a person at a command line.
    """

    def __init__(self, code: str, reason: str, place: str = "") -> None:
        self.code = code
        self.reason = reason
        self.place = place
        super().__init__(refusal(f"statement.{code}"), f"{place}: {reason}" if place else reason)
