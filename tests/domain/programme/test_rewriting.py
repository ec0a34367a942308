"""Writing other values into an edition file: the values change, the rest stays."""

import pytest
from tests.domain.programme.editions import ANOTHER_PROGRAMME, changed, shipped

from chancery.domain.programme.readers import (
    SettingsPart,
    find_setting,
    list_settings,
    parse_edition,
    rewrite_edition,
    terms_from,
)


def test_a_value_changes_in_its_place_and_comments_stay() -> None:
    written = rewrite_edition(shipped(), {("tariff", "member"): "900.00", ("cancellation", "days_before"): 20})

    assert written.decode() == changed(
        ('member = "1000.00"', 'member = "900.00"'), ("days_before = 30", "days_before = 20")
    )


def test_a_key_that_the_file_left_out_stands_below_the_head_of_its_table() -> None:
    written = rewrite_edition(shipped(), {("cancellation", "withdrawal_days"): 7})

    assert written.decode() == changed(("[cancellation]\n", "[cancellation]\nwithdrawal_days = 7\n"))


def test_a_table_that_the_file_left_out_is_added() -> None:
    written = rewrite_edition(ANOTHER_PROGRAMME.encode(), {("cancellation", "days_before"): 20})

    assert parse_edition(written).cancellation.days_before == 20


def test_a_key_without_a_value_is_taken_out_and_its_default_holds() -> None:
    written = rewrite_edition(shipped(), {("dialogue", "answer_within_days"): None})

    assert written.decode() == changed(("answer_within_days = 5\n", ""))


@pytest.mark.parametrize(
    "value",
    ["one line", "two\n\nparagraphs", 'says "so"\nand so"', "a\\b\nc", "bell \x07\nrings", "€ 漢字"],
    ids=["line", "paragraphs", "quotes", "backslash", "control sign", "other scripts"],
)
def test_any_text_is_read_back_as_it_was_written(value: str) -> None:
    written = rewrite_edition(shipped(), {("text", "en", "introduction"): value})

    assert parse_edition(written).text("introduction", "en") == value


def test_what_cannot_be_replaced_in_place_is_written_plainly() -> None:
    inline = b"cancellation = { days_before = 30 }\n" + ANOTHER_PROGRAMME.encode()

    written = rewrite_edition(inline, {("cancellation", "free_exit_days"): 7})

    read = parse_edition(written).cancellation
    assert (read.days_before, read.free_exit_days) == (30, 7)


@pytest.mark.parametrize("part", [*SettingsPart])
def test_every_value_of_the_pages_is_the_same_value_of_the_file(part: SettingsPart) -> None:
    file = parse_edition(shipped())

    changes = {each.path: each.value for each in list_settings(file, part) if each.value is not None}

    assert parse_edition(rewrite_edition(shipped(), changes)) == file


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tariff.standard", "1600.00"),
        ("tariff.demo", False),
        ("membership.network", "Another"),
        ("membership.reference_year", 2022),
        ("waiver.share", "0.50"),
        ("group.scope", "payer"),
        ("cancellation.refund_rate", "0.80"),
        ("invoice.due_days", 10),
        ("invoice.remind_days_before", 3),
        ("payment.tolerance", "10.00"),
        ("payment.book_from", 90),
        ("dialogue.reminder_days", 4),
        ("waiting_list.offer_days", 4),
    ],
)
def test_a_value_says_that_it_is_frozen_when_the_terms_hold_it(name: str, value: object) -> None:
    file = parse_edition(shipped())
    entry = find_setting(file, name)
    assert entry

    other = parse_edition(rewrite_edition(shipped(), {entry.path: value}))

    assert entry.is_frozen == (terms_from(other) != terms_from(file))
