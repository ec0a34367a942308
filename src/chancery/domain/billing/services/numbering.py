"""Numbers of bills: one series a kind and year, without a gap."""

from django.db import transaction

from chancery.domain.billing.models import Series


@transaction.atomic
def next_number(*, code: str, year: int) -> tuple[Series, str]:
    """Take the next number of a series; its row stays locked until the transaction ends.

    The number is taken or it is not: one that is rolled back is taken by the next bill.
    """
    Series.objects.get_or_create(code=code, year=year)
    series = Series.objects.select_for_update().get(code=code, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series, f"{series.code}-{series.year}-{series.last_number:04d}"
