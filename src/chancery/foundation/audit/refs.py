"""A pointer to any row by kind and id, for trails, mails and obligations that serve every room."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, Q


@dataclass(frozen=True, slots=True)
class Ref:
    """Kind (``admissions.application``) and primary key of a row."""

    kind: str
    id: str


def ref(row: Model) -> Ref:
    """Return the pointer to a saved row."""
    return Ref(row._meta.label_lower, str(row.pk))


def about_any(pointers: Iterable[Ref], prefix: str = "") -> Q:
    """Return the condition that ``subject_kind`` and ``subject_id``, behind a prefix, point to one of these rows."""
    asked, found = Q(pk__in=[]), list(pointers)
    for kind in sorted({each.kind for each in found}):
        ids = [each.id for each in found if each.kind == kind]
        asked |= Q(**{f"{prefix}subject_kind": kind, f"{prefix}subject_id__in": ids})
    return asked
