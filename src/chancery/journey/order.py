"""The step before an order: a paper says what a place will cost, for a payer that cannot order without one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.queries.terms import frozen_rule
from chancery.domain.admissions.services.paying import keep_payer
from chancery.domain.admissions.states import OVER, ApplicationState
from chancery.domain.billing.documents import render_invoice
from chancery.domain.billing.models import ProForma
from chancery.domain.billing.policies.pro_formas import ProFormaFacts
from chancery.domain.billing.policies.sharing import BilledShare, may_share, shares_of
from chancery.domain.billing.queries.exceptions import get_open_exception
from chancery.domain.billing.queries.payers import Payer, payer_in, payer_of, second_payer_of
from chancery.domain.billing.queries.pricing import Pricing, price_again, price_for_application
from chancery.domain.billing.services.invoicing import InvoiceDataMissing
from chancery.domain.billing.services.pro_formas import NoProForma, lock_application, write_pro_forma
from chancery.domain.enrollment.models import Place, PlaceCharge
from chancery.domain.enrollment.queries import count_group, current_charges, find_place
from chancery.domain.enrollment.services.places import lock_place
from chancery.domain.enrollment.states import HOLDS_A_SEAT, PlaceState
from chancery.domain.programme.policies import TermsRule
from chancery.foundation.audit.actors import Actor
from chancery.foundation.calendar import local_day
from chancery.foundation.ruling import refusal
from chancery.journey.bill import AlreadyBilled
from chancery.journey.papers import bytes_of

__all__ = ["AlreadyBilled", "InvoiceDataMissing", "NoProForma", "ProFormaPaper", "ask_for_pro_forma", "give_pro_forma"]

NOT_ORDERED = OVER | {ApplicationState.DRAFT}


@dataclass(frozen=True, slots=True)
class ProFormaPaper:
    """A pro-forma to hand out."""

    filename: str
    content: bytes


def give_pro_forma(*, application_id: int, payer_number: int = 1, actor: Actor, now: datetime) -> ProFormaPaper:
    """Return the pro-forma of an application or its place; the same bytes while its facts are the same.

    Where two payers share the fee, each has one about their share.

    :raises NoProForma: when nothing is to be ordered.
    :raises InvoiceDataMissing: when nobody said who pays, or issuer or payer lack what the paper must say.
    """
    document = _write(application_id, payer_number, actor, now).document
    return ProFormaPaper(document.filename, bytes_of(document, make=render_invoice, now=now))


@transaction.atomic
def ask_for_pro_forma(*, place_id: int, payer: Payer, actor: Actor, now: datetime) -> ProForma:
    """Keep who would pay for a place and write the pro-forma to them; no bill is written by that.

    :raises AlreadyBilled: when the bill was issued: it names who pays.
    :raises NoProForma: when nothing is to be ordered.
    :raises InvoiceDataMissing: when the payer lacks what a bill must say, or no font of ours has its signs.
    """
    place = lock_place(place_id)
    if current_charges(place):
        raise AlreadyBilled(refusal("already_billed"))
    keep_payer(application=place.application, details=asdict(payer))
    return _write(place.application_id, 1, actor, now)


@transaction.atomic
def _write(application_id: int, payer_number: int, actor: Actor, now: datetime) -> ProForma:
    application = lock_application(application_id)
    if application.terms is None:
        raise NoProForma(refusal("fee_not_known"))
    terms, place = frozen_rule(application), find_place(application.pk)
    charges = current_charges(place) if place else []
    priced = _priced(application, place, charges, terms, now)
    payers = _payers(application, charges, priced.answer.fee_minor)
    if len(payers) < payer_number:
        raise InvoiceDataMissing(refusal("party"), "missing: party")
    payer, share = payers[payer_number - 1]
    return write_pro_forma(
        application=application,
        payer=payer,
        share=share,
        priced=priced,
        terms=terms,
        facts=_facts(application, place, priced),
        actor=actor,
        now=now,
    )


def _payers(
    application: Application, charges: Sequence[PlaceCharge], fee_minor: int | None
) -> list[tuple[Payer, BilledShare | None]]:
    """Return who pays what: as billed where two bills are written, else as the application says."""
    lines = [charge.invoice_line for charge in charges if charge.invoice_line and charge.is_share]
    if lines:
        payers, parts = [payer_in(line.invoice.party) for line in lines], [line.net_minor for line in lines]
    else:
        first, second = payer_of(application), None if charges else second_payer_of(application)
        if first is None or second is None or fee_minor is None or not may_share(fee_minor, second.share):
            return [(first, None)] if first else []
        payers, parts = [first, second.payer], list(shares_of(fee_minor, second.share))
    others = reversed([payer.legal_name for payer in payers])
    return [(payer, BilledShare(part, other)) for payer, part, other in zip(payers, parts, others, strict=True)]


def _priced(
    application: Application, place: Place | None, charges: Sequence[PlaceCharge], terms: TermsRule, now: datetime
) -> Pricing:
    """Return the price that was billed, else the one of today; before the admission without a group's discount."""
    if charges:
        return price_again(charges[0].quote, group_size=charges[0].quote.facts["group_size"])
    today = local_day(now, ZoneInfo(application.edition.time_zone))
    size = count_group(place, terms.group_scope) if place else 1
    return price_for_application(application=application, terms=terms, group_size=size, on=today)


def _facts(application: Application, place: Place | None, priced: Pricing) -> ProFormaFacts:
    return ProFormaFacts(
        under_way=application.state not in NOT_ORDERED if place is None else place.state in HOLDS_A_SEAT,
        settled=place is not None and place.state == PlaceState.GUARANTEED,
        fee_minor=None if get_open_exception(application) else priced.answer.fee_minor,
    )
