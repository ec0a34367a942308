"""`privacy due`, `privacy export` and `privacy erase` answer with what goes, what is kept and why."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from tests.factories.accounts import make_person, make_user
from tests.factories.admissions import make_application
from tests.factories.forgetting import APPLIED_AT, EMAIL, MARKERS, make_left, make_withdrawn, rows_that_name

from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.privacy.retention import months_after
from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db
NOBODY = "nobody@nowhere.example"


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


def test_a_copy_is_a_zip_and_says_how_much_is_in_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    make_withdrawn()
    file = tmp_path / "copy.zip"

    assert run(["privacy", "export", EMAIL, "-o", str(file), "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    with ZipFile(file) as archive:
        assert "index.html" in archive.namelist()
        assert len(archive.namelist()) == said["files"] + 2
    assert said["records"] > 20


@pytest.mark.parametrize("act", [["export", NOBODY, "-o", "never.zip"], ["erase", NOBODY]], ids=["copy", "erasure"])
def test_nobody_by_that_address_is_said(act: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["privacy", *act]) == 1

    assert capsys.readouterr().err == "chancery: nobody signs in as nobody@nowhere.example\n"
    assert not Path("never.zip").exists()


def test_a_folder_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    make_withdrawn()

    assert run(["privacy", "export", EMAIL, "-o", str(tmp_path / "none" / "copy.zip")]) == 1
    assert "there is no folder" in capsys.readouterr().err


def test_a_person_is_erased_and_what_the_law_keeps_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    place, notice = make_left()

    with time_machine.travel(datetime(2024, 11, 25, tzinfo=UTC)):
        assert run(["privacy", "erase", EMAIL, "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["erased"], said["reasons"], said["applications"]) == (True, [], 1)
    until = months_after(notice.received_at, 60).date().isoformat()
    assert {"rule": "cancellation", "label": place.application.reference, "until": until} in said["kept"]


def test_an_erasure_that_has_to_wait_says_what_for(capsys: pytest.CaptureFixture[str]) -> None:
    make_application(person=make_person("Iva Bura", user=make_user(EMAIL)))

    assert run(["privacy", "erase", EMAIL]) == 1
    assert capsys.readouterr().err == "chancery: not erased: An application is under way. Take it back first.\n"

    assert run(["privacy", "erase", EMAIL, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["reasons"] == ["application_under_way"]
