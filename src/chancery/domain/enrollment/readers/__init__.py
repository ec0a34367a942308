"""Readers of enrollment: a cancellation notice, from the words of a mail to the facts that it holds."""

from chancery.domain.enrollment.readers.notices import (
    Found,
    LookedFor,
    find_items,
    missing_in,
    own_subject,
    read_letter,
)

__all__ = ["Found", "LookedFor", "find_items", "missing_in", "own_subject", "read_letter"]
