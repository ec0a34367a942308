"""What is written down stays true: events, mails, roles, commands, settings, glossary, promises."""

import ast
import re
from pathlib import Path
from pkgutil import resolve_name

import pytest
from tests.house import privacy_page
from tests.house.roles_page import PAGE, roles_page
from tests.house.routes import all_routes
from tests.house.sources import ROOT, SOURCE, calls, defined_names, name_of, python_files, tree

from chancery.foundation.audit.events import Event
from chancery.interfaces.cli.program import NOUNS, SUMMARY

DOCS = ROOT / "docs"
TEXT = {path: path.read_text() for path in python_files("**/*.py")}
ALL = "\n".join(TEXT.values())
# Only a module that records can record an event; a label for it, or a list of events that are looked for, does not.
RECORDED = {
    name
    for path, text in TEXT.items()
    if "record" in calls(tree(path))
    for name in re.findall(r"\bEvent\.([A-Z_]+)\b", text)
}
MAILS = sorted(path for path in SOURCE.glob("*/*/templates/mails/*/*") if path.is_dir())
VARIABLE = re.compile(r"CHANCERY_[A-Z][A-Z0-9_]*[A-Z0-9]")
SCRIPTS = [ROOT / "chancery", ROOT / ".ci" / "run"]


def mail_kind(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("event", Event, ids=str)
def test_each_event_is_recorded_somewhere(event: Event) -> None:
    assert event.name in RECORDED


@pytest.mark.parametrize("event", Event, ids=str)
def test_an_event_is_named_room_noun_and_what_was_done(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", event)
    assert len(event) <= 60


@pytest.mark.parametrize("folder", MAILS, ids=mail_kind)
def test_a_mail_has_subject_text_and_html_and_is_sent_by_somebody(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.html"}
    assert f'"{mail_kind(folder)}"' in ALL


def _mail_links() -> list[tuple[str, str, int]]:
    """Return the pages that mails lead to: file, URL name, number of arguments."""
    return sorted(
        (name_of(path), str(call.args[0].value), len(call.args) - 1)
        for path in TEXT
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "link"
        if call.args and isinstance(call.args[0], ast.Constant)
    )


@pytest.mark.parametrize(("file", "name", "arguments"), _mail_links())
def test_a_link_in_a_mail_leads_to_a_page(file: str, name: str, arguments: int) -> None:
    parameters = {route.name: len(route.parameters) for route in all_routes()}

    assert name in parameters, f"{file}: no page is called {name}"
    assert parameters[name] == arguments, f"{file}: {name} takes {parameters[name]} arguments"


def test_the_page_of_roles_is_as_the_code_says() -> None:
    assert PAGE.read_text() == roles_page(), "run python -m tests.house.roles_page"


def test_the_page_of_what_is_kept_is_as_the_models_declare() -> None:
    assert privacy_page.PAGE.read_text() == privacy_page.privacy_page(), "run python -m tests.house.privacy_page"


def test_each_command_is_documented() -> None:
    page = (DOCS / "operate" / "commands.md").read_text()

    assert set(NOUNS) == set(SUMMARY)
    assert [noun for noun in NOUNS if not re.search(rf"`{noun}\b", page)] == []


def test_each_command_exists() -> None:
    missing = [noun for noun, module in NOUNS.items() if not (SOURCE / "interfaces" / "cli" / f"{module}.py").exists()]

    assert not missing


def test_each_setting_is_documented_and_each_documented_one_exists() -> None:
    scripts = "\n".join(path.read_text() for path in SCRIPTS if path.exists())
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    read = set(VARIABLE.findall(ALL + scripts))
    written = set(VARIABLE.findall((DOCS / "operate" / "settings.md").read_text()))

    assert read - written == set()
    assert written - read - set(VARIABLE.findall(tests)) == set()


def test_each_word_of_the_glossary_is_a_name_in_the_code() -> None:
    page = (DOCS / "glossary.md").read_text()
    names = {name for row in _rows(page) for words in re.findall(r"`([\w.]+)`", row[1]) for name in words.split(".")}

    assert len(names) > 40
    assert names - {name for path in TEXT for name in defined_names(path)} == set()


def test_each_promise_names_tests_that_exist() -> None:
    page = DOCS / "promises.md"
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page.read_text())

    for file, test in named:
        path = ROOT / file
        assert path.exists(), f"docs/promises.md names {file}"
        assert not test or f"def {test}(" in path.read_text(), f"docs/promises.md names {file}::{test}"


def test_each_promise_is_kept_by_code_and_proven_by_a_test() -> None:
    rows = _rows((DOCS / "promises.md").read_text())

    assert len(rows) > 15
    assert [row[0] for row in rows if "`tests/" not in row[3]] == []
    assert [row[0] for row in rows if not re.search(r"`[\w/.]+`", row[2])] == []


def test_each_rule_that_a_promise_names_exists() -> None:
    page = (DOCS / "promises.md").read_text()

    assert [path for path in re.findall(r"`(chancery\.[\w.]+)`", page) if not _exists(path)] == []
    assert [file for file in re.findall(r"`((?:src|editions)/[\w/.-]+)`", page) if not (ROOT / file).exists()] == []


def _exists(path: str) -> bool:
    try:
        resolve_name(path)
    except (ImportError, AttributeError):
        return False
    return True


def _rows(page: str) -> list[list[str]]:
    """Return the cells of all table rows below their heads."""
    lines = [line.strip() for line in page.splitlines() if line.strip().startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [index for index, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    heads = {index - 1 for index in rules} | set(rules)
    return [row for index, row in enumerate(cells) if index not in heads]
