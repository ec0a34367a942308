"""What a row says of why money was moved, in templates of the office."""

from django import template

from chancery.interfaces.office.reasons_shown import noted_words

register = template.Library()


@register.filter
def noted(reason: str) -> str:
    """Return a reason in the reader's words where the program wrote it, else as it was typed."""
    return noted_words(reason)
