"""`chancery fee quote`: a contract other programs rely on (B3, B4, B5)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.domain.programme.editions import ANOTHER_PROGRAMME, SHIPPED, changed

from chancery.interfaces.cli.program import run


def quoted(capsys: pytest.CaptureFixture[str], *options: str, edition: Path = SHIPPED) -> dict[str, Any]:
    assert run(["fee", "quote", "--edition", str(edition), *options, "--json"]) == 0
    out: dict[str, Any] = json.loads(capsys.readouterr().out)
    keys = ["fee_cents", "currency", "lines", "officer_decides", "reasons"]
    return {key: out[key] for key in (*keys, *(["officer_reasons"] if out["officer_decides"] else []))}


def line(reason: str, cents: int) -> dict[str, Any]:
    return {"reason": reason, "amount_cents": cents}


@pytest.mark.parametrize(
    ("options", "fee", "lines"),
    [
        pytest.param(["--country", "ESP"], 150_000, [line("rate.standard", 150_000)], id="no member"),
        pytest.param(
            ["--country", "GHA", "--member", "--contributions-paid", "2023"],
            100_000,
            [line("rate.member", 100_000)],
            id="Accra",
        ),
        pytest.param(
            ["--country", "GHA", "--member", "--contributions-paid", "2022", "--contributions-paid", "2024"],
            150_000,
            [line("rate.standard", 150_000)],
            id="dues of other years",
        ),
        pytest.param(
            ["--country", "COL", "--member", "--contributions-paid", "2023", "--group", "2"],
            90_000,
            [line("rate.member", 100_000), line("discount.group", -10_000)],
            id="Medellin, two people: the price of one place",
        ),
        pytest.param(
            ["--country", "GIN", "--member", "--contributions-paid", "2023", "--group", "4"],
            0,
            [line("rate.member", 100_000), line("waiver.low-income-member", -100_000)],
            id="Conakry: low income in FY23",
        ),
        pytest.param(
            ["--country", "gin", "--member", "--contributions-paid", "2023", "--fiscal-year", "FY24"],
            100_000,
            [line("rate.member", 100_000)],
            id="what if FY24 counted",
        ),
    ],
)
def test_a_fee_is_quoted_with_its_lines(
    capsys: pytest.CaptureFixture[str], options: list[str], fee: int, lines: list[dict[str, Any]]
) -> None:
    assert quoted(capsys, *options) == {
        "fee_cents": fee,
        "currency": "EUR",
        "lines": lines,
        "officer_decides": False,
        "reasons": [each["reason"] for each in lines],
    }


@pytest.mark.parametrize("country", ["VEN", "VAT", "ZZZ"])
def test_a_member_of_an_economy_without_class_waits_for_an_officer(
    capsys: pytest.CaptureFixture[str], country: str
) -> None:
    assert quoted(capsys, "--country", country, "--member", "--contributions-paid", "2023") == {
        "fee_cents": None,
        "currency": "EUR",
        "lines": [],
        "officer_decides": True,
        "reasons": [],
        "officer_reasons": ["economy.unclassified"],
    }


def test_another_programme_is_quoted_in_its_own_currency(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "harbour.toml"
    file.write_text(ANOTHER_PROGRAMME, encoding="utf-8")

    answer = quoted(capsys, "--country", "JPN", "--member", "--group", "2", edition=file)

    assert (answer["fee_cents"], answer["currency"]) == (135_000, "JPY")


def test_people_read_the_same_lines_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fee", "quote", "--edition", str(SHIPPED), "--country", "ESP", "--group", "2"]) == 0

    words = [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()]
    assert words == ["standard rate", "group discount", "price of one place, EUR"]


@pytest.mark.parametrize("size", ["0", "-3"])
def test_a_group_of_none_is_refused(capsys: pytest.CaptureFixture[str], size: str) -> None:
    assert run(["fee", "quote", "--edition", str(SHIPPED), "--country", "ESP", "--group", size, "--json"]) == 1

    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"chancery: a group of {size} is no group\n")


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        pytest.param('standard = "1500.00"', 'standard = "a lot"', "49: tariff.standard", id="an amount in words"),
        pytest.param('member = "1000.00"', 'member = "2000.00"', "50: the member rate", id="member above standard"),
    ],
)
def test_a_file_with_errors_is_refused_with_the_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, before: str, after: str, place: str
) -> None:
    file = tmp_path / "edition.toml"
    file.write_text(changed((before, after)), encoding="utf-8")

    assert run(["fee", "quote", "--edition", str(file), "--country", "ESP", "--json"]) == 1
    assert f"edition.toml:{place}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--country", "Spain"], id="no code"),
        pytest.param([], id="no country"),
        pytest.param(["--country", "ESP", "--group", "two"], id="no number"),
    ],
)
def test_wrong_usage_ends_with_two(options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["fee", "quote", "--edition", str(SHIPPED), *options])

    assert ended.value.code == 2


def test_a_quote_needs_neither_django_nor_a_database() -> None:
    script = (
        "import sys; from chancery.interfaces.cli.program import run; "
        f"run(['fee', 'quote', '--edition', {str(SHIPPED)!r}, '--country', 'ESP', '--json']); "
        "sys.exit('django' in sys.modules)"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=60)

    assert ended.returncode == 0
