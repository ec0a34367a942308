"""Write many rows in one go, without a model instance for each: thousands of bank entries are not objects to us."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Model


def insert_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by column name (``account_id``); each row names the same columns, and every one without a null.

    Constraints and triggers of the table hold as ever; defaults of the model do not.
    """
    if not rows:
        return
    names = tuple(rows[0])
    fields = [_field(model, name) for name in names]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    turned = [(name, _turn(field)) for name, field in zip(names, fields, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 (names of our own models)
            [[row[name] if turn is None else turn(row[name]) for name, turn in turned] for row in rows],
        )


def _field(model: type[Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _turn(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """Return what makes a value fit for the database, or None where it fits as it is."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    return None
