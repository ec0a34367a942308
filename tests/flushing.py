"""Let SQLite be emptied between tests: the triggers that forbid deleting are lifted for the flush only."""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.backends.sqlite3.base import DatabaseOperations

_execute_sql_flush = DatabaseOperations.execute_sql_flush


def allow_flush() -> None:
    """Wrap Django's flush so that write-once rows can be emptied by the test runner, and by nobody else."""
    DatabaseOperations.execute_sql_flush = _flush_without_triggers  # type: ignore[method-assign]


def _flush_without_triggers(operations: DatabaseOperations, sql_list: Iterable[str]) -> Any:
    connection = connections[operations.connection.alias]
    with connection.cursor() as cursor:
        triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        result = _execute_sql_flush(operations, sql_list)
        for _, sql in triggers:
            cursor.execute(sql)
    return result
