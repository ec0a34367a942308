"""The words of an edition that every page has."""

from datetime import datetime

from django.utils.translation import gettext as _


def note_of(*, called_off_at: datetime | None, provisional: bool) -> str:
    """Return what is to be known beside the days of an edition: not held, or to be confirmed; else blank."""
    if called_off_at is not None:
        return _("Not held")
    return _("To be confirmed") if provisional else ""
