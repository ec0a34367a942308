"""Read stored quotes with the facts that they were made from."""

from datetime import date

from chancery.domain.admissions.models import Application
from chancery.domain.billing.models import Quote
from chancery.domain.network.queries import NetworkFacts


def latest_quote(application: Application) -> Quote | None:
    """Return the newest quote of an application with its terms and lines, or None before it was priced."""
    return (
        Quote.objects.filter(application=application)
        .select_related("terms")
        .prefetch_related("lines")
        .order_by("-id")
        .first()
    )


def network_of(quote: Quote) -> NetworkFacts:
    """Return what the network knew when the quote was made."""
    known = dict(quote.facts["network"])
    known["paid_on"] = date.fromisoformat(known["paid_on"]) if known["paid_on"] else None
    return NetworkFacts(**known)
