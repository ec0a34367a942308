"""The words of the network's facts, for pages and papers alike."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# By the codes of the World Bank.
CLASSES = {
    "L": gettext_noop("low income"),
    "LM": gettext_noop("lower middle income"),
    "UM": gettext_noop("upper middle income"),
    "H": gettext_noop("high income"),
}


def class_words(code: str) -> str:
    """Return an income class of the World Bank in the active language."""
    return _(CLASSES[code])
