"""`privacy due` says what would go and what is held back, and deletes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.factories.admissions import make_application
from tests.factories.forgetting import APPLIED_AT, MARKERS, make_withdrawn, rows_that_name

from chancery.domain.admissions.states import ApplicationState
from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def due(capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    assert run(["privacy", "due", "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_lists_what_goes_by_which_rule_and_what_is_held_back(capsys: pytest.CaptureFixture[str]) -> None:
    withdrawn = make_withdrawn()
    held = make_application(state=ApplicationState.IN_DIALOGUE)
    before = rows_that_name(*MARKERS)

    said = due(capsys, "--on", "2025-11-30")

    files = {each["label"]: each for each in said["goes"] if each["what"] == "application"}
    assert files[withdrawn.reference] == {
        "what": "application",
        "label": withdrawn.reference,
        "rule": "ended_application",
        "over_at": "2025-10-20T08:00:00+00:00",
        "reasons": [],
    }
    assert [(each["label"], each["reasons"]) for each in said["held"]] == [(held.reference, ["application_under_way"])]
    assert rows_that_name(*MARKERS) == before


def test_nothing_is_over_while_all_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    make_withdrawn()

    said = due(capsys, "--on", APPLIED_AT.date().isoformat())

    assert (said["goes"], said["held"]) == ([], [])


def test_people_read_when_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    make_application(state=ApplicationState.IN_DIALOGUE)

    assert run(["privacy", "due", "--on", "2040-01-01"]) == 0

    said = capsys.readouterr().out
    assert "An application is under way. Take it back first." in said
    assert said.endswith("0 would go, 1 held back\n")
