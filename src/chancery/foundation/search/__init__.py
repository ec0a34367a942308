"""Finds rows by the beginnings of words: FTS5 on SQLite, a text search index on PostgreSQL."""

from chancery.foundation.search.index import full_text_index
from chancery.foundation.search.matching import few_words, matching

__all__ = ["few_words", "full_text_index", "matching"]
