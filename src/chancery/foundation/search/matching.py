"""Narrow a queryset to the rows whose text holds words that begin as asked."""

import re

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from chancery.foundation.search.index import PARTING, vector

# A search for a word that most rows hold would cost what reading them all costs; nobody reads that many.
AT_MOST = 1000
LONGEST_QUERY = 100
MOST_WORDS = 8
_PARTS = re.compile(rf"[\s{re.escape(PARTING)}]+")


def matching[M: Model](rows: QuerySet[M], column: str, text: str) -> QuerySet[M]:
    """Return the rows whose ``column`` holds each word of ``text`` or a longer one: the newest thousand.

    ``text`` is folded the way the column was. A text without words changes nothing.
    """
    words = words_of(text)
    if not words:
        return rows
    table = rows.model._meta.db_table
    if connections[rows.db].vendor == "postgresql":
        sql = f"SELECT id FROM {table} WHERE {vector(column)} @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s"  # noqa: S608  # names of our own models
        asked = " & ".join(f"{_quoted(word)}:*" for word in words)
    else:
        sql = f"SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608  # as above
        asked = " AND ".join(f'"{word.replace('"', '""')}"*' for word in words)
    return rows.filter(pk__in=RawSQL(sql, (asked, AT_MOST)))  # noqa: S611  # the words are parameters


def words_of(text: str) -> list[str]:
    """Return the words of a search text that hold a letter or a digit."""
    return [word for word in _PARTS.split(text[:LONGEST_QUERY]) if any(c.isalnum() for c in word)]


def few_words(text: str) -> list[str]:
    """Return the first eight words, for lists that look for each word in each row.

    Each word is another condition of the query, and building one takes longer than its length grows.
    """
    return text[:LONGEST_QUERY].split()[:MOST_WORDS]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
