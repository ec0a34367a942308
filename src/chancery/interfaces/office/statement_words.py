"""Why a statement file was refused, in words: what its reader said of the place is kept in English."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from chancery.domain.billing.readers import StatementRefused

REFUSED: dict[str, Promise] = {
    "account": gettext_lazy("The statement does not say whose account it is."),
    "account_not_ours": gettext_lazy("The statement is about an account that is none of ours."),
    "amount": gettext_lazy("A sum cannot be read."),
    "balance": gettext_lazy("A balance cannot be read."),
    "broken": gettext_lazy("The file is broken or cut off."),
    "column": gettext_lazy("A column that the saved mapping needs is not there."),
    "currency": gettext_lazy("A currency is missing or cannot be read."),
    "date": gettext_lazy("A day is missing or cannot be read."),
    "digits": gettext_lazy("A sum has more digits than its currency has."),
    "direction": gettext_lazy("It does not say whether money came or left."),
    "doctype": gettext_lazy("The file declares a document type, which is not accepted."),
    "empty": gettext_lazy("There is no statement in the file."),
    "encoding": gettext_lazy("The signs of the file cannot be read."),
    "feed_changed": gettext_lazy("Another kind of file books this account by now."),
    "flag": gettext_lazy("A yes or no cannot be read."),
    "inclusion": gettext_lazy("The file wants to include others, which is not accepted."),
    "interrupted": gettext_lazy("The import was interrupted."),
    "missing": gettext_lazy("Something that a statement must have is missing."),
    "mixed": gettext_lazy("Something stands where a text was expected."),
    "root": gettext_lazy("The XML is no bank statement."),
    "row": gettext_lazy("A row cannot be read."),
    "status": gettext_lazy("A line does not say whether it is booked."),
    "transaction": gettext_lazy("A line of the statement cannot be read."),
    "twice": gettext_lazy("Something is there more than once."),
    "unsupported": gettext_lazy("The file is of a kind that is not read as a statement."),
    "version": gettext_lazy("This version of the message is not read."),
}


def file_refusal_words(code: str) -> str:
    """Return why a file was refused, to stand before what its reader said; blank in English, which says it already."""
    if (get_language() or "en").startswith("en"):
        return ""
    return str(REFUSED.get(code, ""))


def refused_words(refused: StatementRefused) -> str:
    """Return why a file was refused, with the place and what its reader said there."""
    return " ".join(filter(None, (file_refusal_words(refused.code), refused.detail)))
