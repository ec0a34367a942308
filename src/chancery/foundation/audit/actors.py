"""Who did it: a person with an account, or the system itself."""

from dataclasses import dataclass
from enum import StrEnum

from chancery.foundation.ruling import Refused, refusal


class ActorKind(StrEnum):
    """Kinds of actor."""

    USER = "user"
    SYSTEM = "system"


class NeedsPerson(Refused):
    """Only a person with an account may do this."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts; ``user_id`` is null for the system."""

    kind: ActorKind
    user_id: int | None = None

    @property
    def reference(self) -> str:
        """Stable text for the audit row, such as ``user:12``."""
        return f"{self.kind}:{self.user_id}" if self.user_id else str(self.kind)

    def person_id(self) -> int:
        """Return the account of the person who acts.

        :raises NeedsPerson: when the system acts.
        """
        if self.user_id is None:
            raise NeedsPerson(refusal("needs_a_person"), "only a person with an account may do this")
        return self.user_id


SYSTEM = Actor(ActorKind.SYSTEM)


def user_actor(user_id: int) -> Actor:
    """Return the actor for an account."""
    return Actor(ActorKind.USER, user_id)
