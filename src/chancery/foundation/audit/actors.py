"""Who did it: a person with an account, or the system, by itself or because a person wished it beforehand."""

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
    """The one who acts; the system has a ``user_id`` where it carries out what that person wished beforehand."""

    kind: ActorKind
    user_id: int | None = None

    @property
    def reference(self) -> str:
        """Stable text for the audit row, such as ``user:12``; ``system:12`` is the system on a wish of that person."""
        return f"{self.kind}:{self.user_id}" if self.user_id else str(self.kind)

    def person_id(self) -> int:
        """Return the account of the person who acts, or whose wish the system carries out.

        :raises NeedsPerson: when the system acts by itself.
        """
        if self.user_id is None:
            raise NeedsPerson(refusal("needs_a_person"), "only a person with an account may do this")
        return self.user_id


SYSTEM = Actor(ActorKind.SYSTEM)


def user_actor(user_id: int) -> Actor:
    """Return the actor for an account."""
    return Actor(ActorKind.USER, user_id)


def on_wish_of(user_id: int) -> Actor:
    """Return the actor for what the system does later because a person decided so beforehand."""
    return Actor(ActorKind.SYSTEM, user_id)
