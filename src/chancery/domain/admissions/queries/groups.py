"""Read groups of colleagues who register together."""

from chancery.domain.admissions.models import GroupRegistration
from chancery.domain.admissions.states import OVER
from chancery.domain.programme.models import Edition

_HALF = 4


def find_group(edition: Edition, typed: str) -> GroupRegistration | None:
    """Return the group of an edition by its code, typed in any case and with or without its hyphen."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return GroupRegistration.objects.filter(edition=edition, code=f"{letters[:_HALF]}-{letters[_HALF:]}").first()


def count_members(group: GroupRegistration | None) -> int:
    """Return how many people of a group may still come together, drafts included; 1 for whoever is in none."""
    return max(1, group.applications.exclude(state__in=OVER).count()) if group else 1
