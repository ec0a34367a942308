"""A bank's CSV by its mapping: any dialect, every line or none, the place of a mistake, twins and overlaps."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.accounts import NOW
from tests.factories.money import ACCOUNT, billed_place
from tests.factories.programme import make_edition

from chancery.domain.billing.models import BankEntry, StatementFile, StatementMapping
from chancery.domain.billing.readers import CsvMapping, StatementRefused, read_file
from chancery.domain.billing.readers.csv_guess import guess_mapping
from chancery.domain.billing.readers.csv_mapping import (
    MappingRefused,
    mapping_as_values,
    mapping_from_toml,
    mapping_from_values,
)
from chancery.domain.enrollment.states import PlaceState
from chancery.foundation.audit.actors import SYSTEM
from chancery.journey import settle

SPANISH = CsvMapping(
    account=ACCOUNT,
    currency="EUR",
    booking_date="F. Operación",
    value_date="F. Valor",
    amount="Importe",
    balance="Saldo",
    payer_name="Ordenante",
    remittance=("Concepto", "Más datos"),
)
HEADER = "F. Operación;F. Valor;Concepto;Más datos;Ordenante;Importe;Saldo"
ROWS = (
    "17/10/2024;18/10/2024;CUOTA;RF18 5390 0754 7034;CITY OF ACCRA;1.000,00;11.000,00",
    '18/10/2024;18/10/2024;"COMISION; gastos";;;-4,20;10.995,80',
)


def raw(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\r\n".join([header, *rows, ""]).encode(encoding))


def test_rows_become_entries_and_the_running_balance_is_checked() -> None:
    (statement,) = read_file(raw(*ROWS), mappings=[SPANISH]).statements

    first, fee = statement.entries
    assert (first.amount_cents, first.booking_date, first.value_date) == (
        100_000,
        date(2024, 10, 17),
        date(2024, 10, 18),
    )
    assert (first.payer_name, first.remittance) == ("CITY OF ACCRA", "CUOTA RF18 5390 0754 7034")
    assert (fee.amount_cents, fee.remittance) == (-420, "COMISION; gastos")
    assert (statement.closed.opening_cents, statement.closed.closing_cents) == (1_000_000, 1_099_580)
    assert statement.closed.balanced is True


@pytest.mark.parametrize("rows", [ROWS, ROWS[::-1]], ids=["oldest first", "newest first"])
def test_a_balance_is_followed_in_either_order(rows: tuple[str, ...]) -> None:
    closed = read_file(raw(*rows), mappings=[SPANISH]).statements[0].closed

    assert (closed.opening_cents, closed.closing_cents, closed.balanced) == (1_000_000, 1_099_580, True)


def test_a_line_that_is_missing_shows_in_the_balance() -> None:
    gap = ROWS[1].replace("10.995,80", "9.995,80")

    assert read_file(raw(ROWS[0], gap), mappings=[SPANISH]).statements[0].closed.balanced is False


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (ROWS[0].replace("1.000,00", "1.000,O0"), "amount", "line 2"),
        (ROWS[0].replace("1.000,00", "1.000,005"), "amount", "line 2"),
        (ROWS[0].replace("17/10/2024", "2024-10-17"), "date", "line 2"),
        (ROWS[0].replace("17/10/2024", "31/02/2024"), "date", "line 2"),
        ("17/10/2024;18/10/2024;CUOTA", "row", "line 2"),
        ("17/10/2024;18/10/2024;CU\x00OTA;RF18;CITY OF ACCRA;1.000,00;11.000,00", "row", "line 2"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_read(row: str, code: str, place: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_file(raw(row, ROWS[1]), mappings=[SPANISH])

    assert (refused.value.code, refused.value.place) == (code, place)


def test_a_row_that_ends_before_a_column_of_two_of_one_name_is_refused() -> None:
    """Found by the fuzz: names that stand twice made the header look as short as the row."""
    with pytest.raises(StatementRefused, match="7 fields where the header has 9") as refused:
        read_file(raw(ROWS[0], header=HEADER.replace(";Importe", ";;;Importe")), mappings=[SPANISH])

    assert (refused.value.code, refused.value.place) == ("row", "line 2")


def test_an_unknown_header_says_that_a_mapping_is_needed() -> None:
    with pytest.raises(StatementRefused, match="a CSV needs a mapping"):
        read_file(raw(*ROWS, header=HEADER.replace("Importe", "Monto")), mappings=[SPANISH])


@pytest.mark.parametrize("content", ["", HEADER + "\r\n"])
def test_a_file_without_lines_is_refused(content: str) -> None:
    with pytest.raises(StatementRefused, match=r"empty|no row follows"):
        read_file(io.BytesIO(content.encode()), mappings=[SPANISH])


def test_bytes_of_another_encoding_are_refused_with_the_place() -> None:
    content = raw(ROWS[0].replace("CITY", "CIUDAD Ñ"), encoding="cp1252").getvalue()
    known = content.replace("Operación".encode("cp1252"), "Operación".encode())
    known = known.replace("Más".encode("cp1252"), "Más".encode())

    with pytest.raises(StatementRefused) as refused:
        read_file(io.BytesIO(known), mappings=[SPANISH])

    assert refused.value.code == "encoding"


@pytest.mark.parametrize("encoding", ["nonsense", "undefined", "idna", "utf-8\x00", "hex"])
def test_an_encoding_in_which_no_file_is_written_is_refused_by_name(encoding: str) -> None:
    with pytest.raises(MappingRefused, match="encoding: "):
        replace(SPANISH, encoding=encoding)


def test_money_in_and_out_may_have_a_column_each_or_a_mark() -> None:
    two = replace(SPANISH, amount="", credit="Haber", debit="Debe", balance="", remittance=(), payer_name="")
    marked = replace(two, credit="", debit="", amount="Importe", direction="S", credit_word="H")

    days, names = "17/10/2024;17/10/2024", "F. Operación;F. Valor"
    both = raw(f"{days};;12,00", f"{days};3,50;", header=f"{names};Debe;Haber")
    mark = raw(f"{days};12,00;H", f"{days};3,50;D", header=f"{names};Importe;S")

    for source, mapping in ((both, two), (mark, marked)):
        entries = read_file(source, mappings=[mapping]).statements[0].entries
        assert [entry.amount_cents for entry in entries] == [1_200, -350]


TWO = replace(SPANISH, amount="", credit="In", debit="Out", balance="", remittance=(), payer_name="")
MARKED = replace(TWO, credit="", debit="", amount="Sum", direction="Way")


def sums(mapping: CsvMapping, *pairs: str) -> list[int]:
    """Return the sums of rows that hold these two last fields."""
    header = "F. Operación;F. Valor;" + ("In;Out" if mapping is TWO else "Sum;Way")
    source = raw(*(f"17/10/2024;17/10/2024;{pair}" for pair in pairs), header=header)
    return [entry.amount_cents for entry in read_file(source, mappings=[mapping]).statements[0].entries]


def test_a_negative_sum_of_money_in_takes_back_what_came_in() -> None:
    assert sums(TWO, "1.000,00;", "-1.000,00;") == [100_000, -100_000]


@pytest.mark.parametrize("pairs", [(";5,00", ";7,00"), (";-5,00", ";-7,00"), (";0,00", ";-5,00")])
def test_money_out_is_written_with_a_sign_or_without(pairs: tuple[str, ...]) -> None:
    assert sums(TWO, *pairs) == [-(abs(int(pair.strip(";").replace(",", "")))) for pair in pairs]


@pytest.mark.parametrize(
    ("mapping", "pairs", "code"),
    [
        (TWO, (";-5,00", ";5,00"), "amount"),
        (TWO, (";5,00", ";-5,00"), "amount"),
        (MARKED, ("5,00;C", "5,00;"), "direction"),
        (MARKED, ("5,00;C", "5,00;DR"), "direction"),
        (MARKED, ("5,00;C", "-5,00;C"), "amount"),
    ],
    ids=["out: a fee given back", "out: a fee after it", "no word", "a word of neither side", "a negative credit"],
)
def test_a_sum_that_may_have_gone_either_way_refuses_the_file(
    mapping: CsvMapping, pairs: tuple[str, ...], code: str
) -> None:
    with pytest.raises(StatementRefused) as refused:
        sums(mapping, *pairs)

    assert (refused.value.code, refused.value.place) == (code, "line 3")


@settings(max_examples=60)
@given(
    lines=st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9).filter(bool),
            st.integers(0, 400),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30),
        ),
        min_size=1,
        max_size=20,
    ),
    delimiter=st.sampled_from(";,\t|"),
    decimal=st.sampled_from(",."),
    days=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_in_any_dialect_is_read_as_it_was(
    lines: list[tuple[int, int, str]], delimiter: str, decimal: str, days: str, encoding: str
) -> None:
    out, total = io.StringIO(newline=""), 0
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Day", "Sum", "Text", "Left"])

    def written(cents: int) -> str:
        whole, part = divmod(abs(cents), 100)
        mark = "." if decimal == "," else ","
        return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", mark) + f"{decimal}{part:02d}"

    for cents, after, text in lines:
        total += cents
        day = date(2024, 1, 1) + timedelta(days=after)
        writer.writerow([day.strftime(days), written(cents), text, written(total)])
    mapping = CsvMapping(
        account=ACCOUNT,
        currency="EUR",
        booking_date="Day",
        amount="Sum",
        balance="Left",
        remittance=("Text",),
        delimiter=delimiter,
        date_format=days,
        decimal_mark=decimal,
        thousands_mark="." if decimal == "," else ",",
        encoding="utf-8" if encoding == "utf-8-sig" else encoding,
    )

    (statement,) = read_file(io.BytesIO(out.getvalue().encode(encoding)), mappings=[mapping]).statements

    read = [(each.amount_cents, (each.booking_date or date.min) - date(2024, 1, 1)) for each in statement.entries]
    assert read == [(cents, timedelta(days=after)) for cents, after, _ in lines]
    assert [each.remittance for each in statement.entries] == [" ".join(text.split()) for _, _, text in lines]
    assert statement.closed.balanced is True


class TestMapping:
    def test_it_is_the_same_after_being_stored(self) -> None:
        assert mapping_from_values(mapping_as_values(SPANISH)) == SPANISH

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ('account = "ES1"', "currency"),
            ('account = "ES1"\ncurrency = "EUR"\nbooking_date = "Day"', "amount"),
            ('account = "ES1"\ncurrency = "EUR"\nbooking_date = "Day"\namuont = "Sum"', "amuont"),
            ('account = "ES1"\ncurrency = "EUR"\nbooking_date = "Day"\namount = 5', "amount"),
            ('account = "ES1"\ncurrency = "EUR"\nbooking_date = "Day"\namount = "S"\nencoding = "klingon"', "encoding"),
            ("account = ", "not TOML"),
        ],
    )
    def test_what_is_wrong_is_named(self, text: str, named: str) -> None:
        with pytest.raises(MappingRefused, match=named):
            mapping_from_toml(text)

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_a_header_is_guessed(self, encoding: str) -> None:
        content = raw("Cuenta ES75", "", header="Extracto", encoding=encoding).getvalue()
        content += raw(*ROWS, encoding=encoding).getvalue()

        guess = guess_mapping(content)

        assert mapping_from_values({**guess, "account": ACCOUNT, "currency": "EUR"}) == replace(
            SPANISH, remittance=("Concepto",), encoding=encoding, rows_before=3
        )


@pytest.mark.django_db
class TestImport:
    def file(self, folder: Path, *rows: str, name: str = "movimientos.csv") -> Path:
        path = folder / name
        path.write_bytes(raw(*rows).getvalue())
        return path

    def test_a_saved_mapping_lets_a_file_in_that_was_refused(self, tmp_path: Path) -> None:
        place, invoice = billed_place(make_edition())
        paid = ROWS[0].replace("RF18 5390 0754 7034", invoice.creditor_reference)
        path = self.file(tmp_path, paid, ROWS[1])
        with pytest.raises(StatementRefused):
            settle.import_statement(path, actor=SYSTEM, now=NOW)
        assert StatementFile.objects.get().report["code"] == "unsupported"

        settle.save_mapping(name="Bank", mapping=SPANISH, actor=SYSTEM, now=NOW)
        settle.save_mapping(name="Bank", mapping=SPANISH, actor=SYSTEM, now=NOW)
        report = settle.import_statement(path, actor=SYSTEM, now=NOW)

        place.refresh_from_db()
        assert StatementMapping.objects.count() == 1
        assert (report.entries, report.new, place.state) == (2, 2, PlaceState.GUARANTEED)

    def test_twins_count_twice_and_an_overlap_counts_once(self, tmp_path: Path) -> None:
        billed_place(make_edition())
        settle.save_mapping(name="Bank", mapping=replace(SPANISH, balance=""), actor=SYSTEM, now=NOW)
        other = ROWS[1].replace("gastos", "correo")
        settle.import_statement(self.file(tmp_path, ROWS[0], ROWS[0], other), actor=SYSTEM, now=NOW)

        more = self.file(tmp_path, ROWS[0], ROWS[0], other, ROWS[1], name="later.csv")
        report = settle.import_statement(more, actor=SYSTEM, now=NOW)

        assert (report.new, report.known, BankEntry.objects.count()) == (1, 3, 4)
