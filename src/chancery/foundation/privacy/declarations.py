"""What a model says about the personal data it holds; the register is the walk over all models."""

from dataclasses import dataclass
from enum import StrEnum


class Erase(StrEnum):
    """What happens to a row when the person it is about is erased."""

    NOTHING_PERSONAL = "nothing personal"
    DELETE = "delete"
    BLANK = "blank the personal fields"
    KEEP_BY_LAW = "keep as the law asks"
    WITH_PARENT = "with the row it belongs to"


@dataclass(frozen=True, slots=True)
class Declaration:
    """Names the lookup from a row to its person, what an export shows, how it is erased and how long it is kept.

    ``person`` is an ORM path from the model to ``accounts.Person``, blank where no person is concerned.
    ``export`` names the fields that a data subject receives. ``blank`` names those emptied at erasure.
    ``retention`` is a key of retention.toml, which says how long and why.
    """

    erase: Erase
    retention: str
    person: str = ""
    export: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


NOT_PERSONAL = Declaration(erase=Erase.NOTHING_PERSONAL, retention="nothing_personal")
