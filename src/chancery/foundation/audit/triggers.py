"""Triggers that make rows unchangeable on SQLite and PostgreSQL, as migration operations."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# True while an erasure runs: only ``foundation.privacy`` writes a permit, and removes it before it commits.
ERASURE = "EXISTS (SELECT 1 FROM privacy_erasurepermit)"
NEVER = "1 = 0"


def written_once(table: str, *, deletable_when: str = NEVER) -> migrations.RunPython:
    """Return the operation that forbids UPDATE, and DELETE unless the SQL condition ``deletable_when`` holds.

    The condition may name the row as ``OLD``; ``ERASURE`` lets an erasure through.
    """

    def make(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in trigger_statements(editor.connection.vendor, table, deletable_when):
            editor.execute(statement)

    def drop(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for moment in ("update", "delete"):
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{moment}{on}")

    return migrations.RunPython(make, drop)


def trigger_statements(vendor: str, table: str, deletable_when: str) -> list[str]:
    """Return the SQL of both triggers for a database vendor."""
    return [_trigger(vendor, table, "update", NEVER), _trigger(vendor, table, "delete", deletable_when)]


def _trigger(vendor: str, table: str, moment: str, unless: str) -> str:
    message = f"{table} is written once: {moment} refused"
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {table}_no_{moment} BEFORE {moment.upper()} ON {table} WHEN NOT ({unless}) "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    return f"""
        CREATE OR REPLACE FUNCTION {table}_no_{moment}() RETURNS trigger AS $$
        BEGIN
            IF {unless} THEN RETURN OLD; END IF;
            RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
        END
        $$ LANGUAGE plpgsql;
        CREATE TRIGGER {table}_no_{moment} BEFORE {moment.upper()} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_no_{moment}();
    """
