"""Price an application: gather the facts, ask the policy, keep both."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.terms import frozen_rule, frozen_terms
from chancery.domain.billing.models import Quote, QuoteLine
from chancery.domain.billing.queries.pricing import Pricing, price_again, price_for_application
from chancery.domain.programme.models import Terms
from chancery.foundation.audit.actors import Actor
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.services import record


@transaction.atomic
def quote_application(*, application: Application, group_size: int, actor: Actor, now: datetime) -> Quote:
    """Store the price of one place with the facts it was made from; an approved exception sets it.

    :raises chancery.domain.admissions.queries.terms.TermsNotFrozen: when the application was never sent.
    """
    rule, day = frozen_rule(application), _day(application, now)
    priced = price_for_application(application=application, terms=rule, group_size=group_size, on=day)
    return _store(application, frozen_terms(application), priced, actor, now)


@transaction.atomic
def quote_again(*, quote: Quote, application: Application, group_size: int, actor: Actor, now: datetime) -> Quote:
    """Store the price that a quote gives for another size of the group; nothing else is asked anew (promise B4).

    ``application`` is the file that holds the place now.
    """
    return _store(application, quote.terms, price_again(quote, group_size=group_size), actor, now)


@transaction.atomic
def quote_for(*, quote: Quote, application: Application, actor: Actor, now: datetime) -> Quote:
    """Return the price of a place for the file that holds it now: a substitute's, or one of the next edition.

    A quote of that file is returned as it is; of another's, the same price is stored for this one.
    """
    if quote.application_id == application.pk:
        return quote
    size = quote.facts["group_size"]
    return quote_again(quote=quote, application=application, group_size=size, actor=actor, now=now)


def _store(application: Application, terms: Terms, priced: Pricing, actor: Actor, now: datetime) -> Quote:
    quote = Quote.objects.create(
        application=application,
        terms=terms,
        facts=_as_json(priced),
        fee_minor=priced.answer.fee_minor,
        currency=priced.answer.currency,
        officer_decides=priced.answer.officer_decides,
        reasons=list(priced.answer.reasons),
        quoted_at=now,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(quote=quote, position=position, reason=line.reason, amount_minor=line.amount_minor)
        for position, line in enumerate(priced.answer.lines, start=1)
    )
    record(
        Event.FEE_QUOTED,
        actor=actor,
        subject=quote,
        now=now,
        facts={"fee_minor": quote.fee_minor, "currency": quote.currency, "reasons": quote.reasons},
    )
    return quote


def _day(application: Application, now: datetime) -> date:
    return now.astimezone(ZoneInfo(application.edition.time_zone)).date()


def _as_json(priced: Pricing) -> dict[str, Any]:
    """Return everything a reader needs to follow the fee later, even when the network's rows have changed."""
    known = asdict(priced.network)
    known["paid_on"] = priced.network.paid_on.isoformat() if priced.network.paid_on else None
    return {
        "network": known,
        "group_size": priced.facts.group_size,
        "officer_fee": asdict(priced.facts.officer_fee) if priced.facts.officer_fee else None,
        "looked_at": [{"reason": each.reason, "because": each.because} for each in priced.answer.looked_at],
        "what_if": [{"assumed": each.assumed, "fee_minor": each.fee_minor} for each in priced.answer.what_if],
    }
