"""Read what is owed, what came in and what a place would cost."""

from chancery.domain.billing.queries.pricing import (
    Pricing,
    price_for_application,
    price_for_authority,
    price_for_country,
)

__all__ = ["Pricing", "price_for_application", "price_for_authority", "price_for_country"]
