import json

import pytest
from tests.domain.billing.readers.test_camt_entries import DAY
from tests.factories.camt import ACCOUNT

from chancery.domain.billing.readers import as_json, read_file
from chancery.interfaces.cli.program import run
from chancery.interfaces.demo.camt import CamtEntry, CamtStatement, camt_file

ENTRIES = [CamtEntry(150_000, DAY, payer_name="City"), CamtEntry(-700, DAY), CamtEntry(5, DAY, status="PDNG")]


@pytest.fixture
def path(tmp_path):
    written = tmp_path / "statement.xml"
    written.write_bytes(camt_file(CamtStatement(ACCOUNT, ENTRIES, opening_cents=100)))
    return written


def test_json_is_one_document_and_nothing_else(path, capsys):
    code = run(["statement", "read", str(path), "--json"])
    out, err = capsys.readouterr()

    assert (code, err) == (0, "")
    assert json.loads(out) == as_json(read_file(path))


def test_people_get_a_summary(path, capsys):
    assert run(["statement", "read", str(path)]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    assert lines == [
        "camt.053.001.08",
        "",
        f"statement 1: STATEMENT-1, account {ACCOUNT}",
        "entries 2 booked, 1 pending, 0 info",
        "opening 1.00 EUR",
        "in 1,500.00 EUR",
        "out -7.00 EUR",
        "closing 1,494.00 EUR",
        "balance adds up",
    ]


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["for people", "as JSON"])
def test_a_refused_file_prints_its_place_and_nothing_on_standard_output(path, options, capsys):
    path.write_bytes(path.read_bytes().replace(b"1500.00", b"many"))
    code = run(["statement", "read", str(path), *options])
    out, err = capsys.readouterr()

    assert (code, out) == (1, "")
    assert err.startswith(f"chancery: {path}: line ")
    assert err.endswith("Stmt/Ntry/Amt: 'many' is no amount\n")


def test_a_file_that_is_not_there_is_said_so(tmp_path, capsys):
    code = run(["statement", "read", str(tmp_path / "none.xml"), "--json"])
    out, err = capsys.readouterr()

    assert (code, out) == (1, "")
    assert "No such file" in err
