"""Which bill a bank line pays: evidence first, a score from it, and booking without a person only beyond doubt.

``weigh`` answers for one entry with everything that speaks for and against each bill; ``Book`` is what it looks bills
up in. Rules only: entries and bills come in as facts.
"""

from chancery.domain.billing.matching.book import Book
from chancery.domain.billing.matching.exact import match_exactly, open_references_in, references_named
from chancery.domain.billing.matching.facts import (
    CERTAIN,
    Bill,
    Candidate,
    Doubt,
    EntryFacts,
    Evidence,
    Match,
    Part,
    Sign,
    after_booking,
    not_booked,
    pack,
)
from chancery.domain.billing.matching.weighing import SUGGESTED_FROM, weigh

__all__ = [
    "CERTAIN",
    "SUGGESTED_FROM",
    "Bill",
    "Book",
    "Candidate",
    "Doubt",
    "EntryFacts",
    "Evidence",
    "Match",
    "Part",
    "Sign",
    "after_booking",
    "match_exactly",
    "not_booked",
    "open_references_in",
    "pack",
    "references_named",
    "weigh",
]
