"""``statement import`` and ``invoice pdf``: the contract that other programs rely on."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.factories.money import billed_place, statement_file, transfer
from tests.factories.programme import make_edition

from chancery.interfaces.cli.program import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def test_an_import_answers_with_exactly_its_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, invoice = billed_place(make_edition())
    path = statement_file(tmp_path, transfer(100_000, invoice.creditor_reference), transfer(5, number=2))

    assert run(["statement", "import", str(path), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert run(["statement", "import", str(path), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)

    none = dict.fromkeys(("new", "known", "ignored", "conflicts", "booked", "suggested", "suspense", "outgoing"), 0)
    assert first == {"entries": 2, **none, "new": 2, "booked": 1, "suspense": 1}
    assert again == {"entries": 2, **none, "known": 2}


def test_a_refused_file_ends_with_one_and_the_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = statement_file(tmp_path, transfer(5), account="GB33BUKB20201555555555")

    assert run(["statement", "import", str(path)]) == 1
    assert "GB33BUKB20201555555555" in capsys.readouterr().err


def test_the_paper_of_a_bill_is_written_to_a_file(tmp_path: Path) -> None:
    _, invoice = billed_place(make_edition())
    target = tmp_path / "bill.pdf"

    assert run(["invoice", "pdf", invoice.number, "-o", str(target)]) == 0
    assert target.read_bytes().startswith(b"%PDF")
    assert run(["invoice", "pdf", "M9-2024-9999", "-o", str(target)]) == 1
