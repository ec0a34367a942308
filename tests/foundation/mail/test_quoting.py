"""Own and quoted words, and letters that were made to be slow to read."""

from datetime import date

import pytest

from chancery.domain.enrollment.readers import LookedFor, find_items
from chancery.foundation.mail.quoting import split_quoted

LOOKED_FOR = LookedFor(("Metropolis Diploma in Internationalization",), ("Andr\u00e9s Terral",), (date(2024, 10, 2),))
HOSTILE = {
    "figures that might begin an attribution": ("1" * 398 + ":\n") * 250,
    "signs that might begin an address": "a" * 100_000,
    "blanks that might part day and month": "2" + " " * 99_000 + "x",
    "dots that might part figures": "1." * 50_000,
    "words that might be a name": "Andres " * 14_000,
    "marks of quotation": ">" * 100_000,
    "lines without words": "\n" * 100_000,
    "verbs without end": ("on 1 wrote wrote wrote" * 15 + ":\n") * 250,
}


@pytest.mark.parametrize("letter", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_letter_that_was_made_to_be_slow_is_read_all_the_same(letter: str) -> None:
    words = split_quoted(letter)

    found = find_items(LOOKED_FOR, own=words.own, quoted=words.quoted, sender="")

    assert len(found) == 4


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 7 Oct 2024 at 09:00, Office <o@c.example> wrote:",
        "Am 07.10.2024 um 09:00 schrieb Office:",
        "El 7/10/24, Oficina escribi\u00f3:",
        "2024-10-07 Office <o@c.example>:",
    ],
)
def test_an_attribution_belongs_to_the_quotation(line: str) -> None:
    assert split_quoted(f"No.\n\n{line}\n> Yes?").own == "No."


@pytest.mark.parametrize("line", ["I wrote on 3 October.", "My name:", "Tel: 93 555 01 00"])
def test_a_line_that_only_looks_like_one_stays_the_writers(line: str) -> None:
    assert split_quoted(f"No.\n{line}\nBye.").own == f"No.\n{line}\nBye."
