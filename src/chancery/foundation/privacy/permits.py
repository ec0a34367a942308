"""The permit of an erasure, alive inside one transaction only: nobody else ever sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from chancery.foundation.privacy.models import ErasurePermit


@contextmanager
def erasure_permitted(reason: str) -> Iterator[None]:
    """Let the rows be deleted inside that only an erasure may delete; ``reason`` is for whoever reads a dump."""
    with transaction.atomic():
        permit = ErasurePermit.objects.create(reason=reason)
        yield
        permit.delete()
