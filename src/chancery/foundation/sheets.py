"""Lists that leave for a spreadsheet: CSV as a stream, XLSX with types; no cell of which becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# What begins with one of these signs, also in their full width, is a formula to a spreadsheet that reads CSV. Where
# lists are written with semicolons, as in Spain and France, one ends the cell; a line break ends the row.
_FORMULA: Final = re.compile("(^|[;\t\r\n])(?=[^\\S\t\r\n]*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
WIDEST, NARROWEST = 60, 10
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type Cell = str | int | Decimal | date | datetime | None
type Row = Sequence[Cell]


def sheet_response(form: str, name: str, head: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """Return a list as a download, ``form`` ``xlsx`` or else CSV; ``name`` is without its ending."""
    if form == "xlsx":
        response: HttpResponseBase = HttpResponse(xlsx_of(head, rows), content_type=XLSX)
    else:
        form = "csv"
        response = StreamingHttpResponse(csv_of(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def csv_of(head: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a CSV file, the mark of UTF-8 first, so that spreadsheets read its letters right."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([_in_csv(cell) for cell in row])


def xlsx_of(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a workbook of one sheet: the head stays in sight, days and amounts are what they are."""
    import xlsxwriter  # late: few requests ask for a workbook

    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **plain})
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    amount = book.add_format({"num_format": "#,##0.00"})
    for column, title in enumerate(head):
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, len(title) + 4)))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_string(last, column, cell.isoformat(timespec="seconds"))
            elif isinstance(cell, date):
                sheet.write_datetime(last, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            elif isinstance(cell, int | Decimal):
                sheet.write_number(last, column, float(cell), amount if isinstance(cell, Decimal) else None)
            elif cell:
                sheet.write_string(last, column, cell)
    sheet.autofilter(0, 0, last, max(len(head) - 1, 0))
    book.close()
    return out.getvalue()


def _in_csv(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, str):
        return _FORMULA.sub(r"\1'", cell)
    return "" if cell is None else str(cell)


class _Echo:
    """A file for the csv writer that hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line
