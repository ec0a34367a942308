"""Triggers that make rows unchangeable on SQLite and PostgreSQL, as migration operations."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# True while an erasure runs: only ``foundation.privacy`` writes a permit, and removes it before it commits.
ERASURE = "EXISTS (SELECT 1 FROM privacy_erasurepermit)"
NEVER = "1 = 0"


def written_once(
    table: str, *, deletable_when: str = NEVER, instead: bool = False, meanwhile: str = ""
) -> "WrittenOnce":
    """Return the operation that forbids UPDATE, and DELETE unless the SQL condition ``deletable_when`` holds.

    The condition may name the row as ``OLD``; ``ERASURE`` lets an erasure through. ``instead`` puts this rule in the
    place of one that an earlier migration made; ``meanwhile`` is SQL that runs while no rule holds.
    """
    return WrittenOnce(table, deletable_when, instead, meanwhile)


class WrittenOnce(Operation):
    """Adds both triggers; an operation of its own, since RunPython renders every model, each time."""

    reversible = True

    def __init__(self, table: str, deletable_when: str, instead: bool = False, meanwhile: str = "") -> None:
        self.table, self.deletable_when, self.instead, self.meanwhile = table, deletable_when, instead, meanwhile

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: triggers are no part of the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the triggers, after the old ones are gone where these stand instead of them."""
        if self.instead:
            self._drop(schema_editor)
        if self.meanwhile:
            schema_editor.execute(self.meanwhile, params=None)
        for statement in trigger_statements(schema_editor.connection.vendor, self.table, self.deletable_when):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers, or make those again that forbid every deletion."""
        self._drop(schema_editor)
        if self.instead:
            for statement in trigger_statements(schema_editor.connection.vendor, self.table, NEVER):
                schema_editor.execute(statement)

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        for moment in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_{moment}{on}")

    def describe(self) -> str:
        """Return what ``migrate`` shows."""
        return f"Rows of {self.table} are written once"


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
