"""The tables that a first start makes at once are those that the migrations make one by one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from chancery.interfaces.cli.first_tables import is_empty, make_tables

pytestmark = pytest.mark.django_db

SHAPE = {
    "sqlite": "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'column', table_name, column_name, data_type || is_nullable
          FROM information_schema.columns WHERE table_schema = current_schema()
        UNION SELECT 'index', tablename, '', regexp_replace(indexdef, 'INDEX .* ON \\w+\\.', '')
          FROM pg_indexes WHERE schemaname = current_schema()
        UNION SELECT 'constraint', conrelid::regclass::text, '', pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
        UNION SELECT 'trigger', event_object_table, trigger_name, action_timing || event_manipulation
          FROM information_schema.triggers WHERE trigger_schema = current_schema()
    """,
}


def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    by_migrations = _shape(connections["default"])

    with _empty_database(tmp_path) as fresh:
        assert is_empty(fresh)
        make_tables(fresh)

        assert _shape(fresh) == by_migrations
        executor = MigrationExecutor(fresh)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_database_with_tables_is_not_empty() -> None:
    assert not is_empty(connections["default"])


def _shape(of: BaseDatabaseWrapper) -> set[tuple[str, ...]]:
    with of.cursor() as cursor:
        cursor.execute(SHAPE[of.vendor])
        return {(*row[:3], _ordered(row[3])) for row in cursor.fetchall()}


def _ordered(words: str) -> str:
    """Return a definition with its parts in order: columns that a later migration added stand last in its table."""
    return " ".join(sorted(re.findall(r"[^\s(),]+", words)))


@contextmanager
def _empty_database(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA made_at_once")
            cursor.execute("SET search_path TO made_at_once")
        try:
            yield connections["default"]
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot go
                cursor.execute("SET search_path TO DEFAULT")
                cursor.execute("DROP SCHEMA made_at_once CASCADE")
        return
    used = connections["default"]
    fresh = type(used)({**used.settings_dict, "NAME": str(folder / "fresh.sqlite3")}, alias="default")
    connections["default"] = fresh
    try:
        yield fresh
    finally:
        fresh.close()
        connections["default"] = used
