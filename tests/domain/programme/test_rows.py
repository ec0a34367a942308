"""Rows of a list are added, taken out and moved; the rest of the file stays as it stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.programme.editions import shipped

from chancery.domain.programme.readers import parse_edition
from chancery.domain.programme.readers.rows import KNOWN_BY, list_rows, rewrite_rows, wanted_of

SMALL = b"""\
# The head of the file
schema = 1

# What it costs
[[hotel]]
name = "Mar"   # at the beach
band = "low"

# The dear one
[[hotel]]
name = "Cel"
band = "high"

[tariff]
standard = "1500.00"  # stays
"""
NEW = {"name": "Nou", "band": "middle"}


def names(content: bytes) -> list[str]:
    return [row["name"] for row in tomllib.loads(content.decode()).get("hotel", [])]


def test_a_row_is_added_after_the_last_one_and_the_comments_stay() -> None:
    text = rewrite_rows(SMALL, "hotel", [0, 1, NEW])

    assert names(text) == ["Mar", "Cel", "Nou"]
    assert b"# stays" in text
    assert text.index(b"Nou") < text.index(b"[tariff]")


def test_a_row_moves_with_the_comment_above_it() -> None:
    text = rewrite_rows(SMALL, "hotel", [1, 0]).decode()

    assert names(text.encode()) == ["Cel", "Mar"]
    assert text.index("# The dear one") < text.index('"Cel"') < text.index("# What it costs") < text.index('"Mar"')


def test_a_row_that_is_not_named_leaves() -> None:
    text = rewrite_rows(SMALL, "hotel", [1])

    assert names(text) == ["Cel"]
    assert b"# at the beach" not in text
    assert b"# The head of the file" in text


def test_the_last_row_leaves_and_the_first_comes() -> None:
    empty = rewrite_rows(SMALL, "hotel", [])

    assert "hotel" not in tomllib.loads(empty.decode())
    assert names(rewrite_rows(empty, "hotel", [NEW])) == ["Nou"]


def test_rows_that_do_not_stand_together_are_written_plainly() -> None:
    apart = SMALL + b'\n[[hotel]]\nname = "Sol"\nband = "low"\n'

    assert names(rewrite_rows(apart, "hotel", [2, 0, 1])) == ["Sol", "Mar", "Cel"]
    assert tomllib.loads(rewrite_rows(apart, "hotel", [2, 0, 1]).decode())["tariff"] == {"standard": "1500.00"}


@pytest.mark.parametrize("table", [*KNOWN_BY])
def test_every_list_of_the_shipped_edition_is_the_same_list_in_any_order(table: str) -> None:
    count = len(list_rows(parse_edition(shipped()), table))
    turned = rewrite_rows(shipped(), table, [*range(count)][::-1])

    assert rewrite_rows(shipped(), table, [*range(count)]).strip() == shipped().strip()
    assert tomllib.loads(rewrite_rows(turned, table, [*range(count)][::-1]).decode()) == tomllib.loads(
        shipped().decode()
    )
    assert turned.count(b"#") == shipped().count(b"#")


@given(st.permutations([0, 1, 2]), st.integers(min_value=0, max_value=3), st.sampled_from(["hotel", "question"]))
def test_any_order_says_what_was_wanted(order: list[int], kept: int, table: str) -> None:
    before = tomllib.loads(shipped().decode())

    after = tomllib.loads(rewrite_rows(shipped(), table, order[:kept]).decode())

    assert after.get(table, []) == [before[table][row] for row in order[:kept]]
    assert {**after, table: 0} == {**before, table: 0}


def test_a_new_row_says_what_it_cannot_go_without() -> None:
    edition = parse_edition(shipped())

    assert [each.name for each in wanted_of(edition, "hotel")] == ["name", "band"]
    assert [each.name for each in wanted_of(edition, "question")] == ["part", "key", "kind", "label", "options"]
