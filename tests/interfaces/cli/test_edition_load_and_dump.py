"""`chancery edition load` and `dump`: a file goes in and comes back."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.domain.programme.editions import SHIPPED, changed, shipped

from chancery.domain.programme.models import Edition, EditionRevision
from chancery.domain.programme.readers import parse_edition
from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db


def test_a_file_comes_back_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(["edition", "load", str(SHIPPED)])
    capfdbinary.readouterr()

    assert run(["edition", "dump", "metropolis-2024"]) == 0
    assert capfdbinary.readouterr().out == shipped()


def test_loading_twice_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for _ in range(2):
        assert run(["edition", "load", str(SHIPPED), "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))

    assert answers == [
        {"edition": "metropolis-2024", "changed": True, "terms_version": 1},
        {"edition": "metropolis-2024", "changed": False, "terms_version": 1},
    ]
    assert EditionRevision.objects.count() == 1


def test_dates_that_the_office_moved_are_written_back(tmp_path: Path) -> None:
    run(["edition", "load", str(SHIPPED)])
    Edition.objects.update(starts_on=date(2024, 11, 25), ends_on=date(2024, 11, 29), provisional=False)

    assert run(["edition", "dump", "metropolis-2024", "-o", str(tmp_path / "out.toml")]) == 0

    facts = parse_edition((tmp_path / "out.toml").read_bytes()).edition
    assert (facts.starts_on, facts.ends_on, facts.provisional) == (date(2024, 11, 25), date(2024, 11, 29), False)


def test_a_file_with_errors_is_not_loaded(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "edition.toml"
    file.write_text(changed(("capacity = 24", "capacity = 0")), encoding="utf-8")

    assert run(["edition", "load", str(file)]) == 1
    assert "edition.capacity: 0 is too small" in capsys.readouterr().err
    assert not Edition.objects.exists()


def test_an_edition_that_is_not_loaded_cannot_be_written_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["edition", "dump", "nowhere"]) == 1
    assert capsys.readouterr().err == "chancery: no edition nowhere is loaded\n"
