"""Whatever bytes come as an edition file, the answer is an edition or findings, never a crash."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.programme.editions import ANOTHER_PROGRAMME, shipped

from chancery.domain.programme.readers import EditionFile, EditionRefused, check_edition, parse_edition
from chancery.domain.programme.readers.line_index import line_index

LINES = shipped().decode().splitlines()
JUNK = st.sampled_from(
    [
        "0",
        "-1",
        "1.5",
        "nan",
        "true",
        '""',
        '"x"',
        "[]",
        "[1]",
        "[{}]",
        "{}",
        "{ en = 1 }",
        "0001-01-01",
        "9999-12-31",
        "2024-11-18T00:00:00Z",
        "12:00:00",
        '"9999999999999999999999.99"',
        '"Europe"',
        '"1e400"',
        "'''\n]]'''",
    ]
)


def read(content: bytes | str) -> EditionFile | EditionRefused:
    try:
        return parse_edition(content)
    except EditionRefused as refused:
        return refused


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    answer = read(content)

    assert isinstance(answer, EditionRefused)
    assert answer.findings


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(LINES) - 1), JUNK)
def test_any_value_may_be_wrong(place: int, junk: str) -> None:
    key, mark, _ = LINES[place].partition(" = ")
    line = f"{key} = {junk}" if mark else junk

    findings = check_edition("\n".join([*LINES[:place], line, *LINES[place + 1 :]]))

    assert all(1 <= finding.line <= len(LINES) + 2 and finding.sentence for finding in findings)


@given(st.sets(st.integers(min_value=0, max_value=len(ANOTHER_PROGRAMME.splitlines()) - 1)))
def test_any_line_may_be_wanting(places: set[int]) -> None:
    lines = ANOTHER_PROGRAMME.splitlines()

    assert read("\n".join(line for place, line in enumerate(lines) if place not in places))


KEYS = st.from_regex("[a-z]{1,3}", fullmatch=True)
VALUES = st.recursive(
    st.sampled_from(["1", '"a"', "'b # ]'", '"""\nc\n[d]"""', "2024-11-18", '"\\" = "']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: f"[ # list\n {', '.join(each)} ]")
        | st.dictionaries(KEYS, inner, max_size=3).map(
            lambda d: "{ " + ", ".join(f"{k} = {v}" for k, v in d.items()) + " }"
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.lists(KEYS, max_size=3))
def test_every_key_of_a_text_has_the_line_on_which_it_stands(pairs: dict[str, str], tables: list[str]) -> None:
    body = [f"{key} = {value} # = [x]" for key, value in pairs.items()]
    text = "\n".join([*body, *(line for name in tables for line in (f"[[t{name}]]", *body))])
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a line break inside an inline table
    index = line_index(text)

    def paths(value: object, path: tuple[str | int, ...]) -> set[tuple[str | int, ...]]:
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return {path} | {below for step, each in pairs for below in paths(each, (*path, step))}

    assert paths(raw, ()) - {()} == set(index)
    lines = text.splitlines()
    assert all(str(path[-1]) in lines[line - 1] for path, line in index.items() if isinstance(path[-1], str))
