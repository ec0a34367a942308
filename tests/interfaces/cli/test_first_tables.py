"""The tables that a first start makes at once are those that the migrations make one by one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from chancery.config.environment import SQLITE_OPTIONS
from chancery.interfaces.cli.first_tables import is_empty, make_tables

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SHAPE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    with _empty_database(tmp_path / "migrated.sqlite3") as migrated:
        call_command(Migrate(), verbosity=0)
        by_migrations = _shape(migrated)

    with _empty_database(tmp_path / "fresh.sqlite3") as fresh:
        assert is_empty(fresh)
        make_tables(fresh)

        assert _shape(fresh) == by_migrations
        executor = MigrationExecutor(fresh)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_database_with_tables_is_not_empty() -> None:
    assert not is_empty(connections["default"])


def _shape(of: BaseDatabaseWrapper) -> set[tuple[str, ...]]:
    with of.cursor() as cursor:
        cursor.execute(SHAPE)
        return {(*row[:3], _ordered(row[3])) for row in cursor.fetchall()}


def _ordered(words: str) -> str:
    """Return a definition with its parts in order: columns that a later migration added stand last in its table."""
    return " ".join(sorted(re.findall(r"[^\s(),]+", words)))


@contextmanager
def _empty_database(path: Path) -> Iterator[BaseDatabaseWrapper]:
    """Let the default connection be a new SQLite file, whatever engine the suite runs on."""
    used = connections["default"]
    settings = {**used.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    fresh = DatabaseWrapper({**settings, "OPTIONS": dict(SQLITE_OPTIONS)}, alias="default")
    connections["default"] = fresh
    try:
        yield fresh
    finally:
        fresh.close()
        connections["default"] = used
