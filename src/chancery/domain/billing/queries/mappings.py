"""Read how banks write their CSV."""

from django.db.models import QuerySet

from chancery.domain.billing.models import StatementMapping
from chancery.domain.billing.readers.csv_mapping import CsvMapping, mapping_from_values


def list_mappings() -> QuerySet[StatementMapping]:
    """Return the saved mappings by name."""
    return StatementMapping.objects.order_by("name")


def saved_mappings() -> list[CsvMapping]:
    """Return what the saved mappings say, the newest first: it is asked first whether it knows a header."""
    return [mapping_from_values(each.rule) for each in StatementMapping.objects.order_by("-saved_at", "-id")]
