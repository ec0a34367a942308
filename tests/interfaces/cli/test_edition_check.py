"""`chancery edition check` and `schema`."""

import json
from pathlib import Path

import pytest
from tests.domain.programme.editions import SHIPPED, changed, line_with

from chancery.interfaces.cli.program import run


def test_the_shipped_edition_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["edition", "check", str(SHIPPED), "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "errors": 0,
        "contradictions": 0,
        "warnings": 0,
        "findings": [],
    }


@pytest.mark.parametrize(
    ("before", "after", "severity", "exit_code"),
    [
        pytest.param("capacity = 24", "capacity = 0", "error", 1, id="an error"),
        pytest.param('skills = ["measure", "evidence"]', "skills = []", "contradiction", 1, id="a contradiction"),
        pytest.param("capacity = 24", 'capacity = 24\nmascot = "owl"', "warning", 0, id="a warning"),
    ],
)
def test_a_finding_is_printed_with_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, before: str, after: str, severity: str, exit_code: int
) -> None:
    text = changed((before, after))
    file = tmp_path / "edition.toml"
    file.write_text(text, encoding="utf-8")

    assert run(["edition", "check", str(file)]) == exit_code

    out = capsys.readouterr().out
    assert out.startswith(f"{file}:")
    assert f": {severity}: " in out


def test_the_line_of_a_finding_is_the_line_of_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = changed(("capacity = 24", "capacity = 0"))
    file = tmp_path / "edition.toml"
    file.write_text(text, encoding="utf-8")

    run(["edition", "check", str(file), "--json"])

    assert json.loads(capsys.readouterr().out)["findings"] == [
        {
            "severity": "error",
            "line": line_with(text, "capacity = 0"),
            "key": "edition.capacity",
            "sentence": "0 is too small; write 1 or more.",
        }
    ]


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["edition", "check", str(tmp_path / "none.toml")]) == 1
    assert "none.toml: No such file" in capsys.readouterr().err


def test_the_schema_is_printed_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["edition", "schema"]) == 0

    assert json.loads(capsys.readouterr().out) == json.loads(
        SHIPPED.with_name("edition.schema.json").read_text(encoding="utf-8")
    )
