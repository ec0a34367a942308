"""Writing an edition back, and describing the format to editors."""

import json
import tomllib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.programme.editions import ANOTHER_PROGRAMME, SHIPPED, changed, shipped

from chancery.domain.programme.readers import dump_edition, edition_schema, parse_edition
from chancery.domain.programme.readers.edition_file import Skill
from chancery.domain.programme.readers.kinds import Words

FILES = [pytest.param(shipped(), id="shipped"), pytest.param(ANOTHER_PROGRAMME.encode(), id="another programme")]


@pytest.mark.parametrize("content", FILES)
def test_an_unedited_edition_comes_back_byte_for_byte(content: bytes) -> None:
    assert dump_edition(parse_edition(content), content) == content


@pytest.mark.parametrize("content", FILES)
def test_an_edition_written_anew_reads_as_equal_data(content: bytes) -> None:
    edition = parse_edition(content)

    assert parse_edition(dump_edition(edition)) == edition


def test_an_edited_edition_keeps_keys_that_are_not_read_here() -> None:
    original = changed(('key = "measure"\n', 'key = "measure"\ncolour = ["red"]\n')) + "\n[foreign]\nx = { y = 1.5 }\n"
    edition = parse_edition(original)
    edited = replace(edition, edition=replace(edition.edition, starts_on=date(2024, 11, 19), provisional=False))

    written = dump_edition(edited, original.encode())

    assert parse_edition(written) == edited
    raw = tomllib.loads(written.decode())
    assert (raw["skill"][6]["colour"], raw["foreign"]) == (["red"], {"x": {"y": 1.5}})


def test_the_second_of_two_equal_hours_is_kept() -> None:
    edition = parse_edition(shipped())
    twice = datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"), fold=1)
    edited = replace(edition, edition=replace(edition.edition, closes_at=twice))

    again = parse_edition(dump_edition(edited)).edition.closes_at

    assert again.timestamp() == twice.timestamp()


@given(st.text(), st.text())
def test_any_text_survives(text: str, other: str) -> None:
    edition = parse_edition(ANOTHER_PROGRAMME)
    words = Words((("en", text.strip()), ("zh-Hant", other.strip())))
    edited = replace(edition, skills=(Skill(key="any", text=words),))

    assert parse_edition(dump_edition(edited)).skills[0].text == words


def test_the_committed_schema_is_current() -> None:
    committed = Path(SHIPPED).with_name("edition.schema.json").read_text(encoding="utf-8")

    assert json.loads(committed) == json.loads(json.dumps(edition_schema()))


def test_the_schema_names_every_table_of_the_shipped_edition() -> None:
    assert tomllib.loads(shipped().decode()).keys() <= edition_schema()["properties"].keys()
