"""Each phrase of a finding is written out and said in every language, with the same values (decision 0072)."""

import ast
import re
from collections import Counter

import polib
import pytest
from tests.house.sources import SOURCE, name_of, python_files, tree

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
READERS = python_files("domain/programme/readers/**/*.py")
CALLS = [
    (name_of(path), node)
    for path in READERS
    for node in ast.walk(tree(path))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase"
]
FINDERS = {"error", "warning", "contradiction", "warn", "Finding", "Unreadable", "_refused"}


def _pattern(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def test_each_phrase_is_written_out_where_it_is_called() -> None:
    assert len(CALLS) > 150
    assert [(path, call.lineno) for path, call in CALLS if _pattern(call) is None] == []


def test_each_phrase_names_exactly_the_values_that_it_is_given() -> None:
    wrong = [
        (path, call.lineno)
        for path, call in CALLS
        if set(re.findall(r"%\((\w+)\)s", _pattern(call) or "")) != {each.arg for each in call.keywords}
    ]

    assert wrong == []


def test_no_finding_is_a_plain_text() -> None:
    plain = [
        (name_of(path), node.lineno)
        for path in READERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _called(node) in FINDERS
        for each in node.args[-2:]
        if isinstance(each, ast.JoinedStr | ast.Constant)
    ]

    assert plain == []


@pytest.mark.parametrize("language", ["es", "fr", "ca"])
def test_each_phrase_has_a_translation_with_the_same_values(language: str) -> None:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    said = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.translated()}
    patterns = {_pattern(call) or "" for _, call in CALLS}

    assert sorted(patterns - said.keys()) == []
    assert [each for each in patterns if _values(said[each]) != _values(each)] == []


def _values(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))
