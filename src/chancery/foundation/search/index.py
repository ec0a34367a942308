"""The full-text index of a text column as a migration operation, on both engines.

The column holds text that was folded before it was stored (no marks, no capitals), so no extension of the database
is needed. Marks of scripts that write vowels with them are part of the word.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Characters that part words in references, addresses and double names.
PARTING = "-_/.,@'"
TOKENS = "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\""


def full_text_index(table: str, column: str) -> "FullTextIndex":
    """Return the operation that indexes ``column`` and keeps the index true at each write."""
    return FullTextIndex(table, column)


class FullTextIndex(Operation):
    """Makes the index; an operation of its own, since RunPython renders every model, each time."""

    reversible = True

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the index is no part of the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the index."""
        for statement in index_statements(schema_editor.connection.vendor, self.table, self.column):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the index."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {self.table}_{self.column}_words")
            return
        for moment in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_words_{moment}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {self.table}_words")

    def describe(self) -> str:
        """Return what ``migrate`` shows."""
        return f"Words of {self.table}.{self.column} are indexed"


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
