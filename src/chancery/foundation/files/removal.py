"""Remove files: the row in the transaction of the act, the bytes after it; what was broken off is found again."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from chancery.foundation.files.models import FileRemoval, StoredFile


@transaction.atomic
def order_removal(file_ids: Iterable[int], *, now: datetime) -> int:
    """Delete the rows of files and note that their bytes have to go; return how many.

    Whatever points to a file is deleted before.
    """
    files = list(StoredFile.objects.filter(pk__in=[*file_ids]))
    FileRemoval.objects.bulk_create([FileRemoval(path=file.path, ordered_at=now) for file in files])
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    return len(files)


def remove_ordered() -> int:
    """Remove the bytes that have to go, each marked as done only after it is gone; return how many.

    Called after the commit, and by each sweep: bytes that are gone already are no fault.
    """
    orders = list(FileRemoval.objects.order_by("id"))
    for order in orders:
        (Path(settings.FILES_ROOT) / order.path).unlink(missing_ok=True)
        order.delete()
    return len(orders)
