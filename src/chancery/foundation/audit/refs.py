"""A pointer to any row by kind and id, for trails, mails and obligations that serve every room."""

from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Ref:
    """Kind (``admissions.application``) and primary key of a row."""

    kind: str
    id: str


def ref(row: Model) -> Ref:
    """Return the pointer to a saved row."""
    return Ref(row._meta.label_lower, str(row.pk))
