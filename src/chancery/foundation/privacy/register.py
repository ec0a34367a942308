"""The register: what each model declares, and the rows of a person that it leads to."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from chancery.foundation.privacy.declarations import Declaration

HOUSE = "chancery."


def declared_models() -> Iterator[tuple[type[Model], Declaration]]:
    """Return each model of the house with its declaration, room by room."""
    for model in apps.get_models():
        if model.__module__.startswith(HOUSE):
            yield model, model.__dict__["privacy"]


def rows_of_person(model: type[Model], declaration: Declaration, person_id: int) -> QuerySet[Model]:
    """Return the rows whose declared path leads to a person.

    :raises ValueError: when the declaration names no path.
    """
    if not declaration.person:
        raise ValueError(f"{model._meta.label} names no path to a person")
    path = "pk" if declaration.person == "self" else declaration.person
    rows: QuerySet[Model] = model.objects.filter(**{path: person_id})  # type: ignore[attr-defined]  # each has them
    return rows.order_by("pk")


def shown_fields(rows: QuerySet[Model], declaration: Declaration) -> list[dict[str, Any]]:
    """Return of each row what its declaration lets the person receive."""
    return list(rows.order_by("pk").values(*declaration.export))
