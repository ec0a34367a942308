"""The tables of the test database, made as a first start makes them: to replay their history costs each run of the
tests a dozen seconds. That both ways lead to the same tables is tested; on a server they are always migrated.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from chancery.interfaces.cli.first_tables import is_empty, make_tables


class Migrate(migrate.Command):
    """Migrate, but make the tables of an empty SQLite database at once."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor == "sqlite" and is_empty(connection):
            make_tables(connection)
        else:
            super().handle(*args, **options)
