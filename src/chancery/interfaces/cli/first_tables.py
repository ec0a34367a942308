"""The tables of an empty SQLite database, made at once from today's models instead of by replaying their history.

A migration renders the models again after every operation: sixty of them cost seconds where making the tables costs
a quarter of one. A database that holds anything goes the way of migrations; a test compares both ways.
"""

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunPython, RunSQL
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

OURS = "chancery."


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Say whether the database holds no table."""
    return not connection.introspection.table_names()


def make_tables(connection: BaseDatabaseWrapper) -> None:
    """Make all tables, the guards and indexes that our migrations add by hand, and note all migrations as applied.

    What migrations move from row to row is left out, since there are no rows: those of other packages, and ours that
    say so (``elidable``). All or nothing is made.
    """
    migrations = _in_order(MigrationLoader(connection))
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                editor.create_model(model)
        _make_by_hand(migrations, editor)
        _note_as_applied(migrations, editor)
    emit_post_migrate_signal(0, False, connection.alias)


def _in_order(loader: MigrationLoader) -> list[Migration]:
    graph = loader.graph
    keys = dict.fromkeys(key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf))
    return [graph.nodes[key] for key in keys]


def _make_by_hand(migrations: list[Migration], editor: BaseDatabaseSchemaEditor) -> None:
    state = ProjectState()
    for migration in migrations:
        if not type(migration).__module__.startswith(OURS):
            continue
        for operation in migration.operations:
            if _is_no_part_of_the_models(operation) and not operation.elidable:
                operation.database_forwards(migration.app_label, editor, state, state)


def _is_no_part_of_the_models(operation: Operation) -> bool:
    return isinstance(operation, RunPython | RunSQL) or type(operation).__module__.startswith(OURS)


def _note_as_applied(migrations: list[Migration], editor: BaseDatabaseSchemaEditor) -> None:
    recorder = MigrationRecorder(editor.connection)
    editor.create_model(recorder.Migration)
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=migration.app_label, name=migration.name) for migration in migrations
    )
