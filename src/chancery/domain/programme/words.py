"""The words of an edition that every page has."""

from django.utils.translation import gettext as _

from chancery.domain.programme.models import Edition


def note_of(edition: Edition) -> str:
    """Return what is to be known beside the days of an edition: not held, or to be confirmed; else blank."""
    if edition.called_off_at:
        return _("Not held")
    return _("To be confirmed") if edition.provisional else ""
