"""Read groups of colleagues who register together."""

from chancery.domain.admissions.models import GroupRegistration
from chancery.domain.programme.models import Edition

_HALF = 4


def find_group(edition: Edition, typed: str) -> GroupRegistration | None:
    """Return the group of an edition by its code, typed in any case and with or without its hyphen."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return GroupRegistration.objects.filter(edition=edition, code=f"{letters[:_HALF]}-{letters[_HALF:]}").first()


def count_members(group: GroupRegistration) -> int:
    """Return how many applications are in a group."""
    return group.applications.count()
