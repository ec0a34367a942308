"""The full-text index of a text column as a migration operation, on both engines.

The column holds text that was folded before it was stored (no marks, no capitals), so no extension of the database
is needed. Marks of scripts that write vowels with them are part of the word.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Characters that part words in references, addresses and double names.
PARTING = "-_/.,@'"
TOKENS = "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\""


def full_text_index(table: str, column: str) -> migrations.RunPython:
    """Return the operation that indexes ``column`` and keeps the index true at each write."""

    def make(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in index_statements(editor.connection.vendor, table, column):
            editor.execute(statement)

    def drop(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {table}_{column}_words")
            return
        for moment in ("insert", "update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_words_{moment}")
        editor.execute(f"DROP TABLE IF EXISTS {table}_words")

    return migrations.RunPython(make, drop)


def index_statements(vendor: str, table: str, column: str) -> list[str]:
    """Return the SQL that makes the index for a database vendor."""
    if vendor == "postgresql":
        return [f"CREATE INDEX {table}_{column}_words ON {table} USING gin ({vector(column)})"]
    words = f"{table}_words"
    add = f"INSERT INTO {words}(rowid, {column}) VALUES (NEW.id, NEW.{column});"  # noqa: S608  # names from a migration
    forget = f"INSERT INTO {words}({words}, rowid, {column}) VALUES ('delete', OLD.id, OLD.{column});"  # noqa: S608  # as above
    options = f"{column}, content='{table}', content_rowid='id', prefix='2 3 4', {TOKENS}"
    return [
        f"CREATE VIRTUAL TABLE {words} USING fts5({options})",
        f"CREATE TRIGGER {table}_words_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_words_delete AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER {table}_words_update AFTER UPDATE OF {column} ON {table} BEGIN {forget} {add} END",
        f"INSERT INTO {words}({words}) VALUES ('rebuild')",  # noqa: S608  # as above
    ]


def vector(column: str) -> str:
    """Return the PostgreSQL expression that the index holds."""
    quoted = PARTING.replace("'", "''")
    return f"to_tsvector('simple', translate({column}, '{quoted}', '{' ' * len(PARTING)}'))"
