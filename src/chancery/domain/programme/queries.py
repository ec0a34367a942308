"""Read an edition: its file as it was loaded last, and the terms in force."""

from functools import lru_cache

from chancery.domain.programme.models import Edition, EditionRevision, Terms
from chancery.domain.programme.readers import EditionFile, parse_edition

KEPT_IN_MEMORY = 32


def get_content(edition: Edition) -> EditionFile:
    """Return the edition's file as it was loaded last; one small query, a revision is parsed once a process.

    :raises EditionRevision.DoesNotExist: when no file was ever loaded.
    """
    newest = EditionRevision.objects.filter(edition=edition).order_by("-id").values_list("id", "sha256").first()
    if newest is None:
        raise EditionRevision.DoesNotExist(f"{edition.slug} has no file")
    return _parsed(*newest)


def current_terms(edition: Edition) -> Terms:
    """Return the terms that an application sent now would accept.

    :raises Terms.DoesNotExist: when the edition has none.
    """
    return Terms.objects.filter(edition=edition).latest("version")


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _parsed(revision_id: int, sha256: str) -> EditionFile:  # noqa: ARG001 (the hash makes the key safe across databases)
    return parse_edition(bytes(EditionRevision.objects.get(pk=revision_id).content))
