"""A decision is cited by its number: each has one of its own, in its file's name and in its title."""

import re
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
CITED = re.compile(r"[Dd]ecisions? (\d+)")


def number_of(path: Path) -> int:
    """Return the number in the name of a decision's file."""
    return int(path.name.partition("-")[0])


def test_no_two_decisions_share_a_number() -> None:
    numbers = Counter(number_of(path) for path in DECISIONS)

    assert [number for number, files in numbers.items() if files > 1] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_title_begins_with_the_number_of_its_file(path: Path) -> None:
    assert path.read_text().startswith(f"# {number_of(path)}. ")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_cites_decisions_that_are_there(path: Path) -> None:
    there = {number_of(each) for each in DECISIONS}

    assert {int(number) for number in CITED.findall(path.read_text())} <= there
