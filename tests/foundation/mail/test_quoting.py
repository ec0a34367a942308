"""Own and quoted words, and letters that were made to be slow to read."""

from datetime import date
from time import process_time

import pytest

from chancery.domain.enrollment.readers import LookedFor, find_items
from chancery.domain.enrollment.states import FoundIn
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
    "lines that may go before a quotation": "@:\n" * 33_333,
    "verbs without end": ("on 1 wrote wrote wrote" * 15 + ":\n") * 250,
}


@pytest.mark.parametrize("letter", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_letter_that_was_made_to_be_slow_is_read_all_the_same(letter: str) -> None:
    begun = process_time()

    words = split_quoted(letter)
    found = find_items(LOOKED_FOR, own=words.own, quoted=words.quoted, sender="")

    assert len(found) == 4
    assert process_time() - begun < 5


LONG_NAME = "Zz " + "Bo " * 18 + "Qu " * 19


@pytest.mark.parametrize("letter", ["bo " * 33_333, "bo bo qu " * 11_111])
def test_a_name_of_many_words_is_looked_for_in_a_letter_of_many_of_them(letter: str) -> None:
    begun = process_time()

    find_items(LookedFor(("Diploma",), (LONG_NAME,), (date(2024, 10, 2),)), own=letter, quoted=letter, sender="")

    assert process_time() - begun < 4


def test_the_person_is_found_behind_many_words_of_the_name() -> None:
    letter = "Andr\u00e9s, " * 900 + "\nAndr\u00e9s Terral"

    found = find_items(LOOKED_FOR, own=letter, quoted="", sender="")

    assert found[1].where is FoundIn.OWN


def test_an_address_before_blank_lines_and_a_mark_is_an_attribution() -> None:
    assert split_quoted("No.\n\na@c.example:\n\n\n> Yes?").own == "No."


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
