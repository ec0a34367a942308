"""A sheet of members in words: what each row would do, or why it cannot."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chancery.domain.network.readers.membership_sheet import SheetRefused
from chancery.domain.network.services.memberships import RowReport

PROBLEMS: dict[str, Promise] = {
    "city_missing": gettext_lazy("no city"),
    "country_missing": gettext_lazy("no country"),
    "country_unknown": gettext_lazy("no country has this code"),
    "city_unknown": gettext_lazy("this city is not on file; nothing is guessed"),
    "joined_on_missing": gettext_lazy("a new member needs the day it joined"),
    "joined_on_no_day": gettext_lazy("joined_on is no day (YYYY-MM-DD)"),
    "left_on_no_day": gettext_lazy("left_on is no day (YYYY-MM-DD)"),
    "paid_on_no_day": gettext_lazy("paid_on is no day (YYYY-MM-DD)"),
    "left_before_joined": gettext_lazy("it left before it joined"),
    "year_missing": gettext_lazy("dues without a year"),
    "year_no_year": gettext_lazy("year is no year"),
    "due_no_amount": gettext_lazy("due is no amount"),
}
OUTCOMES: dict[str, Promise] = {
    "new member": gettext_lazy("new member"),
    "new city": gettext_lazy("new city and member"),
    "changed": gettext_lazy("changes"),
    "unchanged": gettext_lazy("as it is"),
    "problem": gettext_lazy("cannot be taken"),
}
SHEETS: dict[str, Promise] = {
    "sheet_encoding": gettext_lazy("The sheet is no UTF-8 text. Save it as CSV UTF-8."),
    "sheet_columns": gettext_lazy(
        "The columns must be among city, country, joined_on, left_on, year, due, currency, paid_on; "
        "the first two are needed."
    ),
    "sheet_empty": gettext_lazy("The sheet has no rows."),
    "sheet_too_long": gettext_lazy("The sheet has more than 20,000 rows."),
}


def row_words(each: RowReport) -> str:
    """Return what a row would do, or why it cannot."""
    if each.problems:
        return ", ".join(str(PROBLEMS[code]) for code in each.problems)
    return str(OUTCOMES[each.outcome])


def sheet_words(refused: SheetRefused) -> str:
    """Return why a sheet cannot be read."""
    return " ".join(str(SHEETS[code]) for code in refused.ruling.reasons)
